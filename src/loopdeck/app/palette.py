"""The command palette, made from the table of keys and from that of slash commands."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Protocol

from textual.app import SystemCommand
from textual.screen import Screen

from loopdeck.app.keymap import Key, Scope, table
from loopdeck.app.slash import MARK, Place, Slash, known_in

_NOT_HERE = ("palette", "send")  # it is open already; and there is nothing to send in it


class HasPalette(Protocol):
    """A screen with commands of its own."""

    def palette(self) -> Iterable[SystemCommand]:
        """What the palette offers on it."""
        ...


def commands(
    screen: Screen[None],
    scopes: Iterable[Scope],
    place: Place,
    begin: Callable[[Slash], None],
    changes: Mapping[str, str] | None = None,
) -> Iterator[SystemCommand]:
    """Every key of these scopes and every slash command; `begin` types one that wants words."""
    allowed = frozenset(scopes)
    for key in table(changes):
        if key.scope in allowed and key.id not in _NOT_HERE:
            yield _of_key(screen, key)
    for slash in known_in(place):
        run = partial(begin, slash) if slash.needs else partial(screen.run_action, slash.action)
        title = slash.usage if slash.needs else f"{MARK}{slash.name}"  # brackets would be markup
        yield SystemCommand(title, _sentence(slash.words), run)


def _of_key(screen: Screen[None], key: Key) -> SystemCommand:
    run = partial(screen.run_action, key.action)
    return SystemCommand(f"{_sentence(key.words)}  {key.label}", key.scope.capitalize(), run)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
