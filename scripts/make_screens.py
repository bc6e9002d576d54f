"""Draws the pictures of the docs from the recorded demo: the real deck, at chosen moments.

python scripts/make_screens.py             writes docs/pictures/*.svg
python scripts/make_screens.py --all DIR   every screen, at five sizes and in every theme, or in
                                           those that --themes names
"""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from textual.screen import Screen

from loopdeck.app.app import LoopdeckApp
from loopdeck.app.comparing import CompareScreen
from loopdeck.app.filming import Film
from loopdeck.app.first import First, at_once
from loopdeck.app.home.screen import HomeScreen
from loopdeck.cli.shipped import CHECKOUT, folder, recordings
from loopdeck.errors import LoopdeckError
from loopdeck.journal.jsonl import import_records, read_records
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import Opened
from loopdeck.ports.servers import Resource
from loopdeck.ports.wish import ModelOffer, Wish
from loopdeck.session.commands import Command
from loopdeck.session.comparing import compare
from loopdeck.session.events import CallAnswered, CallAsked, CallFinished
from loopdeck.session.records import Record

SIZES = ((60, 20), (80, 24), (120, 36), (200, 50), (300, 80))
PICTURES = CHECKOUT / "docs" / "pictures"
LOOKS_AFTER_S = 12


@dataclass(frozen=True)
class Moment:
    """A view of a demo: the log up to one record, and where the playhead is in it.

    `keys` are pressed there; `height` is that of the screen where it needs less. `home` makes what
    is shown instead, of a library that has both demos.
    """

    name: str
    find: Callable[[Sequence[Record]], int]
    past: bool = False
    demo: str = "demo-pitches"
    keys: tuple[str, ...] = ()
    height: int = 0
    home: Callable[[MemoryJournal], Screen[None]] | None = None


class Listener:
    """Takes commands and does nothing: the picture shows keys that could be pressed."""

    accepts = True

    async def send(self, command: Command) -> None:
        """Nobody is there."""


class Nobody:
    """Begins no session."""

    async def wish(self) -> Wish:
        """As a new session would be."""
        return Wish(model="claude-opus-4-5", level=3, workspace="/home/ada/podcasts")

    async def resources(self) -> Sequence[Resource]:
        """No server was seen."""
        return ()

    async def models(self, *, ask: bool) -> tuple[Sequence[ModelOffer], Sequence[str]]:
        """One, which no server was asked for."""
        return [ModelOffer("claude-opus-4-5")], ()

    async def start(self, goal: str, wish: Wish | None = None) -> Opened:
        """There is no agent."""
        raise LoopdeckError("Nothing runs in a picture.")

    async def resume(self, session: str) -> Opened:
        """The same."""
        return await self.start(session)

    async def open(self, session: str, at: int | None = None) -> Opened:
        """The same."""
        return await self.start(session)


class StillClock:
    """Some seconds after the last record; it goes on when it is told to."""

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

    def pass_on(self, seconds: float) -> None:
        """Whoever is asked has to have looked for a while."""
        self._mono += int(seconds * 1_000_000_000)


def _second_letter(records: Sequence[Record]) -> int:
    """Where two letters wait at once, and nothing else is left to do."""
    asked = [record.seq for record in records if isinstance(record.event, CallAsked)]
    second = next(b for a, b in pairwise(asked) if b - a == 2)
    answered = (record.seq for record in records if isinstance(record.event, CallAnswered))
    return next(seq for seq in answered if seq > second) - 1


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


def _home(journal: MemoryJournal) -> Screen[None]:
    return HomeScreen(journal, Nobody())


def _compared(journal: MemoryJournal) -> Screen[None]:
    whole = [read_records(recordings()["demo-pitches"]), read_records(recordings()["demo-bugfix"])]
    return CompareScreen(compare(*whole))


def _view(name: str, *keys: str) -> Moment:
    """What opens while two letters wait."""
    return Moment(name, _second_letter, keys=keys)


def _past(name: str, *keys: str) -> Moment:
    """What opens over a recording."""
    return Moment(name, _first_repair, past=True, keys=keys)


_SEEN = ("pagedown",) * 6  # nothing is given that was not seen
EVERY = (
    *MOMENTS,
    Moment("start", lambda records: 2),
    _view("explain", "x"),
    _view("scope", *_SEEN, "s"),
    _view("edit", *_SEEN, "e"),
    _view("deny", "r"),
    _view("whole", "v"),
    _view("level", "l"),
    _view("grants", "G"),
    _view("notices", "w"),
    _view("servers", "M"),
    _view("message", "enter", *"/ex"),
    _view("palette", "ctrl+p"),
    _view("help", "question_mark"),
    _view("files", "c"),
    _view("chart", "g"),
    _view("only", "o"),
    _past("output", "v"),
    _past("fork", "F"),
    _past("go-to", "colon", *"step 3"),
    _past("found", "slash", *"show", "enter"),
    Moment("home", _end, home=_home, keys=("down",)),
    Moment("home-find", _end, home=_home, keys=("ctrl+f", *"test")),
    Moment("home-options", _end, home=_home, keys=("ctrl+o",)),
    Moment("home-empty", lambda records: 0, home=lambda _: HomeScreen(MemoryJournal(), Nobody())),
    Moment("compare", _end, home=_compared),
)


async def draw(moment: Moment, size: tuple[int, int], theme: str | None) -> str:
    """The picture as SVG."""
    records = read_records(recordings()[moment.demo])
    place = moment.find(records)
    shown = records if moment.past or moment.home else records[:place]
    clock = StillClock(shown[-1])
    app = LoopdeckApp(
        at_once(await _first(moment, shown, place)),
        clock=clock,
        themes=[folder("themes")],
        theme=theme,
    )
    app.console = Film().console  # of every colour, wherever this runs
    async with app.run_test(size=size) as pilot:
        for _ in range(5):
            await pilot.pause(0.1)
        for key in moment.keys:
            clock.pass_on(0.5)
            await pilot.press(key)
            await pilot.pause(0.2 if len(key) > 1 else 0.05)
        await pilot.pause(0.3)
        # Without this, renderers other than a browser drop the spaces a line begins with.
        return app.export_screenshot(title="Loopdeck").replace(
            "<text ", '<text xml:space="preserve" '
        )


async def _first(moment: Moment, shown: Sequence[Record], place: int) -> First:
    """What comes first on the screen of a moment."""
    journal = MemoryJournal.of(shown)
    if moment.home is not None:
        await import_records(journal, read_records(recordings()["demo-bugfix"]))
        return First(home=partial(moment.home, journal))
    at = place if moment.past else None
    return First(Opened(shown[0].session, journal, Listener(), position=at))


async def _write(
    target: Path,
    moments: Sequence[Moment],
    sizes: Sequence[tuple[int, int]],
    themes: Sequence[str],
) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for moment in moments:
        for size in sizes:
            for theme in themes:
                name = moment.name if len(sizes) == 1 else f"{moment.name}-{size[0]}-{theme}"
                shape = (size[0], moment.height or size[1])
                (target / f"{name}.svg").write_text(await draw(moment, shape, theme), "utf-8")


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", type=Path, metavar="DIR")
    parser.add_argument("--themes", type=lambda text: text.split(","), metavar="NAME,…")
    parser.add_argument("--only", metavar="SCREEN")
    args = parser.parse_args()
    themes = sorted(path.stem for path in folder("themes").glob("*.toml"))
    if args.all:
        moments = [one for one in EVERY if args.only in (None, one.name)]
        asyncio.run(_write(args.all, moments, SIZES, args.themes or themes))
    else:
        asyncio.run(_write(PICTURES, MOMENTS, [(120, 36)], ["lamplight"]))


if __name__ == "__main__":
    main()
