"""The panes of the deck: one widget a file, each shows one slice of state."""
