"""Runs the program as its users do, in this process or as another, at home in a test's folder."""

import asyncio
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from loopdeck.cli.clock import SystemClock
from loopdeck.cli.main import main
from loopdeck.session.values import JsonObject
from tests.support.message_script import Answers
from tests.support.messages_server import MessagesServer, serving

KEY = "test-key"
MODEL = "claude-test"
ENVIRONMENT = (
    *("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL"),
    *("OPENAI_API_KEY", "OPENAI_BASE_URL", "LOOPDECK_SERVER_KEY"),
    *("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GEMINI_BASE_URL", "GEMINI_BASE_URL"),
)


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[JsonObject]:
        """The lines of JSON on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def events(self) -> list[JsonObject]:
        """The events of the records on stdout."""
        return [line["event"] for line in self.lines]

    @property
    def session(self) -> str:
        """The session whose records are on stdout."""
        return str(self.lines[0]["session"])

    def of(self, kind: str) -> list[JsonObject]:
        """The events of one type."""
        return [event for event in self.events if event["type"] == kind]

    def results(self) -> dict[str, JsonObject]:
        """How each call ended."""
        return {event["call_id"]: event for event in self.of("call_finished")}


@dataclass
class Program:
    """The command line with a home of its own. Waits between attempts are noted, not waited."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    waits: list[float] = field(default_factory=list[float])

    @property
    def home(self) -> Path:
        """Where the program keeps everything."""
        return self.folder / "home"

    @property
    def workspace(self) -> Path:
        """A folder with a few files for an agent to look at."""
        return self.folder / "shed"

    def __call__(self, *argv: str) -> Ran:
        """Run a command in this process."""
        self.capsys.readouterr()
        try:
            code = main(argv)
        except SystemExit as leaving:  # argparse leaves by itself
            code = leaving.code if isinstance(leaving.code, int) else 1
        out, err = self.capsys.readouterr()
        return Ran(code, out, err)

    def run(self, *argv: str, goal: str = "tidy the shed") -> Ran:
        """`run --headless --json` in the workspace."""
        options = ("--workspace", str(self.workspace), "--model", MODEL)
        return self("run", "--headless", "--json", *options, *argv, "--", goal)

    def shown(self, session: str = "last") -> Ran:
        """Everything on record about a session."""
        return self("sessions", "show", session, "--json")

    def listed(self) -> list[JsonObject]:
        """The sessions there are."""
        return self("sessions", "list", "--json").lines

    def start(self, *argv: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start a command as a process of its own."""
        return subprocess.Popen(
            command(*argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env={**os.environ, **(env or {})},
        )


def eventually(true: Callable[[], bool], patience_s: float = 30.0) -> None:
    """Wait until something in another thread or process is true."""
    end = time.monotonic() + patience_s
    while not true():
        if time.monotonic() > end:
            raise AssertionError("It did not become true in time.")
        time.sleep(0.01)


def command(*argv: str) -> Sequence[str]:
    """The words that start the program."""
    return (sys.executable, "-m", "loopdeck", *argv)


@pytest.fixture
def program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Generator[Program]:
    """The program, at home in the test's folder and without any key."""
    made = Program(tmp_path, capsys)
    made.workspace.mkdir()
    (made.workspace / "README.md").write_text("# The shed\n\nLoopdeck keeps its tools here.\n")
    (made.workspace / "rake.txt").write_text("one rake\n")
    monkeypatch.setenv("LOOPDECK_HOME", str(made.home))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)

    async def at_once(_: SystemClock, seconds: float) -> None:
        made.waits.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr(SystemClock, "sleep", at_once)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield made
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


@contextmanager
def answering(
    monkeypatch: pytest.MonkeyPatch, answers: Answers, *, key: str = KEY
) -> Generator[MessagesServer]:
    """A model server that the program finds through its environment."""
    with serving(answers, key=KEY) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", key)
        yield server
