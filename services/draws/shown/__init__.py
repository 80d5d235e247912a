"""What is shown of draws: lists, dossiers, the journal, bundles and slips."""
