"""One line about a whole session, as the library lists it."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from loopdeck.session.codec import format_ts
from loopdeck.session.state import SessionState, Status

CRASHED: Final = "crashed"
"""The state of a session that says it runs while nobody runs it."""

Told = Status | Literal["unknown"]
"""The word of a line; `unknown` is one that no log can lead to, as in a damaged file."""
Seen = Told | Literal["crashed"]


@dataclass(frozen=True, slots=True)
class Label:
    """What people call a session. It stands beside the log: nothing that happened changes by it."""

    name: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """A session in one line. `state` is what the log says; see `as_seen` for crashed ones."""

    id: str
    goal: str
    model: str
    level: int
    state: Told
    steps: int
    calls: int
    tokens: int
    cost_usd: float | None
    started: int
    ended: int | None
    workspace: str
    pending: int
    parent: str = ""  # the session that it is a fork of
    parent_seq: int = 0
    cut: int = 0  # replies of which the server had not told all: the sums are the least then
    partly: bool = False  # `cost_usd` is only the part of the cost that is known
    label: Label = Label()

    @property
    def title(self) -> str:
        """The name it was given, or its goal."""
        return self.label.name or self.goal

    @property
    def cost_is_all(self) -> bool:
        """True where `cost_usd` is known, and no lower bound."""
        return self.cost_usd is not None and not ((self.cut or self.partly) and self.cost_usd)

    def as_seen(self, *, live: bool) -> Seen:
        """The state word: a session that says it runs while nobody runs it has crashed."""
        if self.state == "running" and not live:
            return CRASHED
        return self.state

    def as_json(self, *, live: bool) -> dict[str, Any]:
        """The line `sessions list --json` prints."""
        return {
            "id": self.id,
            "goal": self.goal,
            "model": self.model,
            "level": self.level,
            "state": self.as_seen(live=live),
            "steps": self.steps,
            "calls": self.calls,
            "tokens": self.tokens,
            "cost_usd": self.cost_usd,
            "started": format_ts(self.started),
            "ended": format_ts(self.ended) if self.ended is not None else None,
            "workspace": self.workspace,
            "pending": self.pending,
            "parent": {"session": self.parent, "seq": self.parent_seq} if self.parent else None,
            "name": self.label.name,
            "tags": list(self.label.tags),
            "cost_is_all": self.cost_is_all,
        }


def summarize(state: SessionState) -> Summary:
    """The line about a session in this state; of the cost what is known of it."""
    cost = state.totals.known_usd
    return Summary(
        id=state.session,
        goal=state.goal,
        model=state.model,
        level=state.level,
        state=state.status,
        steps=state.step,
        calls=state.totals.calls,
        tokens=state.totals.usage.total,
        cost_usd=cost,
        started=state.forked_ts or state.started_ts,
        ended=state.ended_ts,
        workspace=state.workspace,
        pending=state.pending,
        parent=state.parent.session if state.parent else "",
        parent_seq=state.parent.seq if state.parent else 0,
        cut=state.totals.cut,
        partly=cost is not None and not state.totals.cost_known,
    )
