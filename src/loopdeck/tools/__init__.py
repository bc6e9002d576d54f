"""The built-in tools: validated arguments in, results out."""
