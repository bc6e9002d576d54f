"""The command palette, made from the table of keys and from that of slash commands."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import partial

from textual.app import SystemCommand
from textual.widget import Widget

from loopdeck.app.keys.keymap import Key, Scope, table
from loopdeck.app.keys.slash import MARK, Place, Slash, known_in

_NOT_HERE = ("palette", "send")  # it is open already; and there is nothing to send in it


def commands(
    node: Widget,
    scopes: Iterable[Scope],
    place: Place,
    begin: Callable[[Slash], None],
    changes: Mapping[str, str] | None = None,
    without: Container[str] = (),
) -> Iterator[SystemCommand]:
    """Every key of these scopes and every slash command, done as if pressed on `node`.

    `begin` types a command that wants words after it; `without` names what does nothing now.
    """
    allowed = frozenset(scopes)
    for key in table(changes):
        if key.scope in allowed and key.id not in _NOT_HERE and key.id not in without:
            yield _of_key(node, key)
    for slash in known_in(place):
        if f"{MARK}{slash.name}" in without:
            continue
        run = partial(begin, slash) if slash.needs else partial(node.run_action, slash.action)
        title = slash.usage if slash.needs else f"{MARK}{slash.name}"  # brackets would be markup
        yield SystemCommand(title, _sentence(slash.words), run)


def _of_key(node: Widget, key: Key) -> SystemCommand:
    run = partial(node.run_action, key.action)
    return SystemCommand(f"{_sentence(key.words)}  {key.label}", key.scope.capitalize(), run)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
