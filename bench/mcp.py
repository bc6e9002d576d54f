"""MCP servers: what five of them cost a start, and what a call through Loopdeck adds to theirs."""

import json
import sys
from dataclasses import dataclass
from functools import cache

from bench.model_server import Plan, serving
from bench.parts import in_turns
from bench.processes import HERE, LOOPDECK, Home, floor, fresh_home, run
from bench.start import TITLE
from bench.stats import median
from bench.steps import DECK, HEADLESS
from bench.table import Figure, added, versus
from bench.terminal import terminal
from bench.tool_server import SLOW

SERVER = str(HERE / "tool_server.py")
NAMES = ("one", "two", "three", "four", SLOW)
CALLS = 40
WHICH = "mcp__one__look"
KEPT = "mcp"  # the folder of what servers offered


@dataclass(frozen=True)
class Begun:
    """How soon the deck was there, the model was asked, and had the answer of its first call."""

    frame_ms: float
    asked_ms: float
    called_ms: float


def mcp(rounds: int) -> list[Figure]:
    """Five servers, one of which is slow, against none and against one; and calls."""
    none, one, five = in_turns(rounds, lambda: begin(0), lambda: begin(1), lambda: begin(5))
    bare, through = in_turns(rounds, bare_call_ms, call_ms)
    plain = "without servers"
    return [
        versus(
            "first frame of the deck, five MCP servers and one of them slow",
            [each.frame_ms for each in five],
            [each.frame_ms for each in none],
            most=1.1,
            against=plain,
        ),
        versus(
            "start to first request, five MCP servers and one of them slow",
            [each.asked_ms for each in five],
            [each.asked_ms for each in none],
            most=1.1,
            against=plain,
        ),
        versus(
            "start to the answer of a first MCP call, five servers and one of them slow",
            [each.called_ms for each in five],
            [each.called_ms for each in one],
            most=1.25,
            against="with one server",
        ),
        added("a call of an MCP tool, against a bare client", through, bare, most=5),
    ]


def begin(servers: int) -> Begun:
    """The deck with so many servers, until the agent has called a tool and is done.

    Without servers it calls a tool that is not there: the model is asked as often.
    """
    with fresh_home() as home, serving(Plan(steps=1, tool=WHICH)) as served:
        configure(home, NAMES[:servers])
        with terminal(DECK, home.env(served.url), home.workspace) as deck:
            deck.wait_for(b"unchecked", timeout=60)
            deck.settle()
            frame, began = deck.moment(TITLE), deck.began
    first, second = (each.arrived - began for each in served.exchanges)
    return Begun(1000 * frame, 1000 * first, 1000 * second)


def bare_call_ms() -> float:
    """A call through the bare client."""
    with fresh_home() as home:
        words = (*floor("mcp_client"), str(CALLS), sys.executable, "-I", SERVER)
        return median(json.loads(run(words, home)))


def call_ms() -> float:
    """A call that an agent makes, from its recorded start to its recorded end."""
    with fresh_home() as home:
        configure(home, NAMES[:1])
        with serving(Plan(steps=CALLS, tool=WHICH)) as served:
            lines = run(HEADLESS, home, server=served.url).splitlines()
    started: dict[str, int] = {}
    taken: list[float] = []
    for record in map(json.loads, lines):
        event = record["event"]
        if event["type"] == "call_started":
            started[event["call_id"]] = record["mono"]
        elif event["type"] == "call_finished" and event["ok"]:
            taken.append((record["mono"] - started[event["call_id"]]) / 1e6)
    if len(taken) != CALLS:
        raise RuntimeError(f"{len(taken)} of {CALLS} calls of an MCP tool ended well.")
    return median(taken)


def configure(home: Home, names: tuple[str, ...]) -> None:
    """Name the servers, whose tools are known from before, and have one be slow from now on."""
    _name(home, names)
    if names:
        (home.data / KEPT).mkdir(mode=0o700)
        for name, text in _tools(names).items():
            (home.data / KEPT / name).write_text(text, "utf-8")
    (home.workspace / SLOW).touch()


def _name(home: Home, names: tuple[str, ...]) -> None:
    home.data.mkdir(mode=0o700)
    words = [sys.executable, "-I", SERVER]
    (home.data / "config.toml").write_text(
        "".join(
            f"[mcp.servers.{name}]\ntrusted = true\n"
            f"command = {json.dumps(words[0])}\nargs = {json.dumps([*words[1:], name])}\n"
            for name in names
        ),
        "utf-8",
    )


@cache
def _tools(names: tuple[str, ...]) -> dict[str, str]:
    """What Loopdeck keeps of what they offer, once it has seen it."""
    with fresh_home() as home:
        _name(home, names)
        run((*LOOPDECK, "mcp", "test"), home)
        return {one.name: one.read_text("utf-8") for one in (home.data / KEPT).iterdir()}
