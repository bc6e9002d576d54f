"""What stands in a session: rules, grants and their use, and what outside content came in."""

from collections.abc import Iterable
from dataclasses import dataclass

from loopdeck.session.calls import CallView
from loopdeck.session.evolve import evolve
from loopdeck.session.records import Record
from loopdeck.session.values import Category, Grant, JsonObject, Rule, listed

LEFT_STANDING = frozenset({"cli", "session"})  # scopes of rules that were given to a session itself
IMPORTED = "an imported recording"
OF_SERVERS = "mcp__"
"""What the name of a tool of an MCP server begins with; the server's and the tool's own follow."""

_OUTSIDE_TOOLS = ("web_fetch", OF_SERVERS, "read_resource", "list_resources")
IMPORTED_MODEL = "imported:"
"""What the model of a trajectory from elsewhere begins with: it is nobody's to ask here."""

SEARCH = "web_search"
"""The search of the web that a model's own maker has: nothing of it runs here."""

BY_MAKER = "by_maker"
"""The fact of a call that the model's maker made, before the harness heard of it."""

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
    return brought_in(call.tool, call.category, call.facts)


def brought_in(tool: str, category: Category | None, facts: JsonObject) -> str:
    """The same, of a call that is known by what was judged of it."""
    if facts.get(OUTSIDE_FACT):
        return IMPORTED
    outside = category is Category.NETWORK or tool.startswith(_OUTSIDE_TOOLS)
    return tool if outside or _reached_out(facts) else ""


def _reached_out(facts: JsonObject) -> bool:
    """Whether a call of any category may have brought in what others wrote.

    The worst part names the category, so another part may be a download; and nobody knows what
    code that runs without walls around it talks to.
    """
    if listed(facts, "hosts") or facts.get("network") or facts.get("outside_sandbox"):
        return True
    return bool(facts.get("runs_code")) and not facts.get("sandboxed")


def of_today(old: tuple[Rule, ...], new: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules once a session goes on: those of a file are read anew, others stay."""
    kept = (rule for rule in old if rule.scope in LEFT_STANDING and rule not in new)
    return (*kept, *new)
