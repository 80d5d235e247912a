"""What data there is, of which regions and sorts, and until when."""
