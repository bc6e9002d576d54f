"""Subcommands behind a program: for a rule that stops, `git -C x push` is a push."""

import re
from collections.abc import Sequence

from loopdeck.errors import ConfigError
from loopdeck.permissions.shell.known import table_name
from loopdeck.permissions.shell.options import Argument, Usage, understand
from loopdeck.permissions.shell.tables import Table, load
from loopdeck.session.values import Category

_ADDRESS = re.compile(r"[/:@]")


def without_globals(words: Sequence[str]) -> tuple[str, ...]:
    """The words with the subcommand right behind the program; empty where it stands there."""
    if len(words) < 3 or not words[1].startswith("-"):
        return ()
    table = _table(words[0])
    if table is None or not table.subcommands:
        return ()
    at = next((at for at in range(2, len(words)) if _begins(table, words, at)), 0)
    return (words[0], *words[at:]) if at else ()


def ordinary_table(words: Sequence[str]) -> Table | None:
    """The table of the program, or of the subcommand, that these words begin with."""
    table = _table(words[0]) if words else None
    for word in words[1:]:
        child = table.subcommands.get(word) if table else None
        table = child or table
    return table


def leaves_machine_open(words: Sequence[str]) -> bool:
    """Whether a program that talks to machines may be told of any of them behind these words.

    A subcommand that is not told has a place of its own, as `git push` does.
    """
    table = ordinary_table(words)
    if table is None or table.category is not Category.NETWORK:
        return False
    slots = [slot for slot in table.operands if slot.kind == "host"]
    if not slots or _has_its_own(table):
        return False
    told = [kind for kind, _ in _read(table, words[len(table.name.split()) :]).operands]
    return told.count("host") < len(slots) or any(slot.many for slot in slots)


def goes_elsewhere(words: Sequence[str]) -> bool:
    """Whether a subcommand with a place of its own is told another by its address.

    `git push origin` is none: a remote by its name is one that the repository knows.
    """
    table = ordinary_table(words)
    if table is None or not _has_its_own(table):
        return False
    told = _read(table, words[len(table.name.split()) :]).operands
    return any(kind == "host" and _ADDRESS.search(word.text) for kind, word in told)


def _has_its_own(table: Table) -> bool:
    """Whether a subcommand that talks to a machine need not be told which one."""
    slots = [slot for slot in table.operands if slot.kind == "host"]
    return bool(slots) and slots[0].optional and " " in table.name


def works_here(table: Table) -> bool:
    """Whether a program of many commands changes files with one of them.

    A star behind its bare name then speaks of work in this folder: `shell(git *)` is no `git push`.
    One that only talks to other machines, as `gh` does, can mean nothing else.
    """
    return any(
        works_here(child) if child.subcommands else child.category is Category.WRITE
        for child in table.subcommands.values()
    )


def _table(name: str) -> Table | None:
    try:
        return load(table_name(name))
    except ConfigError:
        return None


def _begins(table: Table, words: Sequence[str], at: int) -> bool:
    """Whether the subcommand stands here: before it are options and their values, or doubts."""
    if words[at] not in table.subcommands:
        return False
    usage = _read(table, words[1 : at + 1])
    return bool(usage.trouble) or usage.table is not table


def _read(table: Table, words: Sequence[str]) -> Usage:
    return understand(table, [Argument(word, (0, 0)) for word in words], Argument("", (0, 0)))
