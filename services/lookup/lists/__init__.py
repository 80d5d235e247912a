"""Lists of subjects, out of the directory."""
