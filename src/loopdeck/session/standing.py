"""What stands in a session: grants and their use, what outside content came in, what it made."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from loopdeck.session.calls import CallView
from loopdeck.session.evolve import evolve
from loopdeck.session.records import Record
from loopdeck.session.values import Category, Grant

MADE_KEPT = 500  # paths; what was made longer ago is deleted like anybody's file
_OUTSIDE_TOOLS = ("web_fetch", "mcp__")
OUTSIDE_FACT = "outside_content"
"""The fact of a call whose result came with an imported recording."""
OUTSIDE_FACT = "outside_content"
"""The fact of a call whose result came with an imported recording."""


@dataclass(frozen=True)
class GrantView:
    """A standing permission and its use in this session; times are UTC ns."""

    grant: Grant
    seq: int
    at: int
    hits: int = 0
    last: int | None = None

    def stands(self, now: int) -> bool:
        """Whether it still decides anything at `now` (UTC ns)."""
        if self.grant.until is not None and now >= self.grant.until:
            return False
        return self.grant.calls is None or self.hits < self.grant.calls


def granted(
    views: tuple[GrantView, ...], grants: Iterable[Grant], record: Record
) -> tuple[GrantView, ...]:
    """The grants with some more; one that is known keeps its count."""
    known = {view.grant.grant_id for view in views}
    new = (grant for grant in grants if grant.grant_id not in known)
    return (*views, *(GrantView(grant, record.seq, record.ts) for grant in new))


def revoked(views: tuple[GrantView, ...], grant_id: str) -> tuple[GrantView, ...]:
    """The grants without one."""
    return tuple(view for view in views if view.grant.grant_id != grant_id)


def used(views: tuple[GrantView, ...], grant_id: str, record: Record) -> tuple[GrantView, ...]:
    """The grants after one of them decided."""
    if not grant_id:
        return views
    return tuple(
        evolve(view, hits=view.hits + 1, last=record.ts)
        if view.grant.grant_id == grant_id
        else view
        for view in views
    )


def taint_of(call: CallView) -> str:
    """Where the outside content of a finished call came from, in words; empty for none."""
    if call.facts.get(OUTSIDE_FACT):
        return "an imported recording"
    if call.facts.get(OUTSIDE_FACT):
        return "an imported recording"
    if call.category is Category.NETWORK or call.tool.startswith(_OUTSIDE_TOOLS):
        return call.tool
    return ""


def with_made(made: tuple[str, ...], call: CallView, *, ok: bool) -> tuple[str, ...]:
    """The paths this session made, whose content is in its log, after one more call."""
    if not ok:
        return made
    gone = _paths(call, "deletes")
    left = (path for path in made if path not in gone) if gone else made
    return tuple(dict.fromkeys((*left, *_paths(call, "makes"))))[-MADE_KEPT:]


def _paths(call: CallView, fact: str) -> list[str]:
    """A fact that is a list of paths."""
    value = call.facts.get(fact)
    if not isinstance(value, list):
        return []
    return [path for path in cast("list[object]", value) if isinstance(path, str)]
