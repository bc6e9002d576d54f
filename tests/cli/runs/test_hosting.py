"""What the deck is given of a session: who takes its commands, and what to say of its rules."""

import asyncio
import json
import os

import pytest

from loopdeck.cli.config import Settings
from loopdeck.cli.options.commands import parser
from loopdeck.cli.places import places
from loopdeck.cli.runs.hosting import DeckHost
from loopdeck.cli.runs.starting import open_workshop
from loopdeck.errors import ReadOnlyError
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.codec import dump_record
from loopdeck.session.commands import Approve
from loopdeck.session.reducer import project
from tests.support.program import Program
from tests.support.records import recording, started
from tests.support.stories import waiting_for_two

YES = Approve(call_id="c1", binding="b")


@pytest.mark.parametrize("by", ["open", "replay"])
async def test_a_watched_run_takes_answers_for_as_long_as_its_process_is_there(
    by: str, program: Program
) -> None:
    args = parser().parse_args(["replay", "last"])
    records = recording([started(workspace=str(program.workspace))])
    async with open_workshop(places(args), Settings()) as workshop:
        await workshop.journal.append(records, project(records))
        host = DeckHost(workshop, args)
        opened = await (host.open("s1") if by == "open" else host.replay("s1", None))
        assert not opened.sink.accepts
        async with await SqliteJournal.open(places(args).database) as other:
            other.claim("s1")
            assert opened.sink.accepts
            assert opened.holder is not None
            assert opened.holder() == f"process {os.getpid()}"
            await opened.sink.send(YES)
            assert await other.collect("s1") == [YES]
        assert not opened.sink.accepts
        assert opened.holder() == ""
        with pytest.raises(ReadOnlyError, match="Nobody works on this session now"):
            await opened.sink.send(YES)
        assert opened.means.queue is not None
        with pytest.raises(ReadOnlyError):
            await opened.means.queue.add("hello")


async def test_of_two_runs_that_begin_at_once_each_hears_of_its_own_rules(program: Program) -> None:
    ruled, free = program.folder / "ruled", program.folder / "free"
    (ruled / ".loopdeck").mkdir(parents=True)
    free.mkdir()
    rules = '[[rule]]\ndecide = "allow"\nmatch = "web_fetch"\n'
    (ruled / ".loopdeck" / "policy.toml").write_text(rules)
    args = parser().parse_args(["run", "tidy", "--model", "scripted:bugfix"])
    async with open_workshop(places(args), Settings()) as workshop:
        host = DeckHost(workshop, args)
        wish = await host.wish()
        first, second = await asyncio.gather(
            *(
                host.start("tidy", wish.model_copy(update={"workspace": str(folder)}))
                for folder in (ruled, free)
            )
        )
        assert first.bulletin.pending is not None
        assert first.bulletin.pending.text == rules
        assert second.bulletin.silent
        told = {run.session: bool(run.notices) for run in host.runs}
        assert told == {first.session: True, second.session: False}


async def test_a_deck_whose_session_was_taken_over_watches_and_answers_its_new_process(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    args = parser().parse_args(["run", "tidy", "--model", "scripted:bugfix"])
    async with open_workshop(places(args), Settings()) as workshop:
        host = DeckHost(workshop, args)
        wish = await host.wish()
        opened = await host.start(
            "tidy", wish.model_copy(update={"workspace": str(program.folder)})
        )
        assert opened.holder is not None
        assert opened.sink.accepts
        assert opened.holder() == ""
        async with await SqliteJournal.open(places(args).database) as other:
            other.disown(opened.session)
            with monkeypatch.context() as patched:
                patched.setattr(os, "getpid", lambda: 4321)
                other.claim(opened.session)
            assert opened.holder() == "process 4321"
            await opened.sink.send(YES)
            assert await other.collect(opened.session) == [YES]
        assert opened.holder() == ""


async def test_a_recording_that_came_with_the_program_is_exported_from_its_deck(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(program.folder)
    args = parser().parse_args(["replay", "demo-bugfix"])
    async with open_workshop(places(args), Settings()) as workshop:
        opened = await DeckHost(workshop, args).replay("demo-bugfix", None)
        assert opened.means.export is not None
        await opened.means.export("markdown")
    written = program.folder / f"loopdeck-{opened.session}.md"
    assert "Make the failing test pass" in written.read_text("utf-8")


async def test_a_file_that_is_shown_is_kept_as_an_asciicast_while_its_deck_is_there(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(program.folder)
    path = program.folder / "short.jsonl"
    path.write_text("".join(f"{dump_record(one)}\n" for one in recording(waiting_for_two())))
    args = parser().parse_args(["replay", str(path)])
    async with open_workshop(places(args), Settings()) as workshop:
        opened = await DeckHost(workshop, args).replay(str(path), None)
        assert opened.means.export is not None
        said = await opened.means.export("asciicast")
    film = program.folder / f"loopdeck-{opened.session}.cast"
    assert film.name in said
    head, *moments = (json.loads(line) for line in film.read_text("utf-8").splitlines())
    assert (head["width"], head["height"]) == (120, 36)
    assert "Ada Hour fits best" in "".join(drawn for _, _, drawn in moments)


async def test_a_session_whose_deck_is_left_before_it_is_there_is_paused(program: Program) -> None:
    args = parser().parse_args(["run", "tidy", "--model", "scripted:bugfix"])
    async with open_workshop(places(args), Settings()) as workshop:
        host = DeckHost(workshop, args)
        wish = (await host.wish()).model_copy(update={"workspace": str(program.folder)})
        starting = asyncio.ensure_future(host.start("tidy", wish))
        await asyncio.sleep(0)  # it has begun, and cannot be over
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        await host.close()
        (session,) = await workshop.journal.ids()
        (run,) = host.runs
        assert run.session == session
        *_, last = await workshop.journal.read(session, limit=100)
        assert last.event.type == "session_paused"
        assert not workshop.journal.is_live(session)
