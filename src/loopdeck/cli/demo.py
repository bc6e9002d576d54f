"""Makes the scratch workspace of a demo out of the files that come with Loopdeck."""

import tempfile
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from loopdeck.cli.ground import refuse_system
from loopdeck.errors import UsageError, WorkspaceError

SUFFIX = ".txt"  # data files carry it so that no tool takes them for sources of Loopdeck


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a demo is about."""

    goal: str
    check: str


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that is ready to run: its files are in `workspace`."""

    name: str
    goal: str
    check: str
    workspace: Path
    model: str


RECIPES = {
    "pitches": Recipe(
        "Find the three shows in this podcast directory that fit my topic and draft a personal "
        "pitch to each host.",
        "python3 check.py",
    ),
    "bugfix": Recipe(
        "Make the failing test pass without changing the tests.",
        "python3 -m unittest -q",
    ),
}


def prepare(name: str, parent: Path | None = None) -> Demo:
    """A fresh private folder with the demo's files, in `parent` or where temporary files go.

    Raises `UsageError` for a demo that does not exist, `WorkspaceError` if it cannot be made.
    """
    recipe = RECIPES.get(name)
    if recipe is None:
        raise UsageError(f"There is no demo called “{name}”.", f"Demos: {', '.join(RECIPES)}.")
    source = resources.files("loopdeck.cli") / "demo_data" / name
    refuse_system((parent or Path(tempfile.gettempdir())).resolve() / name, Path.home().resolve())
    try:
        workspace = Path(tempfile.mkdtemp(prefix=f"loopdeck-demo-{name}-", dir=parent))
        _copy(source, workspace)
    except OSError as error:
        where = parent or Path(tempfile.gettempdir())
        raise WorkspaceError(
            f"The demo's folder cannot be made in {where}: {error.strerror or error}.",
            "Set TMPDIR to a folder you may write to.",
        ) from error
    return Demo(name, recipe.goal, recipe.check, workspace.resolve(), f"scripted:{name}")


def _copy(source: Traversable, target: Path) -> None:
    """Copy a tree of data files, each under the name it is to have."""
    for entry in source.iterdir():
        place = target / entry.name.removesuffix(SUFFIX)
        if entry.is_dir():
            place.mkdir()
            _copy(entry, place)
        else:
            place.write_bytes(entry.read_bytes())
