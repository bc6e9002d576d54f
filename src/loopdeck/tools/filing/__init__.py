"""The tools that read, list, search and change files."""
