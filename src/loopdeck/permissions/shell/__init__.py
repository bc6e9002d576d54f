"""How bad a shell command can get, judged by its text alone."""

from loopdeck.permissions.shell.plain import classify, likely_parts, plain_words

__all__ = ["classify", "likely_parts", "plain_words"]
