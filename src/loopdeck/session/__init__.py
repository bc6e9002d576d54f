"""What can happen in a session and what is true at any moment of it. Pure: no I/O, no clock."""
