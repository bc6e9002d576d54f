"""What a log knows of MCP servers: which were called, how it went, and which could not be used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from loopdeck.ports.servers import ServerView, ToolView
from loopdeck.session.events import CallFinished, CallJudged, CallProposed, ServerChecked
from loopdeck.session.records import Record
from loopdeck.session.standing import OF_SERVERS
from loopdeck.session.values import Category

EVENTS = frozenset({"call_proposed", "call_judged", "call_finished", "server_checked"})
IN_LOG = "in the log"  # the state of a server that only the log knows
LOST = "lost"  # the same, where it could not be used then


@dataclass(frozen=True, slots=True)
class _Call:
    server: str
    tool: str
    category: Category
    changed: bool
    judged: int  # its event
    finished: int = 0
    ok: bool = True
    ms: float = 0.0


class Served:
    """Grows with the session; what it says of the past is what was so then."""

    def __init__(self) -> None:
        self._tools: dict[str, str] = {}
        self._calls: dict[str, _Call] = {}
        self._checks: list[tuple[int, ServerChecked]] = []

    def take(self, record: Record) -> None:
        """Take in one more record."""
        match record.event:
            case CallProposed(call_id=call_id, tool=tool):
                self._tools[call_id] = tool
            case CallJudged(call_id=call_id, facts=facts, category=category):
                server = facts.get("server")
                if isinstance(server, str) and server:
                    changed = bool(facts.get("tool_changed"))
                    tool = self._tools.get(call_id, "")
                    self._calls[call_id] = _Call(server, tool, category, changed, record.seq)
            case CallFinished(call_id=call_id, by="tool", ok=ok, duration_ms=ms):
                call = self._calls.get(call_id)
                if call is not None:
                    ended = (call.server, call.tool, call.category, call.changed, call.judged)
                    self._calls[call_id] = _Call(*ended, record.seq, ok, ms)
            case ServerChecked() as event:
                self._checks.append((record.seq, event))
            case _:
                pass

    def views(self, upto: int) -> list[ServerView]:
        """The servers that were called up to an event, and those that could not be used."""
        calls = [call for call in self._calls.values() if call.judged <= upto]
        checks = {event.server: event for seq, event in self._checks if seq <= upto}
        names = sorted({call.server for call in calls} | set(checks))
        return [_view(name, _of(calls, name), upto, checks.get(name)) for name in names]

    def tools(self, upto: int) -> Mapping[str, Sequence[ToolView]]:
        """The tools that were called, of each server."""
        found: dict[str, dict[str, ToolView]] = {}
        for call in self._calls.values():
            if call.judged <= upto and call.tool.startswith(OF_SERVERS):
                standing = "changed" if call.changed else "used"
                view = ToolView(call.tool, call.category, standing)
                found.setdefault(call.server, {})[call.tool] = view
        return {name: list(tools.values()) for name, tools in found.items()}


def _of(calls: Sequence[_Call], server: str) -> list[_Call]:
    return [call for call in calls if call.server == server]


def _view(name: str, calls: Sequence[_Call], upto: int, check: ServerChecked | None) -> ServerView:
    ended = sorted((c for c in calls if 0 < c.finished <= upto), key=lambda call: call.finished)
    spans = [call.ms for call in ended]
    return ServerView(
        name,
        LOST if check is not None and not check.passed else IN_LOG,
        tools=len({call.tool for call in calls if call.tool.startswith(OF_SERVERS)}),
        calls=len(ended),
        failed=sum(not call.ok for call in ended),
        median_ms=median(spans) if spans else None,
        last_ms=spans[-1] if spans else None,
        trouble=check.says if check is not None else "",
    )
