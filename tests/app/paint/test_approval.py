"""What waits, as lines: the whole of it, then what would be lost."""

from dataclasses import replace

import pytest

from loopdeck.app.paint.approval import (
    head_lines,
    losses_lines,
    measure,
    payload_lines,
    title,
)
from loopdeck.app.paint.lines import plain
from loopdeck.app.plain.asking import call_lines
from loopdeck.session.calls import CallView
from loopdeck.session.state import AskView
from loopdeck.session.values import JsonObject, Losses, Preview


def said(losses: Losses) -> str:
    """The words about what would be lost."""
    return "\n".join(plain(line) for line in losses_lines(losses, 60))


def test_losses_are_counted_and_named() -> None:
    text = said(Losses(count=22, bytes=34_500, untracked=3, first=("a.txt", "b/\x1b[2J.txt")))
    assert "would be lost: 22 files, 34.5 kB" in text
    assert "3 of them are in no git" in text
    assert "  a.txt" in text
    assert "b/␛[2J.txt" in text
    assert "and 20 more" in text


@pytest.mark.parametrize(
    ("files", "lost", "words"),
    [
        (1, 1, "it is in no git"),
        (2, 1, "1 of them is in no git"),
        (2, 2, "2 of them are in no git"),
    ],
)
def test_one_file_is_one(files: int, lost: int, words: str) -> None:
    assert words in said(Losses(count=files, bytes=1, untracked=lost)).split("\n")


def test_what_git_keeps_and_what_no_git_keeps_is_told_apart() -> None:
    assert "git keeps a version of each" in said(Losses(count=1, bytes=1, untracked=0))
    assert "no git keeps any of it" in said(Losses(count=1, bytes=1))


def test_what_git_or_the_log_has_is_not_called_lost() -> None:
    losses = Losses(count=1, bytes=9, first=("big.txt",))
    preview = Preview(kind="command", text="rm big.txt", losses=losses)
    args: JsonObject = {"command": "rm big.txt"}
    call = CallView("c1", 1, "shell", args, 1, preview=preview, facts={"undoable": True})
    words = "\n".join(plain(line) for line in payload_lines(call, 60))
    assert "would be gone: 1 file" in words
    assert "git or the log has all of it" in words
    assert "lost" not in words
    assert "no git" not in words
    read = "\n".join(call_lines(call))
    assert "would be gone: 1 file" in read
    assert "no git" not in read
    gone = "\n".join(call_lines(replace(call, facts={"undoable": False})))
    assert "would be lost: 1 file" in gone
    assert "no git keeps any of it" in gone


def test_a_write_that_changes_nothing_says_so_and_being_asked_again_is_said_once() -> None:
    again = "Review again: a changed since it was shown."
    preview = Preview(kind="diff", text="", note="replaces the whole file of 9 bytes")
    args: JsonObject = {"path": "a"}
    call = CallView("c1", 1, "write_file", args, 1, preview=preview, again=again)
    assert "nothing would change" in plain(payload_lines(call, 80)[-1])
    head = [plain(line) for line in head_lines(call, 80, level=3)]
    assert "asked again: a changed since it was shown." in head
    read = "\n".join(call_lines(call))
    assert "nothing would change" in read
    assert "asked again: a changed since it was shown." in read


def test_losses_stand_below_the_command() -> None:
    losses = Losses(count=1, bytes=9, first=("x",))
    preview = Preview(kind="command", text="rm x", losses=losses)
    call = CallView("c1", 1, "shell", {"command": "rm x"}, 1, preview=preview)
    lines = [plain(line) for line in payload_lines(call, 60)]
    assert lines[0] == "rm x"
    assert lines[2].startswith("would be lost: 1 file")
    assert measure(call, 0.5) == "1 line, 4 characters, 50 % seen"


def test_the_title_says_whether_the_agent_asks_or_a_server() -> None:
    ask = AskView("a", "question", "Answer this?", ("answer", "decline"), "c1", 4, (0, 0))
    assert title(ask, 1, 1, "ask_human") == "The agent asks"
    assert title(ask, 1, 2, "mcp__notes__find") == "A server asks the model 1 of 2"
    ask = AskView("a", "question", "Sure?", ("accept", "decline", "cancel"), "c1", 4, (0, 0))
    assert title(ask, 1, 1, "mcp__notes__find") == "A server asks"
