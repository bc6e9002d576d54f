"""Tools and models that misbehave: floods, bytes that are no text, terminal controls, markup."""

import os
from pathlib import Path

import pytest

from loopdeck.session.state import Phase
from tests.e2e.saying import DONE, call, calls, heard
from tests.e2e.stage import on_deck
from tests.support.message_script import Script, Text
from tests.support.messages_server import MessagesServer
from tests.support.program import KEY, MODEL, Program, Ran, answering

ESCAPES = "\x1b]52;c;aGFoYQ==\x07\x1b[2J\x1b]0;mine\x07\x1b[31mred\x9b6n"
MARKUP = "[/] [@click=app.quit]click[/] [red]x"
SHOUT = calls(call("shell", command="sh shout.sh"))


def scripted(program: Program, body: bytes) -> tuple[str, str]:
    """A script for the shell tool, and the option that lets it run."""
    (program.workspace / "shout.sh").write_bytes(body)
    return "--allow", "shell(sh shout.sh)"


def unharmed(ran: Ran) -> None:
    """Nothing that a terminal obeys was printed."""
    for text in (ran.out, ran.err):
        assert not set(text) & {"\x1b", "\x07", "\x9b", "\x08", "\r"}


def test_a_flood_is_cut_for_the_model_and_kept_whole_on_disk(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = 6_000_000
    prints = f"head -c {size} /dev/zero | tr '\\0' x\necho; echo THE END\n"
    flood = scripted(program, prints.encode())
    with answering(monkeypatch, [SHOUT, DONE]) as server:
        ran = program.run(*flood)
    assert ran.code == 0
    (finished,) = ran.of("call_finished")
    assert len(finished["output"]) < 200_000
    assert finished["output"].endswith("THE END")
    assert "THE END" in heard(server.bodies[1])
    assert Path(finished["full_output"]).stat().st_size == size + len("\nTHE END\n")
    assert (program.home / "loopdeck.db").stat().st_size < 5_000_000


@pytest.mark.parametrize(
    "body",
    [b"printf '\\377\\376\\000 caf\\351'", f"printf '%s' '{ESCAPES}{MARKUP}'".encode()],
    ids=["bytes that are no text", "controls and markup"],
)
def test_what_a_tool_prints_never_reaches_the_terminal_raw(
    body: bytes, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ("--workspace", str(program.workspace), "--model", MODEL)
    failing = scripted(program, body + b"\nexit 3\n")  # what fails is told on stderr
    with answering(monkeypatch, [SHOUT, Script((Text(ESCAPES + MARKUP),))]) as server:
        ran = program("run", "--headless", *options, *failing, ESCAPES + MARKUP)
    assert ran.code == 0
    unharmed(ran)
    assert "exit code 3" in heard(server.bodies[1])
    for verb in ("show", "export", "verify"):
        unharmed(program("sessions", verb, "last"))
    assert program.shown().events[0]["goal"] == ESCAPES + MARKUP
    unharmed(program("sessions", "list"))
    unharmed(program("sessions", "search", "mine"))


def test_what_waits_is_listed_without_its_controls(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [calls(call("shell", command=f"echo '{ESCAPES}'"))]):
        assert program.run().code == 4
    listed = program("approvals", "list")
    assert "shell" in listed.out
    unharmed(listed)


async def test_the_deck_shows_markup_and_controls_as_they_are(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = scripted(program, f"printf '%s\\n' '{MARKUP} {ESCAPES}'\n".encode())
    said = Script((Text(f"{MARKUP} {ESCAPES}"), *SHOUT.blocks), stop="tool_use")
    words = ("run", "--workspace", str(program.workspace), "--model", MODEL, *allowed)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    async with MessagesServer([said, DONE], key=KEY) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        async with on_deck(*words, f"{MARKUP} {ESCAPES}") as show:
            await show.until(lambda: show.head.phase is Phase.ENDED, "the end")
            await show.until(lambda: show.screen().count("[@click=app.quit]") >= 2, "the markup")
            assert "\x1b" not in show.screen()
            assert "\x9b" not in show.screen()
            assert show.app.is_running


def test_files_that_are_no_files_are_not_opened(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(program.workspace / "pipe")
    (program.workspace / "zero").symlink_to("/dev/zero")
    (program.workspace / "noise").write_bytes(bytes(range(256)) * 8)
    (program.workspace / "folder").mkdir()
    names = ("pipe", "zero", "noise", "folder")
    made = calls(*(call("read_file", f"c-{name}", path=name) for name in names))
    with answering(monkeypatch, [made, DONE]):
        ran = program.run("--on-ask", "deny")
    assert ran.code == 0
    results = ran.results()
    assert not any(result["ok"] for result in results.values())
    assert "binary" in results["c-noise"]["output"]
    assert results.keys() == {"c-pipe", "c-noise", "c-folder"}
    assert [event["call_id"] for event in ran.of("call_asked")] == ["c-zero"]  # it leads outside


async def test_a_broken_theme_is_a_message_and_not_a_crash(program: Program) -> None:
    themes = program.home / "themes"
    themes.mkdir(parents=True)
    (themes / "mine.toml").write_text('name = "mine"\ndark = [/]\n')
    async with on_deck("replay", "demo-bugfix") as show:
        await show.until(lambda: "mine.toml is not valid TOML" in show.screen(), "the message")
        assert show.app.is_running
