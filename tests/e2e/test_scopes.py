"""Edits and standing permissions, from the keys of the deck to the files of the workspace."""

import pytest

from loopdeck.app.panes.dialog import Dialog
from loopdeck.session.state import Phase
from tests.e2e.saying import DONE, call, calls, heard, writes
from tests.e2e.stage import Show, on_deck
from tests.support.messages_server import MessagesServer
from tests.support.program import KEY, MODEL, Program


def words(program: Program) -> list[str]:
    """The command line of a run in the workspace."""
    return ["run", "--workspace", str(program.workspace), "--model", MODEL, "tidy the shed"]


async def dialog(show: Show, key: str) -> None:
    """Open a screen over the deck, and look at it for as long as it takes."""
    await show.press(key)

    def armed() -> bool:
        top = show.app.screen
        return isinstance(top, Dialog) and top.guard.armed(show.app.clock.mono())

    await show.until(armed, f"the screen of {key}")


async def ended(show: Show) -> None:
    """Wait until the run is over."""
    await show.until(lambda: show.head.phase is Phase.ENDED, "the end")
    await show.until(lambda: bool(show.outcome), "the agent's end")


@pytest.fixture(autouse=True)
def _key(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)


async def test_what_was_edited_is_what_runs_and_the_model_is_told(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with MessagesServer([writes(content="hello"), DONE], key=KEY) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        async with on_deck(*words(program)) as show:
            await show.asked("call-1")
            await dialog(show, "e")
            await show.press("tab", "!", "ctrl+s")
            await ended(show)
    assert (program.workspace / "note.txt").read_text() == "hello!"
    assert "hello!" in heard(server.bodies[1])


async def test_a_standing_permission_lets_the_next_call_run_until_it_is_taken_back(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [calls(call("shell", f"call-{n}", command="mkdir -p shelf")) for n in (1, 2, 3)]
    async with MessagesServer(
        [*made[:2], writes(call_id="call-w"), made[2], DONE], key=KEY
    ) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        async with on_deck(*words(program)) as show:
            await show.asked("call-1")
            await dialog(show, "s")
            await show.until(lambda: "of 1 calls" in show.screen(), "the evidence")
            await show.press("enter")
            await show.asked("call-w")
            assert [view.hits for view in show.head.grants] == [1]
            await show.press("G")
            await show.until(lambda: "has let 1 call run" in show.screen(), "its use")
            await show.press("delete")
            await show.until(lambda: not show.head.grants, "the revocation")
            await show.press("escape")
            await show.asked("call-w")
            await show.press("y")
            await show.asked("call-3")
            await show.press("n")
            await ended(show)
