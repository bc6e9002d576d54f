"""`loopdeck sessions export`: a session as a file, cleaned once more, and a report of that."""

import argparse
import json
import os
import sys
import tomllib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

from loopdeck import __version__
from loopdeck.cli.console import printable_json, tell
from loopdeck.cli.kept.files import write_named
from loopdeck.cli.places import places
from loopdeck.cli.secrecy import redactor_for
from loopdeck.cli.sessions.drawing import cast_apart
from loopdeck.cli.sessions.sources import held
from loopdeck.cli.shipped import folder
from loopdeck.errors import UsageError
from loopdeck.exporting.cleaning import Cleaned, cleaned
from loopdeck.figures import plural
from loopdeck.journal.jsonl import Store, export_records
from loopdeck.journal.labels import with_label
from loopdeck.journal.memory import MemoryJournal
from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.ports import Opened
from loopdeck.session.codec import dump_record
from loopdeck.session.events import SessionStarted
from loopdeck.session.records import Record
from loopdeck.session.summary import Label
from loopdeck.session.values import JsonObject

ENDINGS = {
    "markdown": "md",
    "html": "html",
    "atif": "json",
    "jsonl": "jsonl",
    "asciicast": "cast",
}
"""What a file that is written from the deck is called in the end, by its format."""
Cast = Callable[[Sequence[Record], argparse.Namespace], Awaitable[str]]
_NAMED = 5  # places that are named before the rest is counted
_BEST_EFFORT = "Secrets are known by their shape or as values of this machine; look it through."


@dataclass(frozen=True, slots=True)
class Export:
    """One export: what was written where, and what was left out of it."""

    session: str
    format: str
    output: str
    events: int
    clean: Cleaned
    lost: tuple[str, ...] = ()
    replaced: bool = False

    def as_json(self) -> JsonObject:
        """The report for programs."""
        return {
            "session": self.session,
            "format": self.format,
            "output": self.output,
            "events": self.events,
            "removed": self.clean.by_kind,
            "places": [asdict(place) for place in self.clean.removed],
            "removed_earlier": self.clean.earlier,
            "not_in_this_format": list(self.lost),
        }

    def sentence(self) -> str:
        """What was taken out, in a sentence."""
        count = sum(self.clean.by_kind.values())
        earlier = self.clean.earlier
        before = f" {earlier} had been taken out when it was recorded." if earlier else ""
        if not count:
            return f"no secret had to be taken out of session {self.session}.{before}"
        kinds = ", ".join(plural(number, kind) for kind, number in self.clean.by_kind.items())
        named = list(dict.fromkeys(f"{p.field} of event {p.seq}" for p in self.clean.removed))
        more = f" and {len(named) - _NAMED} more places" if len(named) > _NAMED else ""
        where = ", ".join(named[:_NAMED]) + more
        times = "secret was" if count == 1 else "secrets were"
        return f"{count} {times} taken out ({kinds}), in {where}.{before}"


async def export(journal: Store, args: argparse.Namespace) -> int:
    """Write the session in the format that was asked for, and report."""
    _report(await _exported(journal, args, _cast), args)
    return 0


async def export_here(journal: Store, args: argparse.Namespace, session: str, form: str) -> str:
    """The same into the current folder, from a screen; what was done, in words."""
    ending = ENDINGS.get(form)
    if ending is None:
        known = ", ".join(ENDINGS)
        raise UsageError(f"There is no format “{form}”.", f"Known are: {known}.")
    name = f"loopdeck-{session}.{ending}"
    if Path(name).exists():
        raise UsageError(f"{name} is there already.", "Move it away first.")
    wanted = {**vars(args), "session": session, "format": form, "output": name, "size": (120, 36)}
    done = await _exported(journal, argparse.Namespace(**wanted), cast_apart)
    return f"The session is in {name}: {done.sentence()}"


async def _exported(library: Store, args: argparse.Namespace, cast: Cast) -> Export:
    journal, session = await held(library, args.session)
    records = [record async for record in export_records(journal, session)]
    redactor = _redactor(records, args)
    clean = cleaned(records, redactor)
    text, lost = await _written(clean, args, cast)
    if args.format == "jsonl":
        text = _labelled(text, (await journal.lines([session]))[session].label, redactor)
    replaced = args.output != "-" and Path(args.output).is_file()
    if args.output == "-":
        sys.stdout.write(text)
    else:
        write_named(args.output, text)
    return Export(session, args.format, args.output, len(records), clean, lost, replaced)


def _redactor(records: Sequence[Record], args: argparse.Namespace) -> Redactor:
    start = records[0].event if records else None
    folder = start.workspace if isinstance(start, SessionStarted) else ""
    workspace = Path(folder) if Path(folder).is_absolute() else Path(os.devnull)
    return redactor_for(places(args).state, workspace, os.environ)


def _labelled(text: str, kept: Label, redactor: Redactor) -> str:
    """The recording with what the session is called on its first line, unless that is a secret."""
    first, _, rest = text.partition("\n")
    name = kept.name if redactor.clean(kept.name) == kept.name else ""
    clean = Label(name, tuple(tag for tag in kept.tags if redactor.clean(tag) == tag))
    return f"{printable_json(with_label(first, clean))}\n{rest}"


async def _written(
    clean: Cleaned, args: argparse.Namespace, cast: Cast
) -> tuple[str, tuple[str, ...]]:
    """The file, and what its format has no place for. Each writer is loaded when it is needed."""
    records = clean.records
    match args.format:
        case "markdown":
            from loopdeck.exporting.markdown import markdown

            removed = sum(clean.by_kind.values()) + clean.earlier
            return markdown(records, removed=removed, version=__version__), ()
        case "html":
            from loopdeck.exporting.page import html

            dark, light = _colours("lamplight"), _colours("morning")
            return html(records, dark=dark, light=light, version=__version__), ()
        case "atif":
            from loopdeck.exporting.atif_out import LOST, atif

            return atif(records, __version__), LOST
        case "asciicast" | "asciicast3":
            return await cast(records, args), ()
        case _:
            lines = [printable_json(dump_record(record)) for record in records]
            return "".join(f"{line}\n" for line in lines), ()


async def _cast(records: Sequence[Record], args: argparse.Namespace) -> str:
    """The deck itself, drawn moment by moment as a replay draws it."""
    from loopdeck.app.filming import film
    from loopdeck.cli.look import theme_named
    from loopdeck.cli.sinks import ReadOnlySink
    from loopdeck.exporting.asciicast import Frame, asciicast, stops

    spots = places(args)
    moments = stops(records)
    first, last = records[0], records[-1]
    opened = Opened(first.session, MemoryJournal.of(records), ReadOnlySink(), 1)
    drawn = await film(
        opened,
        [stop.seq for stop in moments],
        size=args.size,
        now=last.ts,
        themes=(folder("themes"), spots.themes),
        theme=theme_named(spots.config),
        progress=partial(_tell_progress, sys.stderr, len(moments)),
    )
    frames = [Frame(stop.at, data) for stop, data in zip(moments, drawn, strict=True)]
    goal = first.event.goal if isinstance(first.event, SessionStarted) else ""
    version = 3 if args.format == "asciicast3" else 2
    return asciicast(frames, size=args.size, title=goal, began=first.ts, version=version)


def _tell_progress(stderr: TextIO, total: int, done: int) -> None:
    """On one line that is gone in the end; a file or a pipe hears nothing.

    While the deck is drawn, textual has one of its own in the place of `sys.stderr`.
    """
    if stderr.isatty():
        line = f"drawing {done:,} of {total:,} moments"
        print(f"\r{line}" if done < total else "\r\x1b[K", end="", file=stderr, flush=True)


def _colours(theme: str) -> dict[str, str]:
    """The colours of a theme that comes with Loopdeck."""
    table = tomllib.loads((folder("themes") / f"{theme}.toml").read_text("utf-8"))["colours"]
    return {str(name): str(value) for name, value in table.items()}


def _report(done: Export, args: argparse.Namespace) -> None:
    """On stderr, as stdout is the document's; as JSON where that was asked for."""
    to_file = args.output != "-"
    if args.json:
        line = json.dumps(done.as_json())
        print(line, file=sys.stdout if to_file else sys.stderr)
        return
    if to_file:
        instead = ", in the place of what it held" if done.replaced else ""
        tell(f"session {done.session} is in {args.output}{instead}.")
    tell(done.sentence(), _BEST_EFFORT if done.clean.removed else "")
    for text in done.lost:
        tell(text)
