"""What is on the disk, where paths lead, and what lies there that a call must mind."""
