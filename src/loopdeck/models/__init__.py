"""Models behind the `Model` port, one vendor a file."""
