"""Behind the curtain: opens what the command asks for, and tidies up when the screen is left."""

import argparse
import contextlib
import os
from collections.abc import Callable
from functools import partial

from loopdeck.app.deck.screen import (
    DeckScreen as DeckScreen,  # loaded here, while nobody waits for a key
)
from loopdeck.app.first import First
from loopdeck.app.home.screen import HomeScreen
from loopdeck.app.keys.keymap import remap
from loopdeck.cli.calling import TerminalCaller
from loopdeck.cli.config import Settings, load_settings
from loopdeck.cli.console import tell
from loopdeck.cli.editor import edit
from loopdeck.cli.kept.drafts import DraftsFile
from loopdeck.cli.kept.sayings import SayingsFile
from loopdeck.cli.options.commands import goes_home
from loopdeck.cli.places import Places
from loopdeck.cli.runs.headless import EXIT_CODES
from loopdeck.cli.runs.hosting import DeckHost
from loopdeck.cli.runs.starting import open_workshop
from loopdeck.cli.secrecy import passing_redactor
from loopdeck.cli.wiring import Workshop
from loopdeck.cli.work.run import Run
from loopdeck.journal.archive import Archive
from loopdeck.journal.checkup import check_up
from loopdeck.ports import Opened


class Backstage:
    """The journal and the agents of one screen, from its first frame to its last."""

    def __init__(self, args: argparse.Namespace, spots: Places) -> None:
        self._args = args
        self._spots = spots
        self._open = contextlib.AsyncExitStack()
        self._host: DeckHost | None = None
        self._workshop: Workshop | None = None
        clean = passing_redactor(os.environ, spots.state).clean
        self._sayings = SayingsFile(spots.state / "said.json", clean)
        self._drafts = DraftsFile(spots.state / "drafts.json", clean)

    async def begin(self) -> First:
        """What comes first. Raises `LoopdeckError`s."""
        args, spots = self._args, self._spots
        settings = load_settings(spots.config, named=args.config is not None)
        remap(settings.keys)  # wrong keys are said before anything is begun
        looks = args.command == "replay" or goes_home(args)
        workshop = await self._open.enter_async_context(
            open_workshop(spots, settings, to_read=looks)
        )
        host = DeckHost(workshop, args)
        self._host, self._workshop = host, workshop
        opened = await _opened(host, args)
        journal = workshop.journal
        if opened is not None:
            return self._first(settings, opened=opened)
        attic = Archive(journal, journal.path)
        return self._first(
            settings,
            home=lambda: HomeScreen(
                journal,
                host,
                finder=journal.index,
                attic=attic,
                keys=settings.keys,
                sayings=self._sayings,
            ),
        )

    def _first(
        self,
        settings: Settings,
        *,
        opened: Opened | None = None,
        home: Callable[[], HomeScreen] | None = None,
    ) -> First:
        beside = getattr(self._args, "workspace", None) or ""
        return First(
            opened=opened,
            home=home,
            keys=settings.keys,
            notice=self._workshop.journal.caveat if self._workshop else "",
            waiting=self._workshop.patience if self._workshop else None,
            motion=settings.motion,
            sayings=self._sayings,
            drafts=self._drafts,
            edit=partial(edit, beside=beside),
            caller=TerminalCaller(
                settings.notify, bell=settings.bell, env=os.environ, beside=beside
            ),
            checkup=partial(check_up, self._workshop.journal.path) if self._workshop else None,
        )

    async def close(self) -> None:
        """Bring every agent to rest and close the journal."""
        if self._host is not None:
            await self._host.close()
        await self._open.aclose()

    async def farewell(self) -> int:
        """Say how the last run stands and what to do next; the exit code."""
        if self._host is None or self._workshop is None or not self._host.runs:
            return 0
        await self._host.close()
        *others, last = self._host.runs
        for run in others:
            if run.ending is None:
                tell(f"session {run.session} is paused too.", f"loopdeck resume {run.session}")
        return await _farewell(last, self._workshop)

    async def interrupted(self) -> None:
        """A signal or a fault ended the screen: say what becomes of the run."""
        if self._host is not None:
            await self._host.settle()
        for run in self._host.runs[-1:] if self._host else ():
            tell(f"session {run.session} is paused.", f"loopdeck resume {run.session}")


async def _opened(host: DeckHost, args: argparse.Namespace) -> Opened | None:
    """The session that comes first; `None` is home."""
    if args.command == "replay":
        return await host.replay(args.session, args.at)
    if goes_home(args):
        return None
    return await host.begin()


async def _farewell(run: Run, workshop: Workshop) -> int:
    if run.ending is not None and run.ending.outcome == "done":
        tell(f"session {run.session} is done.", f"loopdeck replay {run.session}")
        return 0
    if run.ending is not None:
        from loopdeck.cli.runs.raising import with_way_on  # with the harness, which has run by now

        ending = await with_way_on(run.ending, workshop.journal, run.session)
        hint = ending.hint or f"loopdeck resume {run.session}"
        tell(f"session {run.session}: {run.ending.text}", hint)
        return EXIT_CODES[run.ending.outcome]
    if error := run.failure or workshop.patience.obstacle:
        tell(f"session {run.session} is as it was last saved. {error}", error.hint)
        return EXIT_CODES["failed"]
    waits = any(s.pending for s in await workshop.journal.summaries() if s.id == run.session)
    state = "waits for you" if waits else "is paused"
    tell(f"session {run.session} {state}.", f"loopdeck resume {run.session} goes on with it.")
    return EXIT_CODES["waiting" if waits else "stopped"]
