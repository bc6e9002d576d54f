"""The terminal and the process: signals, crashes, and bringing the screen back."""
