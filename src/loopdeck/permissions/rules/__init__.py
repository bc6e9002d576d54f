"""Rules: their language, how they are loaded and held against calls."""
