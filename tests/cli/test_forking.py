"""`fork` begins a session from a moment of another, once its human knows what stays as it is."""

import json

from loopdeck.cli.config import Settings
from loopdeck.cli.folding import state_of
from loopdeck.cli.options.commands import parser
from loopdeck.cli.places import places
from loopdeck.cli.runs.hosting import DeckHost
from loopdeck.cli.runs.starting import open_workshop
from loopdeck.ports import Branch
from loopdeck.session.events import CallProposed, SessionEnded, SessionStarted
from loopdeck.session.values import Rule
from tests.support.program import Program
from tests.support.records import recording, started, write_records
from tests.support.stories import turn


def first_edit(program: Program) -> int:
    """The number of the event in which the last session first proposes to edit a file."""
    return next(
        line["seq"]
        for line in program.shown("last").lines
        if line["event"].get("tool") == "edit_file" and line["event"]["type"] == "call_proposed"
    )


def test_a_fork_names_its_parent_and_says_first_that_the_files_stay(program: Program) -> None:
    program("demo", "bugfix", "--headless", "--on-ask", "deny")
    parent = program.listed()[0]["id"]
    unsure = program("fork", parent, "--at", "30", "--headless")
    assert unsure.code == 2
    assert "nothing is taken back" in unsure.err
    ran = program(
        "fork", parent, "--at", "30", "--headless", "--yes", "--json", "--message", "carefully"
    )
    assert ran.events[0]["type"] == "session_resumed"
    assert ran.of("human_message")[0]["text"] == "carefully"
    shown = program.shown(ran.session)
    assert shown.events[0]["parent"]["session"] == parent
    assert program("sessions", "verify").code == 0
    again = json.loads(program("rerun", ran.session, "--json").out)
    assert again["identical"]
    assert any(parent in note for note in again["notes"])


def test_other_arguments_wait_for_their_human(program: Program) -> None:
    program("demo", "bugfix", "--headless", "--on-ask", "deny")
    parent = program.listed()[0]["id"]
    at = first_edit(program)
    args = '{"path": "durations.py", "old": "x", "new": "y"}'
    ran = program("fork", parent, "--at", str(at), "--headless", "--yes", "--json", "--args", args)
    assert ran.code == 4
    assert ran.of("call_asked")[0]["again"].startswith("You changed it")
    assert not ran.of("call_started")


def test_what_cannot_be_forked_is_said(program: Program) -> None:
    program("demo", "bugfix", "--headless", "--on-ask", "deny")
    at, sure = first_edit(program), ("--yes", "--headless")
    assert "no event #9999" in program("fork", "last", "--at", "9999", "--yes", "--headless").err
    no_call = program("fork", "last", "--at", "1", "--args", "{}", "--yes", "--headless")
    assert "no event of a call" in no_call.err
    no_json = program("fork", "last", "--at", "6", "--args", "{", "--yes", "--headless")
    assert "not JSON" in no_json.err
    wrong = program("fork", "last", "--at", str(at), "--args", '{"command": "ls"}', *sure)
    assert wrong.code == 2
    assert f"The arguments are for the call #{at}. Wrong arguments for edit_file" in wrong.err
    assert len(program.listed()) == 1, "nothing was begun"


def test_of_several_calls_each_is_named_where_the_arguments_fit_another(program: Program) -> None:
    file = program.folder / "two.jsonl"
    both = ("c1", "read_file", {"path": "a"}), ("c2", "list_files", {"path": "."})
    records = recording([started(), *turn(1, "I look.", *both)], session="two00001")
    write_records(file, records)
    first, second = (one.seq for one in records if isinstance(one.event, CallProposed))
    args = ("--at", str(second), "--args", '{"query": "x"}', "--yes", "--headless")
    ran = program("fork", str(file), *args)
    assert ran.code == 2
    assert f"for the call #{second}. Wrong arguments for list_files" in ran.err
    assert f"calls of this step are #{first} read_file, #{second} list_files" in ran.err
    assert program.listed() == []


async def test_a_fork_of_a_file_brings_no_rule_and_no_high_level_along(program: Program) -> None:
    first = SessionStarted(
        goal="tidy",
        model="scripted:bugfix",
        level=5,
        workspace=str(program.workspace),
        rules=(Rule(decide="allow", match="shell(*)", scope="cli"),),
    )
    file = program.folder / "theirs.jsonl"
    write_records(file, recording([first, SessionEnded(outcome="failed")], session="theirs01"))
    args = parser().parse_args(["replay", str(file)])
    async with open_workshop(places(args), Settings()) as workshop:
        host = DeckHost(workshop, args)
        opened = await host.replay(str(file), None)
        assert opened.means.fork is not None
        forked = await opened.means.fork(Branch(2))
        state = await state_of(workshop.journal, forked.session)
        await host.close()
    assert (state.level, state.rules) == (3, ())
    assert state.parent is not None
    assert state.parent.session == "theirs01"
