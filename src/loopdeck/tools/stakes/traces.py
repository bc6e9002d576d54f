"""What a call left behind whose end nobody saw: evidence for the human who has to say how it was.

Lines that come from outside are indented by four blanks; all others are our own words.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from loopdeck.permissions.contents import mark_of
from loopdeck.session.calls import CallView
from loopdeck.session.values import JsonObject, listed

MOST = 8  # names of a kind
TAIL = 12  # lines of output
LONGEST = 200  # characters of a line
_LOOKS = 20_000  # files that are looked at
_PATIENCE_S = 1.0
_COARSE_NS = 10_000_000  # a file system's clock is behind by up to this much
_LARGEST = 10_000_000  # bytes of a file that is compared
_PASSED_BY = frozenset({".git", ".hg", ".venv", "node_modules", "__pycache__"})
_PROC = Path("/proc")
_INDENT = "    "
_KEPT = "The last of its output that was kept; that is done at intervals, so it may have said more:"
_BESIDE = "The last of its output that was kept:"


def traces(folder: Path, spool: Path, call: CallView) -> list[str]:
    """Lines of evidence. Reads only, and for about a second at most."""
    since = call.started[0] - _COARSE_NS if call.started else 0
    return [
        *_files(folder, call.facts),
        *_output(spool, call, since),
        *_changed(folder, since),
        *_running(folder, since),
    ]


def _files(folder: Path, facts: JsonObject) -> Iterator[str]:
    """Whether files are as the call would leave them."""
    before = _marks(facts, "changes", "changed_from")
    after = _marks(facts, "changes", "changed_as") | _marks(facts, "makes", "made_as")
    for path, mark in list(after.items())[:MOST]:
        now = _mark(folder / path)
        if mark and now == mark:
            yield "This file is as the call would leave it:"
        elif now == before.get(path, ""):
            yield "This file is as it was before the call:" if now else "This file is not there:"
        else:
            yield "This file is neither as before the call nor as it would leave it:"
        yield _quoted(path)
    for path in listed(facts, "deletes")[:MOST]:
        there = os.path.lexists(folder / path)
        yield "This is still there:" if there else "This is not there any more:"
        yield _quoted(path)


def _marks(facts: JsonObject, names: str, marks: str) -> dict[str, str]:
    found = (mark.partition(" ")[0] for mark in listed(facts, marks))
    return dict(zip(listed(facts, names), found, strict=False))


def _mark(path: Path) -> str:
    try:
        if path.is_file() and path.stat().st_size <= _LARGEST:
            return mark_of(path.read_bytes())
    except OSError:
        return "?"
    return "?" if os.path.lexists(path) else ""


def _output(spool: Path, call: CallView, since: int) -> Iterator[str]:
    """The end of what it said, from the log or from what was kept beside it."""
    text = call.live_output or _spooled(spool, since)
    rows = [row for row in text.splitlines() if row.strip()]
    if rows:
        yield _KEPT if call.live_output else _BESIDE
        yield from map(_quoted, rows[-TAIL:])
    elif call.tool == "shell":
        yield "It had said nothing that was kept."


def _spooled(spool: Path, since: int) -> str:
    """The end of the newest output that was written since."""
    try:
        files = [path for path in spool.iterdir() if path.stat().st_mtime_ns >= since]
        newest = max(files, key=lambda path: path.stat().st_mtime_ns, default=None)
        if newest is None:
            return ""
        with newest.open("rb") as file:
            file.seek(max(0, newest.stat().st_size - LONGEST * TAIL))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def _changed(folder: Path, since: int) -> Iterator[str]:
    """Which files of the workspace were written since it started, by whomever."""
    found, whole = _written(folder, since)
    if not found:
        yield (
            "No file here was written since it started." if whole else "Not all could be looked at."
        )
        return
    more = "" if whole else " at least"
    yield f"Written here since it started,{more} {len(found):,} in all:"
    names = sorted(found, key=lambda pair: pair[0])[:MOST]
    yield from (_quoted(os.path.relpath(path, folder)) for _, path in names)


def _written(folder: Path, since: int) -> tuple[list[tuple[int, str]], bool]:
    end, left = time.monotonic() + _PATIENCE_S, _LOOKS
    found: list[tuple[int, str]] = []
    todo = [str(folder)]
    while todo:
        with suppress(OSError), os.scandir(todo.pop()) as entries:
            for entry in entries:
                left -= 1
                with suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        todo += [entry.path] if entry.name not in _PASSED_BY else []
                    elif (at := entry.stat(follow_symlinks=False).st_mtime_ns) >= since:
                        found.append((at, entry.path))
        if left <= 0 or time.monotonic() > end:
            return found, not todo
    return found, True


def _running(folder: Path, since: int) -> Iterator[str]:
    """What was started here since, and still runs; the call's own processes end with Loopdeck."""
    if not _PROC.is_dir():
        yield "Whether anything of it still runs cannot be seen on this system."
        return
    found = [line for pid in _pids() if (line := _process(pid, folder, since))]
    if not found:
        yield "Nothing that was started here since then still runs."
        return
    yield "Started here since then, and still running:"
    yield from map(_quoted, found[:MOST])


def _pids() -> Sequence[int]:
    ours = {os.getpid(), os.getppid()}
    with suppress(OSError):
        found = (int(path.name) for path in _PROC.iterdir() if path.name.isdigit())
        return [pid for pid in found if pid not in ours]
    return []


def _process(pid: int, folder: Path, since: int) -> str:
    """What a process is, if it works in the folder and began after a moment."""
    try:
        place = _PROC / str(pid)
        where = (place / "cwd").readlink()
        if where != folder and folder not in where.parents:
            return ""
        fields = (place / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
        if fields[0] == "Z" or _is_ours(fields) or _began(int(fields[19])) < since:
            return ""
        words = (place / "cmdline").read_bytes().decode("utf-8", "replace").replace("\0", " ")
    except (OSError, ValueError, IndexError):
        return ""
    return f"{pid}  {words.strip()}"


def _is_ours(fields: Sequence[str]) -> bool:
    """Whether this program started it, or it stands in one pipe with it: no call did."""
    return int(fields[1]) == os.getpid() or int(fields[2]) == os.getpgrp()


def _began(ticks: int) -> int:
    """When a process began, as UTC nanoseconds; the clock of the system's start is coarse."""
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    return time.time_ns() - int(age * 1e9)


def _quoted(text: str) -> str:
    line = " ".join(text.split("\n"))
    return _INDENT + (line if len(line) <= LONGEST else line[: LONGEST - 1] + "…")
