"""`loopdeck doctor`: what is configured, reachable and healthy, and what to do about the rest."""

import argparse
import asyncio
import json
import os
import platform
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from loopdeck import __version__
from loopdeck.cli.config import load_settings
from loopdeck.cli.main import printable
from loopdeck.cli.places import Places, places
from loopdeck.errors import LoopdeckError
from loopdeck.journal.sqlite import SqliteJournal

GLYPHS = {"ok": "✓", "note": "·", "bad": "✗"}
KEYS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL")


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
            print(printable(f"{GLYPHS[finding.state]} {finding.what:<10} {finding.says}"))
            if finding.todo:
                print(printable(f"  {'':<10} → {finding.todo}"))
    return 1 if any(finding.state == "bad" for finding in findings) else 0


async def _look(args: argparse.Namespace) -> list[Finding]:
    spots = places(args)
    return [
        Finding("ok", "loopdeck", f"{__version__} on Python {platform.python_version()}"),
        _config(args, spots),
        await _database(spots),
        *_model(os.environ),
        *_terminal(),
        Finding(
            "note",
            "sandbox",
            "none in this release: shell commands are asked about at every level",
        ),
    ]


def _config(args: argparse.Namespace, spots: Places) -> Finding:
    try:
        load_settings(spots.config, named=args.config is not None)
    except LoopdeckError as error:
        return Finding("bad", "config", str(error), error.hint)
    there = "read" if spots.config.exists() else "none, defaults hold"
    return Finding("ok", "config", f"{spots.config} ({there})")


async def _database(spots: Places) -> Finding:
    if not spots.database.exists():
        return Finding("ok", "database", f"{spots.database} (made with the first session)")
    try:
        async with await SqliteJournal.open(spots.database) as journal:
            count = len(await journal.summaries())
    except LoopdeckError as error:
        return Finding("bad", "database", str(error), error.hint)
    size = spots.database.stat().st_size / 1e6
    version = sqlite3.sqlite_version
    return Finding(
        "ok", "database", f"{spots.database}: {count} sessions, {size:.1f} MB, SQLite {version}"
    )


def _model(env: Mapping[str, str]) -> Iterator[Finding]:
    found = [key for key in KEYS if env.get(key)]
    if found:
        yield Finding("ok", "model", f"{', '.join(found)} is set")
    else:
        todo = "Set ANTHROPIC_API_KEY, or ANTHROPIC_BASE_URL for a local server."
        yield Finding("note", "model", "no key and no server: only the demos run", todo)


def _terminal() -> Iterator[Finding]:
    size = shutil.get_terminal_size()
    colours = "NO_COLOR is set" if os.environ.get("NO_COLOR") else os.environ.get("COLORTERM", "")
    says = f"{size.columns}×{size.lines} {os.environ.get('TERM', 'unknown')} {colours}".strip()
    small = size.columns < 60 or size.lines < 20
    yield Finding(
        "note" if small else "ok", "terminal", says, "The deck needs 60×20." if small else ""
    )
