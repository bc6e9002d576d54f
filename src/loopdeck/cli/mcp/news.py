"""What is new about the MCP servers of a run, whenever its agent looks up: facts for the log."""

from collections.abc import Iterator, Mapping, Sequence

from loopdeck.session.events import ServerChecked
from loopdeck.tools.mcp.hub import Hub
from loopdeck.tools.mcp.servers import State, Status


class ServerNews:
    """How the servers stand; `unstarted` are those that are wanted and were never begun, with why.

    A server that failed and runs again between two looks is told of once, as one that works.
    """

    def __init__(self, hub: Hub | None, unstarted: Mapping[str, str]) -> None:
        self._hub, self._unstarted = hub, dict(unstarted)
        self._troubles: dict[str, int] = {}

    def __call__(self) -> Sequence[ServerChecked]:
        """How each server stands that has begun or failed; what the log has is not left out."""
        found = [ServerChecked(server=name, says=says) for name, says in self._unstarted.items()]
        return [*found, *self._checked()]

    def _checked(self) -> Iterator[ServerChecked]:
        for status in self._hub.statuses if self._hub is not None else ():
            if status.state is State.READY:
                yield ServerChecked(server=status.name, passed=True, says=self._since(status))
            elif status.error and status.state in (State.RESTING, State.FAILED):
                self._since(status)
                yield ServerChecked(server=status.name, says=status.error)

    def _since(self, status: Status) -> str:
        """What was wrong with it since the last look."""
        before = self._troubles.get(status.name, 0)
        self._troubles[status.name] = status.counts.troubles
        return status.trouble if status.counts.troubles > before else ""
