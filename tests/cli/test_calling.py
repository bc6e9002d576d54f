"""The sequences that reach the human through a terminal, and the command of their own."""

from pathlib import Path

import pytest

from loopdeck.cli.calling import TerminalCaller
from loopdeck.cli.config import Settings
from loopdeck.errors import UsageError

XTERM = {"TERM": "xterm-256color"}


def caller(*command: str, bell: bool = True, **env: str) -> TerminalCaller:
    return TerminalCaller(command, bell=bell, env={**XTERM, **env})


def test_the_bell_comes_with_a_notice_in_the_form_that_the_terminal_knows() -> None:
    assert caller().ring("come") == "\a\x1b]9;come\x1b\\"
    by_777 = "\a\x1b]777;notify;Loopdeck;come\x1b\\"
    assert caller(TERM="foot").ring("come") == by_777
    assert caller(VTE_VERSION="7600").ring("come") == by_777


def test_tmux_is_asked_to_let_the_notice_through() -> None:
    assert caller(TMUX="x").ring("come") == "\a\x1bPtmux;\x1b\x1b]9;come\x1b\x1b\\\x1b\\"


def test_a_console_that_shows_what_it_does_not_know_only_rings() -> None:
    assert (caller(TERM="linux").ring("come"), caller(TERM="linux").title("x")) == ("\a", "")


def test_without_the_bell_there_is_still_a_title() -> None:
    assert caller(bell=False).ring("come") == ""
    assert caller(bell=False).title("(2) Loopdeck") == "\x1b]2;(2) Loopdeck\x1b\\"


async def test_the_command_gets_the_words_as_its_last_argument(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    script = 'printf "%s|" "$0" "$@" > ' + str(heard)
    await caller("sh", "-c", script, "a").run("Loopdeck waits; $(rm)")
    assert heard.read_text("utf-8") == "a|Loopdeck waits; $(rm)|"
    await caller().run("nobody is to be told")


@pytest.mark.parametrize(
    ("command", "words"), [(["no-such-program"], "cannot be started"), (["false"], "with code 1")]
)
async def test_a_command_that_fails_is_a_sentence(command: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        await caller(*command).run("come")


def test_the_config_names_the_command_and_can_silence_the_bell() -> None:
    assert Settings().bell
    assert Settings(notify=["ntfy", "publish"], bell=False).notify == ["ntfy", "publish"]
