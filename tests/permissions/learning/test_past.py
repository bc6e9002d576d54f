"""Recorded calls are read back from a journal, newest session first, and not without end."""

from collections.abc import Sequence
from dataclasses import replace

from loopdeck.journal.memory import MemoryJournal
from loopdeck.permissions.learning.past import calls_of, past_calls
from loopdeck.session.events import CallFinished, SandboxChecked
from loopdeck.session.records import Record
from loopdeck.session.values import Category
from tests.support.libraries import ListedLibrary, summary
from tests.support.past import told
from tests.support.records import START, recorded_calls, recording, started


def session(name: str, calls: int) -> list[Record]:
    events = [event for n in range(calls) for event in told(f"c{n}", "shell", {"command": "ls"})]
    return recording([started(), *events], session=name)


class Shelf:
    """The journals of several sessions as one."""

    def __init__(self, **calls: int) -> None:
        self._journals = {name: MemoryJournal.of(session(name, n)) for name, n in calls.items()}

    async def marks(self, session: str, *, after: int = 0):
        return await self._journals[session].marks(session, after=after)

    async def pick(self, session: str, seqs: Sequence[int]):
        return await self._journals[session].pick(session, seqs)


async def test_every_call_of_a_session_is_read_however_many_there_are() -> None:
    calls = await calls_of(MemoryJournal.of(session("s1", 700)), "s1")
    assert [call.call_id for call in calls] == [f"c{n}" for n in range(700)]


async def test_the_newest_sessions_are_read_first_and_no_more_than_asked_for() -> None:
    library = ListedLibrary(summary("new"), summary("old"))
    shelf = Shelf(new=3, old=3)
    calls = await past_calls(library, shelf, most=4)
    assert [call.session for call in calls] == ["new", "new", "new", "old"]
    only = await past_calls(library, shelf, sessions=["old"])
    assert {call.session for call in only} == {"old"}
    assert await past_calls(library, shelf, since=START + 10**12) == []


async def test_read_from_a_journal_calls_are_what_the_whole_log_makes_them() -> None:
    fetch = told("c0", "shell", {"command": "curl a.example"}, Category.NETWORK)
    many = [event for n in range(1, 400) for event in told(f"c{n}", "shell", {"command": "ls"})]
    done = CallFinished(call_id="c0", ok=True, output="x" * 1_000)
    sandbox = SandboxChecked(backend="landlock", passed=True)
    log = recording([started(), sandbox, *fetch, *many[:300], done, *many[300:]])
    calls = await calls_of(MemoryJournal.of(log), "s1")
    assert calls == recorded_calls(log)
    assert calls[150].tainted == ""
    assert calls[151].tainted == "shell"


async def test_what_a_fork_has_of_its_parent_counts_once() -> None:
    fork = replace(summary("fork"), parent="old")
    shelf = Shelf(fork=5, old=3, other=3)
    calls = await past_calls(ListedLibrary(fork, summary("old"), summary("other")), shelf)
    assert [call.session for call in calls] == ["fork"] * 5 + ["other"] * 3
