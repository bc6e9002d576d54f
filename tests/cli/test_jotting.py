"""A bookmark goes to whoever runs the session, into its log where nobody does, and to no file."""

from loopdeck.cli.config import Settings
from loopdeck.cli.options.commands import parser
from loopdeck.cli.places import places
from loopdeck.cli.runs.hosting import DeckHost
from loopdeck.cli.runs.starting import open_workshop
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.commands import Bookmark, Note
from loopdeck.session.events import BookmarkAdded, SessionEnded
from loopdeck.session.reducer import project
from tests.support.program import Program
from tests.support.records import recording, started, write_records


async def test_a_session_that_is_over_takes_it_at_once_and_verifies(program: Program) -> None:
    args = parser().parse_args(["replay", "last"])
    records = recording([started(workspace=str(program.workspace)), SessionEnded(outcome="failed")])
    async with open_workshop(places(args), Settings()) as workshop:
        await workshop.journal.append(records[:1], project(records[:1]))
        await workshop.journal.append(records[1:], project(records))
        opened = await DeckHost(workshop, args).replay("s1", None)
        assert opened.means.jot is not None
        await opened.means.jot(Bookmark(at=1, label="here"))
        found = await workshop.journal.read("s1", after=2)
        assert [record.event for record in found] == [BookmarkAdded(at=1, label="here")]
        assert not workshop.journal.is_live("s1")


async def test_one_that_works_in_another_process_gets_it_by_mail(program: Program) -> None:
    args = parser().parse_args(["replay", "last"])
    records = recording([started(workspace=str(program.workspace))])
    spots = places(args)
    async with open_workshop(spots, Settings()) as workshop:
        await workshop.journal.append(records, project(records))
        async with await SqliteJournal.open(spots.database) as other:
            other.claim("s1")
            opened = await DeckHost(workshop, args).open("s1")
            assert opened.means.jot is not None
            await opened.means.jot(Note(at=1, text="look here"))
            assert await other.collect("s1") == [Note(at=1, text="look here")]
        assert await workshop.journal.head("s1") == 1


async def test_a_recording_from_a_file_takes_none(program: Program) -> None:
    file = program.folder / "theirs.jsonl"
    write_records(file, recording([started(), SessionEnded(outcome="failed")], session="theirs01"))
    args = parser().parse_args(["replay", str(file)])
    async with open_workshop(places(args), Settings()) as workshop:
        opened = await DeckHost(workshop, args).replay(str(file), None)
        assert opened.means.jot is None
