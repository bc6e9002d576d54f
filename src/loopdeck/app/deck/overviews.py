"""The keys that sum a session up: its files, its time and cost. All of them up to the playhead."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from loopdeck.app.deck.part import Part
from loopdeck.app.deck.seeking import Player
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.view.scene import Scene
from loopdeck.app.view.survey import Survey
from loopdeck.app.view.words import past_words
from loopdeck.session.events import CallFinished
from loopdeck.session.netdiff import net_diff
from loopdeck.session.spent import StepTime
from loopdeck.session.touched import Touch, TouchedFile

if TYPE_CHECKING:
    from loopdeck.app.panes.overview import Overview
    from loopdeck.app.panes.touched import Net


R = TypeVar("R")


class Overviews(Part):
    """Screens over the deck that show the whole of a session as it stood at the playhead."""

    def __init__(self, stage: Stage, player: Player, survey: Survey) -> None:
        super().__init__(stage)
        self._player = player
        self._survey = survey
        self._over: Overview[Any] | None = None
        self._goal: tuple[int | None, str] | None = None  # where to go, the call to point at there
        self._summing = False
        self._summed = -1

    def verbs(self) -> Verbs:
        """The keys that sum up."""
        return {"files": self.show_files, "chart": self.show_chart}

    def follow(self, before: Scene) -> None:
        """A screen over a running session grows with it; who jumped to a call is shown it."""
        scene = self.stage.scene
        if self._over is not None and scene.seq != before.seq:
            self._sum_up()
        if self._goal is not None and scene.position == self._goal[0]:
            goal, self._goal = self._goal, None
            self.stage.loop.point_at(goal[1])

    @property
    def _goes_on(self) -> bool:
        """True at the end of a session that somebody works on."""
        return self.stage.scene.at_end and self.stage.scene.goes_on

    def show_files(self) -> None:
        """Show which files the session touched, and what came of each."""
        from loopdeck.app.panes.touched import FilesScreen  # on first use

        self._open(FilesScreen(self._net_of), self._to_touch)

    def show_chart(self) -> None:
        """Show where the time and the money went."""
        from loopdeck.app.panes.chart import ChartScreen  # on first use

        self._open(ChartScreen(), self._to_step)

    def _open(self, screen: "Overview[R | None]", done: Callable[[R], None]) -> None:
        def closed(chosen: R | None) -> None:
            self._over = None
            ticks.stop()
            if chosen is not None:
                done(chosen)

        async def shown() -> None:
            await self.stage.app.push_screen(screen, closed)
            self._over, self._summed = screen, -1
            self._sum_up()

        ticks = self.stage.set_interval(1.0, self._tick)
        self.start(shown, "overview", only=True)

    def _tick(self) -> None:
        """What is waited for now grows on the chart."""
        if self._over is not None and self._over.ticks and self._goes_on:
            self._summed = -1
            self._sum_up()

    def _sum_up(self) -> None:
        if not self._summing:
            self._summing = True
            self.start(self._read_on, "survey")

    async def _read_on(self) -> None:
        """Read what is new, and show what stands at the playhead, until both are so."""
        try:
            while (over := self._over) is not None:
                seq = self.stage.scene.seq
                grown = await self._survey.extend(self.stage.scene.head.last_seq)
                other = grown or seq < self._summed or self._summed < 0
                if other and over is self._over:
                    await self._show_on(over, seq)
                self._summed = seq
                if seq == self.stage.scene.seq:
                    break
        finally:
            self._summing = False

    async def _show_on(self, over: "Overview[Any]", seq: int) -> None:
        from loopdeck.app.panes.chart import ChartScreen  # one of the two is open
        from loopdeck.app.panes.touched import FilesScreen

        where = self.stage.feed.timeline.where(self.stage.scene.position)
        over.upto(past_words(where))
        match over:
            case ChartScreen():
                now = self.stage.clock.wall() if self._goes_on else None
                steps = await self._survey.steps(seq, now)
                if over is self._over:
                    over.show(steps)
            case FilesScreen():
                over.show(self._survey.touches.files(seq), self._survey.touches.blind(seq))
            case _:
                pass

    async def _net_of(self, file: TouchedFile) -> "Net":
        """What the recorded changes of a file come to."""
        from loopdeck.app.panes.touched import Net  # its screen is open: it is loaded

        seqs = [touch.seq for touch in file.changes if touch.diff]
        opened = self.stage.opened
        found = await opened.journal.pick(opened.session, seqs)
        events = [found[seq].event for seq in seqs if seq in found]
        diffs = [event.diff for event in events if isinstance(event, CallFinished)]
        if len(diffs) <= 1:
            return Net(diffs, diffs[0] if diffs else "")
        return Net(diffs, await asyncio.to_thread(net_diff, diffs))

    def _to_touch(self, touch: Touch) -> None:
        self._go_to(touch.seq, touch.call_id)

    def _to_step(self, step: StepTime) -> None:
        self._go_to(step.last, "")

    def _go_to(self, seq: int, call_id: str) -> None:
        position = seq if seq < self.stage.feed.timeline.head else None
        self._goal = (position, call_id) if call_id else None
        self._player.move(position)
