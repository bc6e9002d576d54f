"""Runs: begun, resumed, shown or unseen, driven to an end that is on record."""
