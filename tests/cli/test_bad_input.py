"""Whatever is wrong with what the program is given, it says so in a sentence and loses nothing."""

import os
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from loopdeck.journal.migrations import MIGRATIONS
from tests.support.message_script import Script, Text
from tests.support.program import MODEL, Program, Ran, answering, command

BUGFIX = ("--model", "scripted:bugfix")
DONE = Script((Text("Done."),))


def sentence(ran: Ran, code: int) -> str:
    """What was said, which has to be a sentence and a next step, and not a traceback."""
    assert ran.code == code, ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err
    first, _, hint = ran.err.partition("\n")
    assert first.startswith("loopdeck: ")
    assert first.endswith((".", "?"))
    assert hint.startswith("  ")
    assert hint.strip()
    return first


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["run", "--headless"], "The goal is empty."),
        (["run", "--headless", " \n "], "The goal is empty."),
        (
            ["run", "--headless", "--model", "gpt-9", "hi"],
            "it is openai:gpt-9. OPENAI_API_KEY is not set",
        ),
        (["run", "--headless", "--model", "scripted:opera", "hi"], "no script called “opera”"),
        (["run", "--headless", "hi"], "There is no key for the model"),
        (["run", "--headless", "--workspace", "nowhere", "hi"], "nowhere does not exist."),
        (["run", "--headless", "--workspace", "file", "hi"], "file is not a folder."),
        (["run", "--headless", *BUGFIX, "--allow", "shell((", "hi"], "shell(("),
        (["run", "--headless", *BUGFIX, "--level", "6", "hi"], "--level"),
        (["run", "--headless", *BUGFIX, "--max-steps", "0", "hi"], "1 or more"),
        (["run", "--headless", *BUGFIX, "--max-cost", "nan", "hi"], "more than 0"),
        (["run", "--headless", *BUGFIX, "--max-cost", "much", "hi"], "not “much”"),
        (["replay", "demo-bugfix", "--plain", "--at", "0"], "a number, 1 or more"),
        (["replay", "demo-bugfix", "--plain", "--at", "999"], "There is no event #999"),
        (["run", "--headless", *BUGFIX, "--max-minutes", "soon", "hi"], "--max-minutes"),
        (["run", "--headless", *BUGFIX, "--on-ask", "shrug", "hi"], "--on-ask"),
        (["demo", "opera", "--headless"], "There is no demo called “opera”."),
        (["resume", "--headless", "nobody"], "sessions"),
        (["sessions", "show", "nobody"], "sessions"),
        (["sessions", "export", "nobody"], "sessions"),
        (["sessions", "delete", "nobody"], "sessions"),
        (["sessions", "verify", "last"], "sessions"),
        (["sessions"], "VERB"),
        (["sessions", "paint"], "paint"),
        (["approvals", "approve", "nothing"], "Nothing that waits has the id nothing."),
        (["policy", "check"], "There is no command to check."),
        (["policy", "check", "--workspace", "nowhere", "ls"], "nowhere does not exist."),
        (["policy", "replay", "--policy", "nowhere.toml"], "nowhere.toml cannot be read"),
        (["dance"], "dance"),
        (["--config", "nowhere.toml", "sessions", "list", "--sideways"], "--sideways"),
    ],
    ids=str,
)
def test_wrong_words_are_said_and_nothing_begins(
    argv: list[str], said: str, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(program.folder)
    (program.folder / "file").write_text("")
    assert said in sentence(program(*argv), 2)
    assert program.listed() == []


@pytest.mark.parametrize("argv", [[], ["replay"], ["replay", "demo-bugfix"]], ids=str)
def test_a_screen_without_a_terminal_names_what_needs_none(
    argv: list[str], program: Program
) -> None:
    assert "no terminal to draw on" in sentence(program(*argv), 2)


def test_a_run_without_a_terminal_says_so_and_goes_on(program: Program) -> None:
    ran = program("demo", "bugfix", "--pace", "0")
    assert ran.code == 4
    assert ran.err.startswith("loopdeck: There is no terminal to draw on. Going on without")


def test_a_bad_address_of_a_server(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "localhost:11434")
    assert "is not the address of a server" in sentence(program("run", "--headless", "hi"), 2)


def test_a_key_that_cannot_be_one_is_not_repeated(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "“my secret”")
    said = sentence(program("run", "--headless", "hi"), 2)
    assert "ANTHROPIC_API_KEY" in said
    assert "my secret" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("level = = 3", "is not valid TOML"),
        ('level = "high"', "level"),
        ("level = 9", "level"),
        ("level = true", "level"),
        ('colour = "red"', "colour: no such setting."),
        ('modle = "claude-x"', "Did you mean model?"),
        ('[limits]\nsteps = "many"', "limits.steps"),
        ("[limits]\ncost_usd = -1.0", "limits.cost_usd"),
        ("[keys]\nquit = 7", "keys.quit"),
        ('[prices."m"]\ninput = "free"\noutput = 1.0', "prices.m.input"),
        ("rule = 3", "rule"),
        ('[[rule]]\ndecide = "perhaps"\nmatch = "shell"', "decide"),
        ('[[rule]]\ndecide = "allow"\nmatch = "shell(("', "shell(("),
        ('[[rule]]\ndecide = "deny"\nmatch = "shell"\nexpires = "soon"', "expires"),
        (
            '[[rule]]\ndecide = "allow"\nmatch = "shell(ls *)"\nexamples = ["rm x"]',
            "does not match its own example",
        ),
    ],
    ids=range(15),
)
def test_a_broken_config_names_the_place(text: str, said: str, program: Program) -> None:
    program.home.mkdir()
    (program.home / "config.toml").write_text(text)
    assert said in sentence(program("run", "--headless", *BUGFIX, "hi"), 2)
    assert not (program.home / "loopdeck.db").exists() or program.listed() == []


def test_a_config_that_is_no_text_or_no_file(program: Program) -> None:
    config = program.folder / "config.toml"
    config.write_bytes(b"\xff\xfe\0\0")
    for path in (config, program.folder, program.folder / "nowhere.toml"):
        said = sentence(program("run", "--headless", "--config", str(path), *BUGFIX, "hi"), 2)
        assert str(path) in said


def garbage(path: Path) -> None:
    path.write_bytes(b"this is not a database, whatever its name says\n" * 100)


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    db.close()


def folder(path: Path) -> None:
    path.mkdir()


def newer(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA application_id = {0x4C4F4F50}")
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        db.execute("CREATE TABLE future (name TEXT)")
    db.close()


@pytest.mark.parametrize(
    ("make", "said", "code"),
    [
        (garbage, "is not a database of Loopdeck.", 2),
        (foreign, "is not a database of Loopdeck.", 2),
        (newer, "A newer Loopdeck wrote", 1),
        (folder, "is not a file.", 2),
        (os.mkfifo, "is not a file.", 2),
    ],
    ids=["garbage", "another program's", "newer", "a folder", "a pipe"],
)
def test_a_database_that_is_not_ours_is_left_as_it_is(
    make: Callable[[Path], None], said: str, code: int, program: Program
) -> None:
    path = program.folder / "some.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    sentence(program("--db", str(path), "sessions", "list"), code)
    assert said in sentence(program("--db", str(path), "run", "--headless", *BUGFIX, "hi"), code)
    assert (path.read_bytes() if path.is_file() else b"") == before


@pytest.mark.parametrize("place", ["file/loopdeck.db", "file/deeper/loopdeck.db"])
def test_a_place_for_the_database_that_cannot_be(place: str, program: Program) -> None:
    (program.folder / "file").write_text("")
    run = ("--db", str(program.folder / place), "run", "--headless", *BUGFIX, "hi")
    assert "There is no folder" in sentence(program(*run), 2)


@pytest.mark.parametrize(
    "words", ["sessions list", "sessions verify", "approvals list", "resume last", "fork last"]
)
def test_a_database_that_is_not_there_is_not_made_to_be_looked_into(
    words: str, program: Program
) -> None:
    path = program.folder / "nowhere.db"
    assert "There is no database" in sentence(program("--db", str(path), *words.split()), 2)
    assert "There is no folder" in sentence(program("--db", str(path / "b.db"), "doctor"), 2)
    assert not path.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not stop root")
def test_folders_that_may_not_be_written(program: Program) -> None:
    program.workspace.chmod(0o500)
    run = ("run", "--headless", *BUGFIX, "--workspace", str(program.workspace), "hi")
    assert "cannot be read and written" in sentence(program(*run), 2)
    program.home.mkdir(0o500)
    assert "cannot be made" in sentence(program("run", "--headless", *BUGFIX, "hi"), 1)


def test_a_home_that_is_a_file(program: Program) -> None:
    program.home.write_text("")
    assert "cannot be made" in sentence(program("run", "--headless", *BUGFIX, "hi"), 1)


def test_names_that_mean_more_than_one_session(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [DONE]):
        ran = program.run()
    for name in ("twin-1", "twin-2"):
        path = program.folder / name
        path.write_text(program.shown(ran.session).out.replace(ran.session, name))
        assert program("sessions", "import", str(path)).out == f"{name}\n"
    assert "twin" in sentence(program("sessions", "show", "twin"), 2)
    assert program("sessions", "show", "twin-1").code == 0


def test_a_workspace_that_has_gone_since(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(monkeypatch, [Script(stop="refusal")]):
        assert program.run().code == 1
        program.workspace.rename(program.folder / "elsewhere")
        said = sentence(program("resume", "--headless", "last"), 2)
    assert "shed does not exist" in said
    assert program.listed()[0]["state"] == "failed"


def test_a_session_that_is_done_is_not_resumed(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [DONE]):
        ran = program.run()
        assert "is done" in sentence(program("resume", "--headless", "last"), 2)
    assert program.shown().lines == ran.lines


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"not json\n", b'{"session": "s", "seq": 1}\n', b"\xff\xfe\n", b"[" * 100_000],
    ids=["empty", "blank", "words", "half a record", "no text", "deep"],
)
def test_a_recording_that_is_none_is_not_imported(content: bytes, program: Program) -> None:
    path = program.folder / "recording.jsonl"
    path.write_bytes(content)
    sentence(program("sessions", "import", str(path)), 1)
    assert program.listed() == []


def test_an_import_of_what_is_no_file(program: Program) -> None:
    os.mkfifo(program.folder / "pipe")
    for name, code in (("pipe", 1), ("nowhere", 2), ("shed", 1)):
        sentence(program("sessions", "import", str(program.folder / name)), code)


def test_a_goal_of_odd_letters_is_kept_and_shown(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal = "\x1b]0;mine\x07 [/] [red]näh[/] \ud800 \u202e\nsecond line"
    with answering(monkeypatch, [DONE]):
        ran = program.run(goal=goal)
        shown = program("run", "--headless", "--model", MODEL, "--workspace", ".", goal)
    assert ran.code == 0
    assert "\x1b" not in ran.err + shown.err
    listed = program("sessions", "list")
    assert "\x1b" not in listed.out
    assert "\u202e" not in listed.out
    assert "[/]" in listed.out


def test_a_database_that_is_damaged_later_is_said(program: Program) -> None:
    assert program("demo", "bugfix", "--headless").code == 4
    path = program.home / "loopdeck.db"
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * 4096 * 4)
    for wal in program.home.glob("loopdeck.db-*"):
        wal.unlink()
    said = sentence(program("sessions", "list"), 1)
    assert "damaged" in said or "failed" in said


def test_a_full_disk_under_the_output_is_said(program: Program) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    for unbuffered in ("", "1"):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                command("policy", "check", "ls"),
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
                env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            )
        assert done.returncode == 1
        assert done.stderr.count(b"loopdeck: Standard output cannot be written: No space") == 1
        assert b"The disk is full" not in done.stderr
        assert b"Traceback" not in done.stderr


def test_what_goes_wrong_inside_is_in_the_log_and_not_on_the_screen(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> int:
        raise ZeroDivisionError("a fault that nobody expected")

    monkeypatch.setattr("loopdeck.cli.doctor.main", broken)
    said = sentence(program("doctor"), 1)
    assert said == "loopdeck: Something went wrong inside Loopdeck."
    log = (program.home / "log" / "loopdeck.log").read_text()
    assert "a fault that nobody expected" in log
