"""The words of the command line."""

import argparse
from typing import NoReturn, Protocol

from loopdeck import __version__
from loopdeck.errors import UsageError

EXIT_CODES = """\
exit codes: 0 goal met · 1 failed · 2 wrong usage · 3 a limit stopped it · 4 waits for its human
            5 stopped by the human · 128+N ended by signal N"""
EXPORTS = ("jsonl", "markdown", "html", "atif", "asciicast", "asciicast3")


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


class Adder(Protocol):
    """What argparse gives for adding subcommands; its own class for it is private."""

    def add_parser(self, name: str, *, help: str = "") -> argparse.ArgumentParser:
        """A new subcommand."""
        ...


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = Parser(
        prog="loopdeck",
        description="Watch agents work, approve with a keystroke, replay any session.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("-V", "--version", action="version", version=f"loopdeck {__version__}")
    _common(top, first=True)
    top.set_defaults(**RUN_DEFAULTS)
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    _runs(commands)
    _replay(commands)
    _sessions(commands)
    _approvals(commands)
    _policy(commands)
    _common(commands.add_parser("doctor", help="what is configured, reachable and healthy"))
    return top


def _common(parser: argparse.ArgumentParser, *, first: bool = False) -> None:
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


def _runs(commands: Adder) -> None:
    run = commands.add_parser("run", help="start an agent on a goal")
    run.add_argument("goal", nargs="?", metavar="GOAL")
    run.add_argument("--model", metavar="NAME")
    run.add_argument("--workspace", metavar="DIR", default=".")
    run.add_argument("--check", metavar="COMMAND", help="the goal is met when this succeeds")
    _level(run)
    demo = commands.add_parser("demo", help="a scripted agent doing real work, no key needed")
    demo.add_argument("name", nargs="?", default="pitches", metavar="NAME")
    demo.add_argument("--model", help=argparse.SUPPRESS)
    demo.add_argument("--pace", type=float, default=None, help=argparse.SUPPRESS)
    _level(demo)
    resume = commands.add_parser("resume", help="go on with a session")
    resume.add_argument("session", metavar="SESSION")
    resume.add_argument("--on-unknown", choices=["park", "tell"], default="park")
    words = "go on although a process that hangs still runs it; that one can write no more"
    resume.add_argument("--take-over", action="store_true", help=words)
    for parser in (run, demo, resume, _fork(commands)):
        _limits(parser)
        _rules(parser)
        parser.add_argument("--headless", action="store_true", help="run without a screen")
        _plain(parser)
        parser.add_argument("--on-ask", choices=["wait", "park", "deny"], default="park")
        _common(parser)


def _plain(parser: argparse.ArgumentParser) -> None:
    words = "lines and numbers instead of a screen: for screen readers and logs"
    parser.add_argument("--plain", action="store_true", help=words)


def _fork(commands: Adder) -> argparse.ArgumentParser:
    fork = commands.add_parser("fork", help="a new session from a moment of another")
    fork.add_argument("session", metavar="SESSION")
    fork.add_argument("--at", type=whole_number, metavar="SEQ", help="the moment; else its end")
    fork.add_argument("--message", metavar="TEXT", help="what you tell the agent from there on")
    fork.add_argument("--args", metavar="JSON", help="other arguments for the call at that moment")
    fork.add_argument("--yes", action="store_true", help="the files stay as they are: I know")
    fork.add_argument("--on-unknown", choices=["park", "tell"], default="park")
    return fork


def _level(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--level", type=int, choices=range(1, 6), metavar="1..5")


def _limits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--max-steps", type=whole_number, metavar="N")
    parser.add_argument("--max-tokens", type=whole_number, metavar="N")
    parser.add_argument("--max-cost", type=amount, metavar="USD")
    parser.add_argument("--max-minutes", type=amount, metavar="N")


def _rules(parser: argparse.ArgumentParser) -> None:
    for decide in ("allow", "ask", "deny"):
        parser.add_argument(f"--{decide}", action="append", default=[], metavar="RULE")


def _replay(commands: Adder) -> None:
    replay = commands.add_parser("replay", help="open a past session, step by step")
    replay.add_argument("session", nargs="?", default="last", metavar="SESSION or FILE")
    replay.add_argument("--at", type=whole_number, metavar="SEQ", help="where to put the playhead")
    replay.add_argument("--compare", metavar="SESSION or FILE", help="beside another run")
    _plain(replay)
    _common(replay)
    rerun = commands.add_parser("rerun", help="run a recording again, without key or effect")
    rerun.add_argument("session", metavar="SESSION or FILE")
    _common(rerun)


def _sessions(commands: Adder) -> None:
    sessions = commands.add_parser("sessions", help="the library without a screen")
    _common(sessions)
    verbs = sessions.add_subparsers(dest="verb", metavar="VERB", required=True)
    listing = verbs.add_parser("list", help="a line a session")
    listing.add_argument("words", nargs="*", metavar="WORD", help="only lines with these words")
    listing.add_argument("--archived", action="store_true", help="those that were put away")
    _common(listing)
    for verb, text in (
        ("show", "what happened in a session"),
        ("verify", "check the database and each log"),
    ):
        parser = verbs.add_parser(verb, help=text)
        parser.add_argument("session", metavar="SESSION", nargs="?" if verb == "verify" else None)
        _common(parser)
    salvage = verbs.add_parser("salvage", help="copy what can be read of a damaged database")
    salvage.add_argument("--output", metavar="FILE", help="the new database")
    _common(salvage)
    search = verbs.add_parser("search", help="find words in all sessions")
    search.add_argument("text", metavar="TEXT")
    search.add_argument("--limit", type=whole_number, metavar="N", default=200)
    _common(search)
    _shelf(verbs)
    export = verbs.add_parser("export", help="write a session out")
    export.add_argument("session", metavar="SESSION")
    export.add_argument("--format", choices=EXPORTS, default="jsonl")
    export.add_argument("--output", metavar="FILE", default="-")
    export.add_argument(
        "--size", type=screen_size, default=(100, 30), metavar="COLSxROWS", help="of an asciicast"
    )
    _common(export)
    bring = verbs.add_parser("import", help="take in an exported session")
    bring.add_argument("file", metavar="FILE")
    _common(bring)


def _shelf(verbs: Adder) -> None:
    rename = verbs.add_parser("rename", help="give a session a name")
    rename.add_argument("session", metavar="SESSION")
    rename.add_argument("name", metavar="NAME", help="an empty one takes the name away")
    tag = verbs.add_parser("tag", help="give a session tags")
    tag.add_argument("session", metavar="SESSION")
    tag.add_argument("tags", metavar="TAG", nargs="*")
    tag.add_argument("--remove", action="store_true", help="take these tags away")
    archive = verbs.add_parser("archive", help="put sessions away, to be restored")
    restore = verbs.add_parser("restore", help="bring sessions back from the archive")
    for parser in (archive, restore):
        parser.add_argument("sessions", metavar="SESSION", nargs="+")
    delete = verbs.add_parser("delete", help="remove a session; a copy goes to the archive")
    delete.add_argument("session", metavar="SESSION")
    delete.add_argument("--for-good", action="store_true", help="keep no copy")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    for parser in (rename, tag, archive, restore, delete):
        _common(parser)


_APPROVE = (
    "At a terminal, shows all of what would run and asks for y, or for the word that confirms it. "
    "In a script, ID is enough for a call that was asked about once and destroys nothing; for any "
    "other it is the whole ID@REQUEST that `approvals list` prints, so that nobody says yes to a "
    "request that they have not seen."
)


def _approvals(commands: Adder) -> None:
    approvals = commands.add_parser("approvals", help="answer waiting calls from here")
    _common(approvals)
    verbs = approvals.add_subparsers(dest="verb", metavar="VERB", required=True)
    _common(verbs.add_parser("list", help="what waits for an answer"))
    approve = verbs.add_parser("approve", help="let a waiting call run, once", description=_APPROVE)
    deny = verbs.add_parser("deny", help="do not let it run")
    deny.add_argument("--reason", metavar="TEXT", default="", help="the model hears it")
    answer = verbs.add_parser("answer", help="answer a question, with one of its words or your own")
    for parser in (approve, deny, answer):
        parser.add_argument("id", metavar="ID")
        _common(parser)
    answer.add_argument("words", metavar="WORDS", nargs="+")


def _policy(commands: Adder) -> None:
    policy = commands.add_parser("policy", help="explain what would be asked, and keep the rules")
    _common(policy)
    verbs = policy.add_subparsers(dest="verb", metavar="VERB", required=True)
    _check(verbs)
    replay = verbs.add_parser("replay", help="decide recorded calls again under other rules")
    replay.add_argument("--policy", metavar="FILE", required=True)
    replay.add_argument("sessions", nargs="*", metavar="SESSION")
    _level(replay)
    suggest = verbs.add_parser("suggest", help="rules that would have saved you questions")
    suggest.add_argument("--since", type=whole_number, metavar="DAYS", help="only newer calls")
    suggest.add_argument(
        "--accept", type=whole_number, metavar="N", help="add the Nth to the config"
    )
    bring = verbs.add_parser("import", help="take over the permissions of Claude Code")
    bring.add_argument("file", metavar="FILE", help="a settings.json")
    bring.add_argument("--write", action="store_true", help="append the rules to the config")
    accept = verbs.add_parser("accept", help="say yes to the rules a project brings along")
    accept.add_argument("folder", nargs="?", default=".", metavar="DIR")
    for parser in (replay, suggest, bring, accept):
        _common(parser)


def _check(verbs: Adder) -> None:
    check = verbs.add_parser("check", help="what would happen to a call")
    check.add_argument("shell_command", nargs="?", metavar="COMMAND")
    check.add_argument("--jsonl", action="store_true", help="read calls from stdin")
    check.add_argument(
        "--in-order", action="store_true", help="the calls are one session: it may delete its own"
    )
    check.add_argument(
        "--no-sandbox", action="store_true", help="explain levels 4 and 5 as if there were none"
    )
    check.add_argument("--workspace", metavar="DIR", default=".")
    _level(check)
    _rules(check)
    _common(check)


def whole_number(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("it has to be 1 or more")
    return value


def screen_size(text: str) -> tuple[int, int]:
    columns, _, rows = text.partition("x")
    size = int(columns), int(rows)
    if not (60 <= size[0] <= 300 and 20 <= size[1] <= 100):
        raise argparse.ArgumentTypeError("a screen has 60x20 to 300x100 cells")
    return size


def amount(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError("it has to be more than 0")
    return value
