"""A human at another terminal, who answers through the database and knows what was done."""

from pathlib import Path
from random import Random

from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.commands import Answer, Approve
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallProposed,
    Event,
    HumanAnswered,
    HumanCalled,
)
from tests.chaos.plot import Plot
from tests.chaos.watching import Watcher


class Human:
    """Says yes to what waits, and what has become of a call whose outcome is unknown.

    One life of the program has one human: what waits when it comes back is answered once more,
    for nobody can know whether the answer before that was read.
    """

    def __init__(self, path: Path, watcher: Watcher, plot: Plot, random: Random) -> None:
        self._path = path
        self._watcher = watcher
        self._plot = plot
        self._random = random
        self._journal: SqliteJournal | None = None
        self._upto = 0
        self._waiting: dict[str, Approve | Answer] = {}
        self._commands: dict[str, str] = {}

    async def look(self) -> bool:
        """Answer what waits; true if something was answered."""
        while (event := self._watcher.seen.get(self._upto + 1)) is not None:
            self._upto += 1
            self._take(event)
        if not self._waiting:
            return False
        if self._journal is None:
            self._journal = await SqliteJournal.open(self._path)
        for command in self._waiting.values():
            await self._journal.post(self._watcher.session(), command)
        self._waiting.clear()
        return True

    async def leave(self) -> None:
        """Go away."""
        if self._journal is not None:
            await self._journal.close()

    def _take(self, event: Event) -> None:
        match event:
            case CallProposed():
                self._commands[event.call_id] = str(event.args.get("command", ""))
            case CallAsked():
                self._waiting[event.call_id] = Approve(call_id=event.call_id, binding=event.binding)
            case HumanCalled():
                self._waiting[event.ask_id] = self._said(event)
            case CallAnswered() | CallFinished():
                self._waiting.pop(event.call_id, None)
            case HumanAnswered():
                self._waiting.pop(event.ask_id, None)
            case _:
                pass

    def _said(self, event: HumanCalled) -> Answer:
        """What is true of a call; the ledger knows, but for a mere read."""
        words = self._commands.get(event.call_id or "", "").split()
        done = words[2:] and words[2] in self._plot.lines()
        truths = ("done",) if done else ("not done", "run again")
        return Answer(ask_id=event.ask_id, answer=self._random.choice((*truths, "tell the model")))
