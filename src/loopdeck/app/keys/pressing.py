"""From a key to what it does: a screen is told the id of the key, and has a verb for it."""

from collections.abc import Awaitable, Callable, Mapping

Verb = Callable[[], object]
"""What a key does; where that takes time, it is awaited."""

Verbs = Mapping[str, Verb]
"""Verbs by the ids of their keys, or by the names of keys that no table has."""


def press(name: str) -> str:
    """The action, as textual runs it, that does on the screen what a key of this id does."""
    return f"screen.press('{name}')"


async def act(verb: Verb) -> None:
    """Do it, to its end."""
    doing = verb()
    if isinstance(doing, Awaitable):
        await doing
