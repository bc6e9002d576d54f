"""How bad a shell command can get, judged by its text alone."""

from loopdeck.permissions.shell.judging import classify, parts_of, plain_words
from loopdeck.permissions.shell.known import DELETERS, DOWNLOADERS, ELEVATORS, is_interpreter
from loopdeck.permissions.shell.place import Place
from loopdeck.permissions.shell.rough import Words, rough_parts
from loopdeck.permissions.shell.simple import Part

__all__ = [
    "DELETERS",
    "DOWNLOADERS",
    "ELEVATORS",
    "Part",
    "Place",
    "Words",
    "classify",
    "is_interpreter",
    "parts_of",
    "plain_words",
    "rough_parts",
]
