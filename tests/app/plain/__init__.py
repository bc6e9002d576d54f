"""A session in lines, without a screen."""
