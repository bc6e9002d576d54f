"""Themes, inks and colours."""
