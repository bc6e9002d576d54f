"""Git, asked so that it runs nothing, and what a command may come to with it."""
