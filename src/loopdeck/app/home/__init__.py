"""Home: its screen, the hall it stands on, and what reads, curates and begins there."""
