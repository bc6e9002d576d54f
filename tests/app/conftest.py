"""Every test here may run an app."""

from tests.support.quicker import quicker

__all__ = ["quicker"]
