"""Secrets: how they look, where they are kept, and taking them out of text."""
