"""From a key to what it does: a screen is told the id of the key, and has a verb for it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping

Verb = Callable[[], object]
"""What a key does; where that takes time, it is awaited."""

Verbs = Mapping[str, Verb]
"""Verbs by the ids of their keys, or by the names of keys that no table has."""


def press(name: str) -> str:
    """The action, as textual runs it, that does on the screen what a key of this id does."""
    return f"screen.press('{name}')"


def gathered(tables: Iterable[Verbs]) -> Verbs:
    """Many tables as one. Raises `ValueError` where two of them answer to the same key."""
    verbs: dict[str, Verb] = {}
    for table in tables:
        doubles = sorted(verbs.keys() & table.keys())
        if doubles:
            raise ValueError(f"more than one part answers to {', '.join(doubles)}")
        verbs.update(table)
    return verbs


async def act(verb: Verb) -> None:
    """Do it, to its end."""
    doing = verb()
    if isinstance(doing, Awaitable):
        await doing
