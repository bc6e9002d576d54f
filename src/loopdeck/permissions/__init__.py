"""What a call is, whether it may run alone, and why. Pure."""
