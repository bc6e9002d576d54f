"""Keys and commands: one table each, and what is made from them."""
