"""The deck over a real run: the real client against a server, real tools, keys that decide."""

import pytest

from loopdeck.session.state import Phase
from tests.e2e.saying import DONE, call, calls, heard, writes
from tests.e2e.stage import Show, on_deck
from tests.support.message_script import steps
from tests.support.messages_server import MessagesServer
from tests.support.program import KEY, MODEL, Program


def words(program: Program, *more: str) -> list[str]:
    """The command line of a run in the workspace."""
    return ["run", "--workspace", str(program.workspace), "--model", MODEL, *more, "tidy the shed"]


@pytest.fixture
def point(program: Program, monkeypatch: pytest.MonkeyPatch) -> "Point":
    """Lets the program find a server of this process."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    return Point(monkeypatch)


class Point:
    """The way from the program to its model server."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def at(self, server: MessagesServer) -> None:
        """Use this server from now on."""
        self._monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)


async def ended(show: Show) -> None:
    """Wait until the run is over and the deck knows it."""
    await show.until(lambda: show.head.phase is Phase.ENDED, "the end")
    await show.until(lambda: bool(show.outcome), "the agent's end")


async def test_ten_steps_on_the_workspace_end_on_the_deck(program: Program, point: Point) -> None:
    async with MessagesServer(steps(10), key=KEY) as server:
        point.at(server)
        async with on_deck(*words(program)) as show:
            await ended(show)
            assert show.outcome == "done"
            assert (show.head.step, show.head.totals.calls) == (11, 10)
            await show.until(lambda: "All of it is read. Done." in show.screen(), "the last words")
            assert "tidy the shed" in show.screen()
    assert len(server.bodies) == 11


async def test_y_lets_a_write_happen_and_nothing_before_it(program: Program, point: Point) -> None:
    note = program.workspace / "note.txt"
    async with MessagesServer([writes(), DONE], key=KEY) as server:
        point.at(server)
        async with on_deck(*words(program)) as show:
            await show.asked("call-1")
            assert "note.txt" in show.screen()
            assert "+ hello" in show.screen()
            assert not note.exists()
            await show.press("y")
            await ended(show)
    assert note.read_text() == "hello\n"
    assert "note.txt" in heard(server.bodies[1])


async def test_a_denial_with_a_reason_reaches_the_model(program: Program, point: Point) -> None:
    async with MessagesServer([writes(), DONE], key=KEY) as server:
        point.at(server)
        async with on_deck(*words(program)) as show:
            await show.asked("call-1")
            await show.press("r")
            await show.type("not in the shed")
            await ended(show)
    assert "Denied by your human: not in the shed" in heard(server.bodies[1])
    assert not (program.workspace / "note.txt").exists()


async def test_what_destroys_needs_its_name_typed(program: Program, point: Point) -> None:
    deletes = calls(call("delete_file", path="rake.txt"))
    async with MessagesServer([deletes, DONE], key=KEY) as server:
        point.at(server)
        async with on_deck(*words(program)) as show:
            await show.asked("call-1")
            await show.press("y")
            await show.until(lambda: "type rake.txt" in show.screen(), "the box for the word")
            assert (program.workspace / "rake.txt").exists()
            await show.type("rake.txt")
            await ended(show)
    assert not (program.workspace / "rake.txt").exists()


async def test_the_past_can_be_looked_at_while_the_agent_goes_on(
    program: Program, point: Point
) -> None:
    async with MessagesServer(steps(8, delay_s=0.02), key=KEY) as server:
        point.at(server)
        async with on_deck(*words(program)) as show:
            await show.until(lambda: show.head.step >= 3, "the third step")
            await show.press("left", "left")
            position = show.deck.scene.position
            assert position is not None
            seen = show.head.last_seq
            await show.until(lambda: show.head.last_seq > seen + 3, "news from the agent")
            assert show.deck.scene.position == position
            assert show.deck.scene.state.last_seq == position
            assert "PAST" in show.screen()
            assert not show.outcome
            await show.press("end")
            assert show.deck.scene.at_end
            await ended(show)
            await show.until(lambda: "All of it is read. Done." in show.screen(), "the end")
    assert len(server.bodies) == 9


async def test_a_message_is_read_with_the_next_step(program: Program, point: Point) -> None:
    async with MessagesServer([writes(), DONE], key=KEY) as server:
        point.at(server)
        async with on_deck(*words(program)) as show:
            await show.asked("call-1")
            await show.press("enter")
            await show.type("hurry up")
            await show.press("n")
            await ended(show)
    assert "hurry up" in heard(server.bodies[1])


async def test_leaving_pauses_the_run_and_resuming_asks_again(
    program: Program, point: Point
) -> None:
    async with MessagesServer([writes(), DONE], key=KEY) as server:
        point.at(server)
        async with on_deck(*words(program)) as show:
            await show.asked("call-1")
            await show.press("ctrl+q")
            assert show.app.is_running
            assert "Once more leaves" in show.screen()
            await show.press("ctrl+q")
            await show.until(lambda: not show.app.is_running, "leaving")
            session = show.app.return_value
        assert session
        async with on_deck("resume", session) as show:
            await show.asked("call-1")
            assert not (program.workspace / "note.txt").exists()
            await show.press("y")
            await ended(show)
        assert show.outcome == "done"
    assert (program.workspace / "note.txt").exists()
    assert len(server.bodies) == 2


async def test_a_limit_asks_on_the_deck_and_can_be_raised(program: Program, point: Point) -> None:
    async with MessagesServer(steps(3), key=KEY) as server:
        point.at(server)
        async with on_deck(*words(program, "--max-steps", "2")) as show:
            await show.asked("ask-")
            assert len(server.bodies) == 2
            await show.press("+")
            await ended(show)
            assert show.outcome == "done"
    assert len(server.bodies) == 4


async def test_a_replay_ends_where_the_run_ended_and_takes_no_answers(
    program: Program, point: Point
) -> None:
    async with MessagesServer([writes(), DONE], key=KEY) as server:
        point.at(server)
        async with on_deck(*words(program)) as show:
            await show.asked("call-1")
            await show.press("n")
            await ended(show)
            live = show.head
        async with on_deck("replay", live.session) as show:
            await show.until(lambda: show.head.last_seq == live.last_seq, "the log")
            await show.press("end")
            assert show.deck.scene.state == live
            await show.press("[")
            await show.until(lambda: bool(show.deck.scene.state.waiting), "the approval")
            await show.press("y")
            assert show.deck.scene.head == live
    assert len(server.bodies) == 2
