"""The deck: its screen, its keys by what they do, and the moment that it shows."""
