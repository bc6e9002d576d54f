"""Hostile text in a real terminal: every byte the deck sends is of a known kind, and nothing runs.

The text is what section after section of the screen gets to show: goal, model text, tool names,
arguments, diffs, notifications, and the screens over the deck.
"""

import json
import os
import re
from pathlib import Path

import pytest

from loopdeck.session.events import Event, RuleGranted, SandboxChecked, ServerChecked
from loopdeck.session.values import Category, Grant, Preview, Reason, Rule
from tests.e2e.saying import DONE, call
from tests.support import stories
from tests.support.message_script import Script, Text
from tests.support.program import MODEL, Program, answering, command
from tests.support.records import recording, write_records
from tests.support.terminal import Terminal

ESCAPE, CTRL_Q = "\x1b", "\x11"
ACTING = (
    "\x1b]52;c;aGFoYQ==\x07\x1b]0;mine\x07\x1b]8;;http://x.example\x07link\x1b]9;note\x07"
    '\x1b[2J\x1b[8mhide\x1b[5A\x1b[?1049l\x1b[6n\x1b[c\x1bP$q"p\x1b\\\x1b_G;x\x1b\\\x1bc'
    "\x9b6n\x9d0;mine\x9c\x08\x0b\x0c\x7f\r"
)
HIDING = "\u202e\u2066\u200b\u2060\ufeff\u061c\U000e0041\u00ad"
MARKUP = "[/] [@click=app.quit]click[/] [$error]red[/] [link=http://x.example]l[/]"
HOSTILE = f"begin {ACTING} {HIDING} {MARKUP} end"

ALLOWED = re.compile(
    r"\x1b\[[\d;:]*m"  # colours
    r"|\x1b\[\d+;\d+H|\x1b\[H"  # where to draw
    r"|\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1049|2004|2026|2048)[hl]"  # modes of the screen
    r"|\x1b\[\?(?:2026|2048)\$p"  # may modes be used?
    r"|\x1b\[>\d+u|\x1b\[<u"  # the keyboard
    r"|\x1b\]22;[a-z-]*\x07"  # the shape of the pointer
    r"|\x1b\[2[23];2t"  # the window's own title, kept and given back
    r"|(?:\x1b\]2;|\x07\x1b\]9;)[^\x00-\x1f\x7f-\x9f]*\x1b\\"  # its new title; a bell and a notice
)


def strangers(terminal: Terminal) -> set[str]:
    """Every character that acts or hides and belongs to no sequence that the deck needs."""
    written = terminal.written.decode()
    acting = {char for char in ALLOWED.sub("", written) if char < " " or "\x7f" <= char <= "\x9f"}
    return acting - {"\n", "\r"} | (set(written) & set(HIDING))


def spoiled_theme(program: Program) -> None:
    """A theme whose mistake is told in a notification, in its own words."""
    themes = program.home / "themes"
    themes.mkdir(parents=True)
    (themes / "bad.toml").write_text(f"name = {json.dumps(HOSTILE)}\ndark = true\n[colours]\n")


def look(terminal: Terminal, keys: str, words: str) -> None:
    """Press keys, and see what they opened."""
    terminal.press(keys, 0.6)
    terminal.until(lambda text: words in text)


def test_a_live_deck_lets_nothing_through_and_nothing_run(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoiled_theme(program)
    wants = (
        call("write_file", "call-1", path="notes [@click=app.quit].md", content=HOSTILE),
        call("shell", "call-2", command=f"echo '{HOSTILE}'"),
        call(f"tool {MARKUP}", "call-3", text=HOSTILE),
    )
    said = Script((Text(HOSTILE), *wants), stop="tool_use")
    words = ("run", "--workspace", str(program.workspace), "--model", MODEL, "--", HOSTILE)
    with answering(monkeypatch, [said, DONE]), Terminal(command(*words), env=os.environ) as deck:
        deck.until(lambda text: "bad.toml" in text)  # told in a notification
        deck.until(lambda text: "Approve? 1 of 2" in text and "begin ␛]52;c" in text)
        deck.until(lambda text: "bad.toml" not in text)
        look(deck, "x", "What decided")
        look(deck, ESCAPE, "Approve? 1 of 2")
        while "pgdn to its end" in deck.text:
            deck.press("\x1b[6~", 0.5)
        deck.press("", 1.0)
        look(deck, "e", "ctrl+s approves")
        look(deck, f"\x1b[200~{HOSTILE}\x13\r\x1b[201~", "was − now +")
        look(deck, ESCAPE, "Approve? 1 of 2")
        look(deck, "s", "how far")
        look(deck, "\x1b[C", "● this session")
        look(deck, "e", "enter goes back")
        deck.press(HOSTILE.replace("\r", "").replace("\x1b", ""), 0.5)
        look(deck, "\r", "how far")
        look(deck, ESCAPE, "Approve? 1 of 2")
        look(deck, "j", "Approve? 2 of 2")
        look(deck, "x", "What decided")
        look(deck, ESCAPE, "Approve? 2 of 2")
        deck.press(CTRL_Q, 0.5)
        deck.press(CTRL_Q, 0.5)
        deck.wait()
        assert strangers(deck) == set()
        assert deck.disorder() == []
    types = [event["type"] for event in program.shown().events]
    assert "call_started" not in types
    assert "rule_granted" not in types
    assert not list(program.workspace.glob("notes*"))


def recorded() -> list[Event]:
    """A session that somebody prepared: hostile wherever text can be."""
    rule = Rule(decide="allow", match=f"shell({HOSTILE})", scope="session", why=HOSTILE)
    preview = Preview(kind="command", text=HOSTILE, note=HOSTILE, title=HOSTILE)
    reasons = (Reason(text=HOSTILE, span=(3, 40)),)
    facts = {"hosts": [HOSTILE], "env_set": [HOSTILE], HOSTILE: [HOSTILE]}
    start, *rest = stories.beginning()
    return [
        start.model_copy(update={"goal": HOSTILE, "model": HOSTILE}),
        *rest,
        SandboxChecked(backend=HOSTILE, passed=False, says=HOSTILE),
        ServerChecked(server=HOSTILE, says=HOSTILE),
        RuleGranted(grant=Grant(grant_id=HOSTILE, rule=rule), call_id="c3"),
        *stories.turn(5, HOSTILE, ("c7", "shell", {"command": HOSTILE, HOSTILE: HOSTILE})),
        *stories.asked("c7", preview, Category.NETWORK, rule=HOSTILE, facts=facts, reasons=reasons),
    ]


def test_a_hostile_recording_is_shown_and_does_nothing(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "evil.jsonl"
    records = recording(recorded())
    write_records(path, records)
    words = ("replay", str(path), "--at", str(records[-1].seq))
    with Terminal(command(*words), env=os.environ) as deck:
        deck.until(lambda text: "begin" in text)
        deck.press("\x1b[F", 0.5)
        deck.until(lambda text: "Approve?" in text)
        assert "begin ␛]52;c" in deck.text
        look(deck, "x", "What decided")
        look(deck, ESCAPE, "Approve?")
        look(deck, "G", "Standing permissions")
        deck.until(lambda text: "has let nothing run" in text)
        look(deck, ESCAPE, "Approve?")
        deck.press("\x1b[1;2D\x1b[1;2D", 0.5)
        deck.press(CTRL_Q, 0.5)
        deck.wait()
        assert strangers(deck) == set()
        assert deck.disorder() == []
    assert not (program.home / "loopdeck.db").exists() or program.listed() == []
