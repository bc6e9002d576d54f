"""Reads the corpus: commands as people and attackers type them, with what they really do.

Each line of a theme is one command. `least` is the mildest category that is still right: anything
milder is unsafe. `want` is the exact category an ordinary command should get, so that it neither
asks needlessly nor hides what it is. `facts` must hold as given, and `asks` marks a command that no
level may run alone, whatever it is called. `source` says where such a command is found.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

from loopdeck.permissions.shell import Place
from loopdeck.session.values import Category, JsonObject

FOLDER = Path(__file__).parent
WORKSPACE, HOME = "/ws", "/home/dev"
_LINKS = {"/ws/link-out": "/etc", "/ws/innocent.txt": "/home/dev/.ssh/id_rsa"}
_RANKS = {Category.READ: 0, Category.WRITE: 1, Category.NETWORK: 2}


@dataclass(frozen=True)
class Entry:
    """One command of the corpus."""

    command: str
    least: Category
    want: Category | None = None
    facts: dict[str, bool] = field(default_factory=dict[str, bool])
    asks: bool = False
    source: str = ""


def themes() -> list[str]:
    """The names of all files of commands."""
    stems = (path.stem for path in FOLDER.glob("*.jsonl"))
    return sorted(stem for stem in stems if not stem.startswith("hour"))


def entries(theme: str) -> list[Entry]:
    """Every command of one theme."""
    lines = (FOLDER / f"{theme}.jsonl").read_text("utf-8").splitlines()
    return [_entry(json.loads(line)) for line in lines]


def _entry(data: JsonObject) -> Entry:
    want = data.get("want")
    return Entry(
        command=data["command"],
        least=Category(data["least"]),
        want=Category(want) if want else None,
        facts=data.get("facts", {}),
        asks=data.get("asks", False),
        source=data["source"],
    )


def rank(category: Category) -> int:
    """How severe a category is; `unknown` is gated like `destructive`."""
    return _RANKS.get(category, 3)


def place() -> Place:
    """Where the corpus is judged: two links lead out, and the session made what is in scratch."""
    return Place(workspace=WORKSPACE, home=HOME, real=_real, made=_made)


def _real(path: str) -> str:
    for link, target in _LINKS.items():
        if path == link or path.startswith(f"{link}/"):
            return target + path.removeprefix(link)
    return path


def _made(path: str) -> bool:
    return path.startswith(f"{WORKSPACE}/scratch/")
