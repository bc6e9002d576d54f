"""What a command is bound to, and what it would make, take away, bring or come upon."""
