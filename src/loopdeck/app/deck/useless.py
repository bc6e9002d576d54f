"""What the palette and the list of commands leave out: what could do nothing at this moment."""

from collections.abc import Iterator

from loopdeck.app.keys.keymap import TABLE, Scope
from loopdeck.app.keys.slash import MARK
from loopdeck.app.paint.approval import Item
from loopdeck.app.view.scene import Scene
from loopdeck.ports import Opened
from loopdeck.session.calls import CallView
from loopdeck.session.state import AskView

_ALWAYS = frozenset(
    {"explain", "full_view", "diff_style", "grants", "notices", "servers", "services"}
)
_TO_AGENT = (
    *("level", "model", "pause", "continue", "interrupt"),
    *("compact", "stop", "steer", "unsay", "edit"),
)


def useless(opened: Opened, scene: Scene, item: Item | None) -> frozenset[str]:
    """The ids of such keys, and such commands with their slash."""
    return frozenset(_found(opened, scene, item if scene.can_answer else None))


def _found(opened: Opened, scene: Scene, item: Item | None) -> Iterator[str]:
    if not isinstance(item, CallView):
        yield from (*_keys(Scope.APPROVAL), f"{MARK}allow")
    if not (isinstance(item, AskView) and item.kind == "limit"):
        yield from (*_keys(Scope.LIMIT), f"{MARK}limit")
    if not scene.runner.works:
        yield from (*_keys(Scope.AGENT), *_keys(Scope.MESSAGE))
        yield from (f"{MARK}{name}" for name in _TO_AGENT)
    if scene.find is None:
        yield from _keys(Scope.SEARCH)
    means = opened.means
    for can, names in (
        (means.resume, (f"{MARK}resume",)),
        (means.export, (f"{MARK}export",)),
        (means.fork, (f"{MARK}fork", "fork")),
    ):
        if can is None:
            yield from names


def _keys(scope: Scope) -> list[str]:
    return [key.id for key in TABLE if key.scope == scope and key.id not in _ALWAYS]
