"""The web: a page fetched with care, and made into text."""
