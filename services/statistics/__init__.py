"""What is counted and reported of all subjects: exports that the law asks for."""
