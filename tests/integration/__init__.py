"""Loopdeck with servers that others wrote, as they come from the registries."""
