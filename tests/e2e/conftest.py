"""Every test here may run the program, and the app of a deck."""

from tests.support.program import program
from tests.support.quicker import quicker

__all__ = ["program", "quicker"]
