"""Shell commands: what they are bound to, how they are started, held together and ended."""
