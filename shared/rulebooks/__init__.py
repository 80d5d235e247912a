"""The rulebooks as files: those that are shipped, their laws, and how such files are read and checked."""
