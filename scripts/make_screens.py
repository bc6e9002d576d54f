"""Draws the pictures of the docs from the recorded demo: the real deck, at chosen moments.

python scripts/make_screens.py             writes docs/pictures/*.svg
python scripts/make_screens.py --all DIR   every moment, at three sizes and in every theme
"""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from loopdeck.app.app import LoopdeckApp
from loopdeck.app.first import First, at_once
from loopdeck.cli.shipped import CHECKOUT, folder, recordings
from loopdeck.journal.jsonl import read_records
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import Opened
from loopdeck.session.commands import Command
from loopdeck.session.events import CallAsked, CallFinished
from loopdeck.session.records import Record

SIZES = ((80, 24), (120, 36), (200, 50))
PICTURES = CHECKOUT / "docs" / "pictures"
LOOKS_AFTER_S = 12


@dataclass(frozen=True)
class Moment:
    """A view of a demo: the log up to one record, and where the playhead is in it.

    `keys` are pressed there; `height` is that of the screen where it needs less.
    """

    name: str
    find: Callable[[Sequence[Record]], int]
    past: bool = False
    demo: str = "demo-pitches"
    keys: tuple[str, ...] = ()
    height: int = 0


class Listener:
    """Takes commands and does nothing: the picture shows keys that could be pressed."""

    accepts = True

    async def send(self, command: Command) -> None:
        """Nobody is there."""


class StillClock:
    """Some seconds after the last record, for ever."""

    def __init__(self, record: Record) -> None:
        self._wall = record.ts + LOOKS_AFTER_S * 1_000_000_000
        self._mono = record.mono + LOOKS_AFTER_S * 1_000_000_000

    def wall(self) -> int:
        """UTC nanoseconds."""
        return self._wall

    def mono(self) -> int:
        """Monotonic nanoseconds."""
        return self._mono

    async def sleep(self, seconds: float) -> None:
        """Let others run."""
        await asyncio.sleep(0)


def _second_letter(records: Sequence[Record]) -> int:
    """Where two letters wait at once."""
    asked = [record.seq for record in records if isinstance(record.event, CallAsked)]
    return next(b for a, b in pairwise(asked) if b - a == 2)


def _first_repair(records: Sequence[Record]) -> int:
    """Where the first call ended that changed a file which was there before."""
    return next(
        record.seq
        for record in records
        if isinstance(record.event, CallFinished) and "\n-" in record.event.diff[4:]
    )


def _longest_change(records: Sequence[Record]) -> int:
    """Where the call ended that changed most lines of a file that was there before."""
    ended = [
        (len(record.event.diff), record.seq)
        for record in records
        if isinstance(record.event, CallFinished) and "\n-" in record.event.diff[4:]
    ]
    return max(ended)[1]


def _end(records: Sequence[Record]) -> int:
    return records[-1].seq


MOMENTS = (
    Moment("deck", _second_letter),
    Moment("replay", _first_repair, past=True),
    Moment("done", _end),
    Moment("change", _longest_change, True, "demo-bugfix", ("tab", "f11", "d"), 20),
)


async def draw(moment: Moment, size: tuple[int, int], theme: str | None) -> str:
    """The picture as SVG."""
    records = read_records(recordings()[moment.demo])
    place = moment.find(records)
    shown = records if moment.past else records[:place]
    journal = MemoryJournal.of(shown)
    opened = Opened(shown[0].session, journal, Listener(), position=place if moment.past else None)
    app = LoopdeckApp(
        at_once(First(opened)),
        clock=StillClock(shown[-1]),
        themes=[folder("themes")],
        theme=theme,
    )
    async with app.run_test(size=size) as pilot:
        for _ in range(5):
            await pilot.pause(0.1)
        for key in moment.keys:
            await pilot.press(key)
            await pilot.pause(0.2)
        # Without this, renderers other than a browser drop the spaces a line begins with.
        return app.export_screenshot(title="Loopdeck").replace(
            "<text ", '<text xml:space="preserve" '
        )


async def _write(target: Path, sizes: Sequence[tuple[int, int]], themes: Sequence[str]) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for moment in MOMENTS:
        for size in sizes:
            for theme in themes:
                name = moment.name if len(sizes) == 1 else f"{moment.name}-{size[0]}-{theme}"
                shape = (size[0], moment.height or size[1])
                (target / f"{name}.svg").write_text(await draw(moment, shape, theme), "utf-8")


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", type=Path, metavar="DIR")
    args = parser.parse_args()
    themes = sorted(path.stem for path in folder("themes").glob("*.toml"))
    if args.all:
        asyncio.run(_write(args.all, SIZES, themes))
    else:
        asyncio.run(_write(PICTURES, SIZES[1:2], ["lamplight"]))


if __name__ == "__main__":
    main()
