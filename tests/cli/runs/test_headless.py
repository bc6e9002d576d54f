"""What a run without a screen says, and with which code it ends."""

from pathlib import Path

import pytest

from tests.e2e.saying import DONE
from tests.support.message_script import Script, Text
from tests.support.program import MODEL, Program, answering

REPLY = "The rakes are\nsorted by length."


def told(program: Program, *options: str) -> tuple[int, str, str]:
    """A run for people: its code, stdout and stderr."""
    where = ("--workspace", str(program.workspace), "--model", MODEL)
    ran = program("run", "--headless", *where, *options, "--", "tidy")
    return ran.code, ran.out, ran.err


def test_the_last_reply_is_printed_once_and_whole(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [Script((Text(REPLY),))]):
        code, out, err = told(program, "--check", "true")
    assert (code, out) == (0, f"{REPLY}\n")
    assert "sorted by length" not in err
    assert err.index("the check passed") < err.index("■ done, checked")


def test_a_reply_that_was_not_the_last_is_told_before_what_came_of_it(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [Script((Text(REPLY),)), Script((Text("Now they are."),))]):
        code, out, err = told(program, "--check", "test -e seen || ! touch seen")
    assert (code, out) == (0, "Now they are.\n")
    assert err.index("sorted by length") < err.index("the check failed")
    assert "Now they are" not in err


def test_a_check_with_a_secret_is_refused_before_anything_begins(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = f"ghp_{'a1B2c3D4e5F6' * 3}"
    with answering(monkeypatch, [DONE]) as server:
        code, _, err = told(program, "--check", f"curl -H 'x: {secret}' localhost")
    assert (code, server.bodies) == (2, [])
    assert "The check holds a secret" in err
    assert secret not in err
    assert program.listed() == []


def test_keys_the_deck_would_not_take_are_named_and_stop_no_run_without_it(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "keys.toml"
    config.write_text('[keys]\nlevel = "p"\n')
    with answering(monkeypatch, [Script((Text(REPLY),))]):
        code, out, err = told(program, "--config", str(config))
    assert (code, out) == (0, f"{REPLY}\n")
    assert "[keys] in" in err
    assert "“pause after this step, or go on” (pause)" in err
    assert "Give one of them another key" in err
