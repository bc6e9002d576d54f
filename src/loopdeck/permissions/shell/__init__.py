"""How bad a shell command can get, judged by its text alone.

The grammar and the tables are loaded with the first command: nothing else has to wait for them.
"""

from typing import TYPE_CHECKING

from loopdeck.permissions.shell.known import DELETERS, DOWNLOADERS, ELEVATORS, is_interpreter
from loopdeck.permissions.shell.parts import Part
from loopdeck.permissions.shell.place import Place
from loopdeck.permissions.shell.rough import Words, rough_parts
from loopdeck.session.values import Assessment

if TYPE_CHECKING:
    from loopdeck.permissions.shell.tables import Table

__all__ = [
    "DELETERS",
    "DOWNLOADERS",
    "ELEVATORS",
    "Part",
    "Place",
    "Words",
    "classify",
    "goes_elsewhere",
    "is_interpreter",
    "leaves_machine_open",
    "ordinary_table",
    "parts_of",
    "plain_words",
    "read",
    "rough_parts",
    "steers",
    "without_globals",
    "works_here",
]

_ANYWHERE = Place()


def classify(command: str, place: Place = _ANYWHERE) -> Assessment:
    """Judge a command by its text alone. Never raises; what is not understood is `unknown`."""
    from loopdeck.permissions.shell import judging

    return judging.classify(command, place)


def parts_of(command: str, place: Place = _ANYWHERE) -> tuple[Part, ...]:
    """Every simple command inside; none is complete where the text was not understood."""
    from loopdeck.permissions.shell import judging

    return judging.parts_of(command, place)


def read(command: str, place: Place = _ANYWHERE) -> tuple[Assessment, tuple[Part, ...]]:
    """`classify` and `parts_of` at once."""
    from loopdeck.permissions.shell import judging

    return judging.read(command, place)


def ordinary_table(words: tuple[str, ...]) -> "Table | None":
    """The table of the program, or of the subcommand, that these words begin with."""
    from loopdeck.permissions.shell import verbs

    return verbs.ordinary_table(words)


def works_here(table: "Table") -> bool:
    """Whether a program of many commands changes files here with one of them."""
    from loopdeck.permissions.shell import verbs

    return verbs.works_here(table)


def leaves_machine_open(words: tuple[str, ...]) -> bool:
    """Whether a program that talks to machines may be told of any of them behind these words."""
    from loopdeck.permissions.shell import verbs

    return verbs.leaves_machine_open(words)


def goes_elsewhere(words: tuple[str, ...]) -> bool:
    """Whether a subcommand with a place of its own is told another by its address."""
    from loopdeck.permissions.shell import verbs

    return verbs.goes_elsewhere(words)


def without_globals(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words with the subcommand right behind the program; empty where it stands there."""
    from loopdeck.permissions.shell import verbs

    return verbs.without_globals(words)


def steers(name: str, text: str) -> bool:
    """Whether a program may load, run or ask something else because of this variable."""
    from loopdeck.permissions.shell import variables

    return variables.steers(name, text)


def plain_words(command: str) -> tuple[str, ...] | None:
    """The words of a command that is one program and nothing else; None for any other."""
    parts = parts_of(command)
    return parts[0].words if len(parts) == 1 and parts[0].complete else None
