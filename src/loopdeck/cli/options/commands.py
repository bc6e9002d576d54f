"""The words of the command line: running, replaying, and where the other commands are."""

import argparse
from typing import NoReturn

from loopdeck import __version__
from loopdeck.cli.options.mcp import mcp
from loopdeck.cli.options.policy import approvals, policy
from loopdeck.cli.options.sessions import sessions
from loopdeck.cli.options.shared import (
    Adder,
    command,
    common,
    level,
    limits,
    plain,
    rules,
    whole_number,
)
from loopdeck.errors import UsageError

EXIT_CODES = """\
exit codes: 0 goal met · 1 failed · 2 wrong usage · 3 a limit stopped it · 4 waits for its human
            5 stopped by the human · 128+N ended by signal N"""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in a sentence, as every other part of the program does."""

    def error(self, message: str) -> NoReturn:
        """Raises `UsageError`."""
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", f"{self.prog} --help")


RUN_DEFAULTS = {  # what a run started from the home screen has, where no option was given
    "goal": None,
    "model": None,
    "workspace": ".",
    "check": None,
    "level": None,
    "max_steps": None,
    "max_tokens": None,
    "max_cost": None,
    "max_minutes": None,
    "allow": (),
    "ask": (),
    "deny": (),
    "on_unknown": "park",
    "pace": None,
    "plain": False,
}


def goes_home(args: argparse.Namespace) -> bool:
    """Whether the command opens the library and no session."""
    return args.command == "home" or (args.command == "run" and args.goal is None)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = Parser(
        prog="loopdeck",
        description="Watch agents work, approve with a keystroke, replay any session.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("-V", "--version", action="version", version=f"loopdeck {__version__}")
    common(top, first=True)
    top.set_defaults(**RUN_DEFAULTS)
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    _runs(commands)
    _replay(commands)
    sessions(commands)
    approvals(commands)
    policy(commands)
    mcp(commands)
    common(commands.add_parser("models", help="which models can be named, and their prices"))
    common(commands.add_parser("doctor", help="what is configured, reachable and healthy"))
    common(commands.add_parser("reset-terminal", help="bring a terminal back to its usual state"))
    return top


def _runs(commands: Adder) -> None:
    run = commands.add_parser("run", help="start an agent on a goal")
    run.add_argument("goal", nargs="?", metavar="GOAL", help="what the agent is to do")
    run.add_argument("--model", metavar="NAME", help="`loopdeck models` names those there are")
    words = "where the agent works; else the folder you are in"
    run.add_argument("--workspace", metavar="DIR", default=".", help=words)
    words = "the goal is met when this succeeds"
    run.add_argument("--check", type=command, metavar="COMMAND", help=words)
    level(run)
    demo = commands.add_parser("demo", help="a scripted agent doing real work, no key needed")
    demo.add_argument("name", nargs="?", default="pitches", metavar="NAME")
    demo.add_argument("--model", help=argparse.SUPPRESS)
    demo.add_argument("--pace", type=float, default=None, help=argparse.SUPPRESS)
    level(demo)
    resume = commands.add_parser("resume", help="go on with a session")
    resume.add_argument("session", metavar="SESSION")
    _on_unknown(resume)
    words = "go on although a process that hangs still runs it; that one can write no more"
    resume.add_argument("--take-over", action="store_true", help=words)
    for parser in (run, demo, resume, _fork(commands)):
        limits(parser)
        rules(parser)
        parser.add_argument("--headless", action="store_true", help="run without a screen")
        plain(parser)
        words = "where nobody can answer: wait, put the call aside (park, the default) or deny it"
        parser.add_argument(
            "--on-ask", choices=["wait", "park", "deny"], default="park", help=words
        )
        common(parser)


def _fork(commands: Adder) -> argparse.ArgumentParser:
    fork = commands.add_parser("fork", help="a new session from a moment of another")
    fork.add_argument("session", metavar="SESSION")
    fork.add_argument("--at", type=whole_number, metavar="SEQ", help="the moment; else its end")
    fork.add_argument("--message", metavar="TEXT", help="what you tell the agent from there on")
    fork.add_argument("--args", metavar="JSON", help="other arguments for the call at that moment")
    fork.add_argument("--yes", action="store_true", help="the files stay as they are: I know")
    _on_unknown(fork)
    return fork


def _on_unknown(parser: argparse.ArgumentParser) -> None:
    words = "a call whose end nobody saw: wait for your word (park, the default), or tell the model"
    parser.add_argument("--on-unknown", choices=["park", "tell"], default="park", help=words)


def _replay(commands: Adder) -> None:
    replay = commands.add_parser("replay", help="open a past session, step by step")
    replay.add_argument("session", nargs="?", default="last", metavar="SESSION or FILE")
    replay.add_argument("--at", type=whole_number, metavar="SEQ", help="where to put the playhead")
    replay.add_argument("--compare", metavar="SESSION or FILE", help="beside another run")
    plain(replay)
    common(replay)
    rerun = commands.add_parser("rerun", help="run a recording again, without key or effect")
    rerun.add_argument("session", metavar="SESSION or FILE")
    common(rerun)
