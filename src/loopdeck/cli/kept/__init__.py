"""Small private files: what was typed, begun and chosen before."""
