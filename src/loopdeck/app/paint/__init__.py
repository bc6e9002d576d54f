"""Slices of state to renderables: pure functions, no widgets."""
