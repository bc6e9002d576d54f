"""Summaries without sessions, and a host that notes what it was asked for."""

from collections.abc import Sequence
from dataclasses import replace

from loopdeck.errors import LoopdeckError
from loopdeck.ports import Journal, Opened
from loopdeck.ports.servers import Resource
from loopdeck.ports.wish import ModelOffer, Wish
from loopdeck.session.commands import Command
from loopdeck.session.summary import Label, Summary, Told


def summary(
    name: str, goal: str = "a goal", state: Told = "done", *, started: int = 0, pending: int = 0
) -> Summary:
    """A line of a library."""
    return Summary(
        id=name,
        goal=goal,
        model="scripted:pitches",
        level=3,
        state=state,
        steps=12,
        calls=20,
        tokens=3_000,
        cost_usd=0.25,
        started=started,
        ended=None,
        workspace="/home/noor/podcasts",
        pending=pending,
    )


class ListedLibrary:
    """A `Library` of what it is given; `fault` is raised instead when it is set."""

    def __init__(self, *summaries: Summary, live: frozenset[str] = frozenset()) -> None:
        self.listed = list(summaries)
        self.live = live
        self.fault: LoopdeckError | None = None
        self.came: dict[str, int] = {}

    async def summaries(self) -> list[Summary]:
        if self.fault is not None:
            raise self.fault
        return list(self.listed)

    async def lines(self, sessions: Sequence[str]) -> dict[str, Summary]:
        if self.fault is not None:
            raise self.fault
        return {one.id: one for one in self.listed if one.id in sessions}

    async def ids(self, text: str = "") -> list[str]:
        if self.fault is not None:
            raise self.fault
        words = text.casefold().split()
        said = {one.id: f"{one.goal} {one.label} {one.state}".casefold() for one in self.listed}
        return [name for name, line in said.items() if all(word in line for word in words)]

    async def forks(self) -> dict[str, str]:
        return {one.id: one.parent for one in self.listed if one.parent}

    async def version(self) -> tuple[int, int]:
        if self.fault is not None:
            raise self.fault
        return hash(tuple(self.listed)), len(self.live)

    async def relabel(self, session: str, label: Label) -> None:
        self.listed = [
            replace(one, label=label) if one.id == session else one for one in self.listed
        ]

    async def mark_imported(self, session: str, upto: int) -> None:
        self.came[session] = upto

    async def imported(self, session: str) -> int:
        return self.came.get(session, 0)

    async def find(self, name: str) -> str:
        return name

    async def delete(self, session: str) -> None:
        await self.remove(session)

    async def remove(self, session: str) -> None:
        self.listed = [one for one in self.listed if one.id != session]

    def is_live(self, session: str) -> bool:
        return session in self.live

    def claim(self, session: str) -> None:
        self.live |= {session}

    def release(self, session: str) -> None:
        self.live -= {session}


class NoSink:
    """A `CommandSink` of a recording."""

    @property
    def accepts(self) -> bool:
        return False

    async def send(self, command: Command) -> None:
        raise LoopdeckError(f"nobody takes {command.type}")


class NotingHost:
    """A `Host` that opens empty sessions; `fault` is raised instead when it is set."""

    def __init__(self, journal: Journal) -> None:
        self.asked: list[str] = []
        self.chosen = Wish(model="written", level=3, workspace="/shed")
        self.fault: Exception | None = None
        self._journal = journal

    async def resources(self) -> Sequence[Resource]:
        """Two notes of a server."""
        return [Resource("docs", "notes://plan", "the plan"), Resource("docs", "notes://log", "")]

    async def models(self, *, ask: bool) -> tuple[Sequence[ModelOffer], Sequence[str]]:
        """One that is known, and what a server has once it is asked."""
        known = [ModelOffer("written"), ModelOffer("claude-x")]
        if not ask:
            return known, ()
        more = ModelOffer("openai:gpt-x\x1b[2J", 400_000, 1.25, 10.0)
        return [more, *known], ("The model server at http://127.0.0.1:1 is not there.",)

    async def wish(self) -> Wish:
        return self.chosen

    async def start(self, goal: str, wish: Wish | None = None) -> Opened:
        self.chosen = wish or self.chosen
        return self._open("start", goal)

    async def resume(self, session: str) -> Opened:
        return self._open("resume", session)

    async def open(self, session: str, at: int | None = None) -> Opened:
        return self._open("open", session if at is None else f"{session} at {at}")

    def _open(self, verb: str, what: str) -> Opened:
        self.asked.append(f"{verb} {what}")
        if self.fault is not None:
            raise self.fault
        return Opened(what, self._journal, NoSink())
