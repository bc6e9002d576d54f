"""Shell commands: how they are started, held together and ended, and how a sandbox is tried."""
