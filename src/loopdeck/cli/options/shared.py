"""Options that several commands share, and the numbers that they take."""

import argparse
from typing import Protocol

_MOST = {
    "steps": "stop after so many replies of the model",
    "tokens": "stop when the model has read and written so many",
    "cost": "stop when it has cost so much",
    "minutes": "stop when it has worked so long; waiting for you does not count",
}
_DECIDES = {
    "allow": "let such calls run unasked, as `shell(git status)`; once for each rule",
    "ask": "ask about such calls, whatever allows them",
    "deny": "never let such calls run, whatever allows them",
}


class Adder(Protocol):
    """What argparse gives for adding subcommands; its own class for it is private."""

    def add_parser(self, name: str, *, help: str = "") -> argparse.ArgumentParser:
        """A new subcommand."""
        ...


def common(parser: argparse.ArgumentParser, *, first: bool = False) -> None:
    """Options every command takes; only the top level sets their defaults."""
    default = None if first else argparse.SUPPRESS
    parser.add_argument("--db", metavar="FILE", default=default, help="the session database")
    parser.add_argument("--config", metavar="FILE", default=default, help="the config file")
    parser.add_argument(
        "--json",
        action="store_true",
        default=False if first else argparse.SUPPRESS,
        help="machine-readable data on stdout",
    )


def plain(parser: argparse.ArgumentParser) -> None:
    """Lines instead of a screen."""
    words = "lines and numbers instead of a screen: for screen readers and logs"
    parser.add_argument("--plain", action="store_true", help=words)


def level(parser: argparse.ArgumentParser) -> None:
    """How much is done without asking."""
    words = (
        "what runs unasked: 1 nothing, there are no tools; 2 reads in the workspace, other reads "
        "ask, nothing else is offered; 3 the same, and all else asks; 4 also writes and builds, in "
        "the sandbox; 5 as 4, with nobody there: what would ask is put aside"
    )
    parser.add_argument("--level", type=int, choices=range(1, 6), metavar="1..5", help=words)


def limits(parser: argparse.ArgumentParser) -> None:
    """What stops a run."""
    parser.add_argument("--max-steps", type=whole_number, metavar="N", help=_MOST["steps"])
    parser.add_argument("--max-tokens", type=whole_number, metavar="N", help=_MOST["tokens"])
    parser.add_argument("--max-cost", type=amount, metavar="USD", help=_MOST["cost"])
    parser.add_argument("--max-minutes", type=amount, metavar="N", help=_MOST["minutes"])


def rules(parser: argparse.ArgumentParser) -> None:
    """Rules for this command alone."""
    for decide, words in _DECIDES.items():
        parser.add_argument(f"--{decide}", action="append", default=[], metavar="RULE", help=words)


def command(text: str) -> str:
    """Words for a shell."""
    if not text.strip():
        raise argparse.ArgumentTypeError("a command has to say something; leave the option out")
    return text


def whole_number(text: str) -> int:
    """1, 2, 3 …"""
    if not (text.isdecimal() and text.isascii() and int(text)):
        raise argparse.ArgumentTypeError(f"it has to be a number, 1 or more, and not “{text}”")
    return int(text)


def amount(text: str) -> float:
    """More than nothing."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if value == float("inf"):
        raise argparse.ArgumentTypeError(f"“{text}” limits nothing: leave the option out")
    if not value > 0:
        raise argparse.ArgumentTypeError(f"it has to be a number, more than 0, and not “{text}”")
    return value
