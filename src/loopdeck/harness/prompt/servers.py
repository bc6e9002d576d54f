"""Which MCP servers the log has as lost, and so what of them would be news to it."""

from collections.abc import Iterable, Mapping

from loopdeck.session.events import ServerChecked

Lost = Mapping[str, str]
"""Servers that cannot be used, each with what is wrong."""


def lost_after(lost: Lost, event: ServerChecked) -> Lost:
    """Those that are lost after one more event."""
    rest = {name: says for name, says in lost.items() if name != event.server}
    return rest if event.passed else {**rest, event.server: event.says}


def news(lost: Lost, found: Iterable[ServerChecked]) -> list[ServerChecked]:
    """What was found and the log does not have: a server that just works is no news."""
    return [event for event in found if _is_news(lost, event)]


def _is_news(lost: Lost, event: ServerChecked) -> bool:
    before = lost.get(event.server)
    if event.passed:
        return before is not None or bool(event.says)
    return event.says != before
