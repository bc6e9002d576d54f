"""`loopdeck rerun`: the harness once more, from a recording, without a key or a side effect."""

import argparse
import asyncio
import json
from pathlib import Path

from loopdeck.cli.console import one_line, tell
from loopdeck.cli.places import places
from loopdeck.cli.sessions.sources import records_named
from loopdeck.harness.rerun.again import Rerun, rerun
from loopdeck.harness.rerun.process import Props
from loopdeck.harness.rerun.prompter import Divergence
from loopdeck.journal.memory import MemoryJournal
from loopdeck.session.codec import dump_event
from loopdeck.session.events import Event
from loopdeck.session.likeness import differing, likeness
from loopdeck.session.values import JsonObject
from loopdeck.tools.registry import BuiltinToolbox

LONGEST = 400  # characters of a field that are shown


def main(args: argparse.Namespace) -> int:
    """0 for `identical`, 1 for a run that parts from its recording."""
    spots = places(args)
    records = records_named(args.session, spots)
    props = Props(
        journal=MemoryJournal.of,
        specs=BuiltinToolbox(Path("/")).specs,  # their names; nothing of them is run
        home=Path.home().resolve(),
        own=spots.own,
    )
    found = asyncio.run(rerun(records, props))
    if args.json:
        print(json.dumps(as_json(found)))
    else:
        _tell(found)
    return 0 if found.identical else 1


def as_json(found: Rerun) -> JsonObject:
    """The result as `--json` prints it."""
    result: JsonObject = {
        "session": found.session,
        "identical": found.identical,
        "events": found.events,
        "compared": found.compared,
        "notes": list(found.notes),
    }
    parted = found.divergence
    if parted is not None:
        result |= {
            "seq": found.seq,
            "step": found.step,
            "recorded": _plain(parted.recorded),
            "rerun": _plain(parted.rerun),
            "fields": _fields(parted),
            "prompt": parted.prompt,
        }
    return result


def _tell(found: Rerun) -> None:
    for note in found.notes:
        tell(note)
    parted = found.divergence
    if parted is None:
        print(f"identical  {found.compared} of {found.compared} events that count")
        return
    print(f"different  from #{found.seq} on, in step {found.step}")
    if parted.prompt:
        print(one_line(f"  {_short(parted.prompt)}"))
        return
    print(f"  recorded  {_words(parted.recorded, 'the recording ends here')}")
    print(f"  re-run    {_words(parted.rerun, 'nothing more happens')}")
    one, other = _plain(parted.recorded) or {}, _plain(parted.rerun) or {}
    for field in _fields(parted):
        print(one_line(f"    {field}: {_short(one.get(field))}"))
        print(one_line(f"    {' ' * len(field)}  {_short(other.get(field))}"))


def _fields(parted: Divergence) -> list[str]:
    """What differs between two events of one kind."""
    one, other = parted.recorded, parted.rerun
    if one is None or other is None or one.type != other.type:
        return []
    return differing(*likeness([one]), *likeness([other]))


def _words(event: Event | None, nothing: str) -> str:
    if event is None:
        return nothing
    about = getattr(event, "call_id", None) or getattr(event, "step", None)
    return one_line(event.type if about is None else f"{event.type} {about}")


def _plain(event: Event | None) -> JsonObject | None:
    return None if event is None else json.loads(dump_event(event))


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
