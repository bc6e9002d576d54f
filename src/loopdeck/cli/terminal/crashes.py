"""Reports of what went wrong inside Loopdeck: a file each, without secrets, for its owner alone."""

import contextlib
import os
import platform
import time
import traceback
from pathlib import Path

from loopdeck import __version__
from loopdeck.cli.kept.files import write_private
from loopdeck.cli.secrecy import passing_redactor
from loopdeck.errors import LoopdeckError
from loopdeck.visible import expose

KEPT = 20


def write_report(folder: Path, state: Path, command: str, error: BaseException) -> Path | None:
    """Write down what went wrong; None where that cannot be done either.

    `state` is where the logins lie, of which a report says nothing.
    """
    now = time.gmtime()
    head = (
        f"loopdeck {__version__} {command}",
        f"{platform.platform()}, Python {platform.python_version()}",
        time.strftime("%Y-%m-%d %H:%M:%S UTC", now),
    )
    text = "\n".join((*head, "", *traceback.format_exception(error)))
    path = folder / f"crash-{time.strftime('%Y%m%d-%H%M%S', now)}-{os.getpid()}.txt"
    try:
        write_private(path, expose(passing_redactor(os.environ, state).clean(text)))
    except LoopdeckError:
        return None
    _thin(folder)
    return path


def _thin(folder: Path) -> None:
    for old in sorted(folder.glob("crash-*.txt"))[:-KEPT]:
        with contextlib.suppress(OSError):
            old.unlink()
