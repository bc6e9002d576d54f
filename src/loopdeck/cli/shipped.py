"""Files that come with Loopdeck: recorded sessions and themes."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
CHECKOUT = PACKAGE.parents[1]  # where an editable install keeps them


def folder(name: str) -> Path:
    """The packaged folder, or the checkout's where the package is installed in place."""
    packaged = PACKAGE / name
    return packaged if packaged.is_dir() else CHECKOUT / name


def recordings() -> dict[str, Path]:
    """Recorded sessions by name."""
    return {path.stem: path for path in sorted(folder("sessions").glob("*.jsonl"))}
