"""Home: the box for a new goal and the library below it."""
