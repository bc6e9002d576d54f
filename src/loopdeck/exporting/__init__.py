"""Sessions as files for other people and programs: what was recorded, cleaned once more."""
