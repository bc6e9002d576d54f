"""The entry point: parse, load the one module a command needs, turn errors into sentences."""

import errno
import gc
import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence

from loopdeck import __version__
from loopdeck.cli.console import loaded, tell
from loopdeck.errors import LoopdeckError, WorkspaceError

TYPE_CHECKING = False  # as in `typing`, which would be one more module before the first line
if TYPE_CHECKING:
    import argparse

INTERRUPTED = 130
LOADS_MORE = frozenset(  # behind the first frame
    {"home", "run", "demo", "resume", "fork", "replay"}
)
FRAMES_A_SECOND = "120"  # a key waits at most 8 ms for its paint; Textual's own 60 make it 17
GONE = "The folder that this was started in is gone."
FULL = (errno.ENOSPC, errno.EDQUOT)
NOBODY_READS = 141  # what the shell shows for a program that a closed pipe ended
COMMANDS = {  # command -> the module whose `main(args)` returns an exit code
    "home": "loopdeck.cli.runs.screens",
    "run": "loopdeck.cli.runs.verbs",
    "demo": "loopdeck.cli.runs.verbs",
    "resume": "loopdeck.cli.runs.verbs",
    "fork": "loopdeck.cli.runs.verbs",
    "replay": "loopdeck.cli.runs.screens",
    "rerun": "loopdeck.cli.rerun",
    "sessions": "loopdeck.cli.sessions.verbs",
    "approvals": "loopdeck.cli.approvals",
    "policy": "loopdeck.cli.policy.verbs",
    "mcp": "loopdeck.cli.mcp.verbs",
    "models": "loopdeck.cli.models",
    "doctor": "loopdeck.cli.doctor",
    "reset-terminal": "loopdeck.cli.terminal.resetting",
}


def entry() -> None:
    """What the `loopdeck` command calls.

    Until a command runs, and after it, ctrl+c has nothing to bring to an end: it ends the process
    as it does any other, without Python's word of where that was.
    """
    import signal  # before the rest, and what Python loads for it is needed anyway

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # nobody has it ignored
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main(sys.argv[1:]))


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code; no traceback ever reaches the user."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter
    return _flushed(_attempt(argv))


def _attempt(argv: Sequence[str]) -> int:
    if list(argv) in (["--version"], ["-V"]):
        print(f"loopdeck {__version__}")
        return 0
    try:
        return _run(_parse(argv))
    except LoopdeckError as error:
        tell(str(error), error.hint)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return NOBODY_READS


def _flushed(code: int) -> int:
    """Send out what is left; the interpreter would do it too late to say what went wrong."""
    try:
        sys.stdout.flush()
    except OSError as error:
        _discard_output()
        if isinstance(error, BrokenPipeError):
            return code or NOBODY_READS
        tell(f"Standard output cannot be written: {error.strerror}.")
        return code or 1
    return code


def _discard_output() -> None:
    """What could not be written is not tried again as the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parse(argv: Sequence[str]) -> "argparse.Namespace":
    from loopdeck.cli.options.commands import (
        parser,  # argparse costs 10 ms that --version need not pay
    )

    args = parser().parse_args(argv)
    args.command = args.command or "home"
    return args


def _run(args: "argparse.Namespace") -> int:
    try:
        gc.disable()  # going through what is being imported would cost a tenth of the start
        os.environ.setdefault("TEXTUAL_FPS", FRAMES_A_SECOND)  # read as textual is imported
        from loopdeck.cli.places import check_database  # every command needs it

        module = importlib.import_module(COMMANDS[args.command])
        if args.command not in LOADS_MORE:
            loaded()
        _heal(args)
        check_database(args)
        return _interruptible(lambda: int(module.main(args)))
    except (LoopdeckError, BrokenPipeError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise _no_room() from error
        if isinstance(error, FileNotFoundError) and _is_nowhere():
            raise WorkspaceError(GONE, "Change to a folder that exists, then try again.") from error
        tell(
            "Something went wrong inside Loopdeck.", f"The details are in {_reported(args, error)}"
        )
        return 1


def _no_room() -> LoopdeckError:
    """What is full: that which the output goes to, where it does not take what is left."""
    out = sys.stdout
    try:
        out.flush()
        if isinstance(out, io.TextIOWrapper) and out.write_through and not out.isatty():
            print()  # without a buffer nothing is left to flush
    except OSError as error:
        _discard_output()
        text = f"Standard output cannot be written: {error.strerror}."
        return LoopdeckError(text, "Send it elsewhere, or free some space where it goes.")
    return LoopdeckError("The disk is full.", "Free some space, then try again.")


def _is_nowhere() -> bool:
    """Whether the folder that this was started in was removed."""
    try:
        os.getcwd()  # noqa: PTH109 - a `Path` of it tells the same, and is loaded for it
    except FileNotFoundError:
        return True
    return False


def _interruptible(work: Callable[[], int]) -> int:
    """Do what ctrl+c ends in good order."""
    import signal

    if signal.getsignal(signal.SIGINT) is not signal.SIG_DFL:
        return work()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return work()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _heal(args: "argparse.Namespace") -> None:
    """Bring a terminal back on which a screen was killed."""
    from loopdeck.cli.places import places  # every command needs it

    note = places(args).terminal_note()
    if note is not None and note.exists():
        from loopdeck.cli.terminal.notes import Note  # few terminals need it

        if Note(note).heal():
            tell("Loopdeck was killed on this terminal; it is reset.")


def _reported(args: "argparse.Namespace", error: Exception) -> str:
    """The file with what went wrong; the log has it too."""
    import logging

    from loopdeck.cli.places import log_to_file, places
    from loopdeck.cli.terminal.crashes import write_report  # only now: most runs write neither

    path = log_to_file(args)
    logging.getLogger("loopdeck").error("command %s failed", args.command, exc_info=error)
    spots = places(args)
    return str(write_report(spots.log, spots.state, args.command, error) or path)
