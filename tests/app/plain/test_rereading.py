"""A past session is read a step at a time; going back tells a step again and changes nothing."""

from collections.abc import Sequence

from loopdeck.app.plain.rereading import Rereading
from loopdeck.errors import ReadOnlyError
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import Opened
from loopdeck.session.commands import Command
from tests.support.records import recording
from tests.support.stories import waiting_for_two


class Closed:
    """Takes no command."""

    accepts = False

    async def send(self, command: Command) -> None:
        """Nobody is there."""
        raise ReadOnlyError(f"no {command.type}")


class Reader:
    """Types numbers and keeps what was told last."""

    def __init__(self, at: int | None = 1) -> None:
        self.lines: list[str] = []
        journal = MemoryJournal.of(recording(waiting_for_two()))
        self.story = Rereading(Opened("s1", journal, Closed(), at), self._out)

    async def types(self, *lines: str) -> str:
        """What was told after the last line."""
        for line in lines:
            self.lines.clear()
            await self.story.typed([line])
        return "\n".join(self.lines)

    def _out(self, lines: Sequence[str]) -> None:
        self.lines += lines


async def opened(at: int | None = 1) -> Reader:
    """A reader at the beginning, or at a moment."""
    reader = Reader(at)
    await reader.story.begin()
    return reader


async def test_it_begins_with_the_goal():
    reader = await opened()
    assert reader.lines[0] == "goal: draft three podcast pitches"


async def test_an_empty_line_reads_on_by_a_step():
    reader = await opened()
    told = await reader.types("")
    assert "step 1:" in told
    assert "step 2:" not in told
    assert "playhead: step 1 of 5" in told


async def test_going_back_tells_the_step_before_again():
    reader = await opened()
    assert "step 3:" in await reader.types("1", "1", "1")
    again = await reader.types("2")
    assert "step 2:" in again
    assert "step 1:" not in again
    assert "step 3:" not in again


async def test_the_next_approval_and_the_next_error_are_found():
    reader = await opened()
    assert "result of call 5, failed" in (await reader.types("4"))
    assert "waits: call 7" in (await reader.types("3"))
    assert "no such moment" in (await reader.types("4"))


async def test_all_the_rest_ends_at_the_end():
    reader = await opened()
    told = await reader.types("5")
    assert "waits: call 8" in told
    assert ", the end" in told


async def test_it_opens_at_a_moment():
    reader = await opened(10)
    reader.story.offer()
    assert any("event 10" in line for line in reader.lines)


async def test_leaving_is_a_choice_and_nonsense_is_none():
    reader = await opened()
    assert "no such choice" in await reader.types("nine")
    await reader.types("6")
    assert reader.story.left
