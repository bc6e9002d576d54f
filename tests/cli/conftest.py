"""Every test here may run the program."""

from tests.support.program import program

__all__ = ["program"]
