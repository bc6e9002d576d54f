"""Folders that programs fill for themselves, and fill again when they are gone."""

from typing import Final

BYTECODE: Final = "__pycache__"
CACHES: Final = frozenset({".mypy_cache", ".pytest_cache", ".ruff_cache"})
KEPT_BY_PROGRAMS: Final = CACHES | {BYTECODE}
"""Whatever else lies there goes with them, so nobody's work may be moved there unseen."""
