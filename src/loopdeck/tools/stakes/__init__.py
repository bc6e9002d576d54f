"""What a command would make, take away, bring or come upon, before and after it ran."""
