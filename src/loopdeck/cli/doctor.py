"""`loopdeck doctor`: what is configured, reachable and healthy, and what to do about the rest."""

import argparse
import asyncio
import contextlib
import json
import os
import platform
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from loopdeck import __version__
from loopdeck.cli.config import load_settings
from loopdeck.cli.console import one_line
from loopdeck.cli.places import Places, check_home, places
from loopdeck.cli.policy.bylaws import grant_book
from loopdeck.cli.policy.rules import oddities, read_rules
from loopdeck.cli.sessions.leftovers import folders_in, tidy
from loopdeck.cli.shipped import folder
from loopdeck.cli.terminal.drawing import no_screen
from loopdeck.cli.walls import look
from loopdeck.errors import LoopdeckError
from loopdeck.figures import amount, plural
from loopdeck.journal.archive import Archive
from loopdeck.journal.checking import unsound
from loopdeck.journal.indexfile import can_search
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.models.names import secret, url_of
from loopdeck.models.vendors import VENDORS, Vendor
from loopdeck.tools.environ import scrubbed
from loopdeck.tools.git.care import OLDEST
from loopdeck.tools.git.told import told, too_old

GLYPHS = {"ok": "✓", "note": "·", "bad": "✗"}
REACH_S = 3.0
GREETING_S = 1.0
TIGHT, FULL = 256 << 20, 16 << 20
"""Free bytes below which there is soon, or already, no room for the log."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    state: Literal["ok", "note", "bad"]
    what: str
    says: str
    todo: str = ""


def main(args: argparse.Namespace) -> int:
    """Print the findings; 1 if something is bad."""
    findings = asyncio.run(_look(args))
    for finding in findings:
        if args.json:
            print(json.dumps(asdict(finding)))
        else:
            print(one_line(f"{GLYPHS[finding.state]} {finding.what:<10} {finding.says}"))
            if finding.todo:
                print(one_line(f"  {'':<10} → {finding.todo}"))
    return 1 if any(finding.state == "bad" for finding in findings) else 0


async def _look(args: argparse.Namespace) -> list[Finding]:
    spots = places(args)
    return [
        Finding("ok", "loopdeck", f"{__version__} on Python {platform.python_version()}"),
        _config(args, spots),
        await _database(spots),
        *_room(spots.database),
        *await _outputs(spots),
        *_search(),
        *await _models(os.environ),
        _terminal(),
        await _sandbox(args, spots),
        *_git(Path.cwd(), os.environ),
    ]


def _git(folder: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    """What git would run here for others; a read of Loopdeck's agents runs none of it."""
    own = scrubbed(environ, folder, strict=True)
    if old := too_old(own):
        todo = f"install git {OLDEST[0]}.{OLDEST[1]} or newer"
        yield Finding("bad", "git", f"version {old} cannot be kept from running programs", todo)
    if said := told((str(folder),), own):
        yield Finding("note", "git", said, "reads run none of them, approved commands do")


def _config(args: argparse.Namespace, spots: Places) -> Finding:
    try:
        settings = load_settings(spots.config, named=args.config is not None)
        rules = read_rules({}, settings.rule)
        odd = oddities(rules, settings.rule)
        if spots.grants.exists():
            grant_book(spots).standing("", 0)
        check_theme(settings.theme, spots)
        if settings.keys:
            from loopdeck.app.keys.keymap import remap  # textual, which no other finding needs

            remap(settings.keys)
    except LoopdeckError as error:
        return Finding("bad", "config", str(error), error.hint)
    there = "read" if spots.config.exists() else "none, defaults hold"
    if odd:
        return _odd(spots, list(odd))
    return Finding("ok", "config", f"{spots.config} ({there})")


def check_theme(name: str | None, spots: Places) -> None:
    """Raise `ThemeError` for a theme that no file has."""
    if name is None:
        return
    from loopdeck.app.look.themes import check_name  # textual, which no other finding needs

    check_name(name, (folder("themes"), spots.themes))


def _odd(spots: Places, sentences: list[str]) -> Finding:
    first, *rest = sentences
    more = f" and {len(rest)} more" if rest else ""
    todo = "`loopdeck policy check ls` lists them all." if rest else ""
    return Finding("note", "config", f"{spots.config}: {first}{more}", todo)


async def _database(spots: Places) -> Finding:
    if not spots.database.exists():
        return _database_to_be(spots.database)
    try:
        async with await SqliteJournal.open(spots.database) as journal:
            count = len(await journal.ids())
            broken = await unsound(journal)
    except LoopdeckError as error:
        return Finding("bad", "database", str(error), error.hint)
    if broken:
        todo = "`loopdeck sessions salvage` copies what can be read into a new file."
        path, first = str(spots.database), broken[0]
        says = first if first.startswith(path) else f"{path} is damaged: {first}"
        return Finding("bad", "database", says, todo)
    size = amount(spots.database.stat().st_size)
    version = sqlite3.sqlite_version
    return Finding(
        "ok", "database", f"{spots.database}: {plural(count, 'session')}, {size}, SQLite {version}"
    )


def _database_to_be(path: Path) -> Finding:
    """Whether there can be one: nothing is made by looking."""
    try:
        check_home(path.parent)
    except LoopdeckError as error:
        return Finding("bad", "database", str(error), error.hint)
    if path.parent.exists() and not os.access(path.parent, os.W_OK | os.X_OK):
        says = f"{path} cannot be made: its folder can only be read"
        todo = "Change the folder's permissions, or name another with LOOPDECK_HOME."
        return Finding("bad", "database", says, todo)
    return Finding("ok", "database", f"{path} (made with the first session)")


def _room(path: Path) -> Iterator[Finding]:
    """What is left for the log, where that is little."""
    try:
        free = shutil.disk_usage(next(one for one in path.parents if one.exists())).free
    except (OSError, StopIteration):
        return
    if free < TIGHT:
        says = f"{amount(free)} left for {path}"
        todo = "Free some space. Without room for the log nothing runs, and nothing saved is lost."
        yield Finding("bad" if free < FULL else "note", "disk", says, todo)


async def _outputs(spots: Places) -> Iterable[Finding]:
    """What outputs take beside the log; those of sessions that are gone are removed."""
    folders = folders_in(spots.spool)
    if not folders or not spots.database.exists():
        return ()
    try:
        async with await SqliteJournal.open(spots.database) as journal:
            archived = [one.id for one in Archive(journal, spots.database).sessions()]
            kept = tidy(folders, {*await journal.ids(), *archived})
    except LoopdeckError:  # which is a finding of its own
        return ()
    says = f"{amount(kept.size)} of long outputs, {plural(kept.folders, 'session')}"
    if not kept.removed:
        return (Finding("ok", "outputs", says),)
    are = "that is" if kept.removed == 1 else "that are"
    gone = f"{amount(kept.freed)} of {plural(kept.removed, 'session')} {are} gone"
    return (Finding("note", "outputs", f"{says}; {gone}: removed just now"),)


def _search() -> Iterator[Finding]:
    """Only what is missing is worth a line."""
    if not can_search():
        todo = "use a Python whose SQLite has FTS5, as that of python.org"
        yield Finding("note", "search", "this SQLite was built without full-text search", todo)


async def _models(env: Mapping[str, str]) -> list[Finding]:
    """A finding for each vendor that has a key or another address, in the place of a vendor."""
    found = [await _vendor(vendor, env) for vendor in VENDORS]
    if any(found):
        return [finding for finding in found if finding is not None]
    todo = "Set ANTHROPIC_API_KEY, or ANTHROPIC_BASE_URL for a local server; or see docs/models.md."
    return [Finding("note", "model", "no key and no server: only the demos run", todo)]


async def _vendor(vendor: Vendor, env: Mapping[str, str]) -> Finding | None:
    found = [key for key in (*vendor.keys, *vendor.addresses) if env.get(key)]
    if not found:
        return None
    try:
        server = url_of(vendor, env)
        for key in vendor.keys:
            secret(env, key)
    except LoopdeckError as error:
        return Finding("bad", "model", str(error), error.hint)
    says = f"set: {', '.join(found)}; {server}"
    fault = await _fault(server)
    if fault:
        todo = f"Check the network, and {vendor.addresses[0]} if it is set."
        return Finding("bad", "model", f"{says} {fault}", todo)
    return Finding("ok", "model", f"{says} can be reached")


async def _fault(server: str) -> str:
    """What is wrong with a server, nothing if it takes connections; nothing is asked of it.

    One that speaks plain HTTP is greeted, since something may listen there that hangs up.
    """
    parts = urlsplit(server)
    plain = parts.scheme != "https"
    try:
        async with asyncio.timeout(REACH_S):
            reader, writer = await asyncio.open_connection(
                parts.hostname, parts.port or (80 if plain else 443)
            )
    except OSError:  # a time-out is one too
        return "cannot be reached"
    try:
        return await _hung_up(reader, writer, parts.netloc) if plain else ""
    finally:
        writer.close()


async def _hung_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, netloc: str) -> str:
    host = netloc.rpartition("@")[2]
    writer.write(f"HEAD / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    try:
        async with asyncio.timeout(GREETING_S):
            said = await reader.read(1)
    except TimeoutError:
        return ""  # a slow one is there all the same
    except OSError:
        said = b""
    return "" if said else "takes connections and hangs up without an answer"


async def _sandbox(args: argparse.Namespace, spots: Places) -> Finding:
    with contextlib.suppress(LoopdeckError):  # which is a finding of its own
        if not load_settings(spots.config, named=args.config is not None).sandbox:
            says = "switched off in the config file: levels 4 and 5 stay shut"
            return Finding("note", "sandbox", says, "Take `sandbox = false` out of it.")
    memory = spots.walls if spots.state.exists() else None  # a fresh home stays as it is
    said = await look(Path.home(), spots.own, platform.system(), memory)
    return Finding(said.state, "sandbox", said.says, said.todo)


def _terminal() -> Finding:
    size = shutil.get_terminal_size()
    colours = "NO_COLOR is set" if os.environ.get("NO_COLOR") else os.environ.get("COLORTERM", "")
    says = f"{size.columns}×{size.lines} {os.environ.get('TERM', 'unknown')} {colours}".strip()
    if obstacle := no_screen():
        return Finding("note", "terminal", says, f"{obstacle} Runs go on without a screen.")
    return Finding("ok", "terminal", says)
