"""The key that shows only some rows of the loop; steps and jumps then keep to those."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content

from loopdeck.app.background import start
from loopdeck.app.deck.filtering import Filter, Known, Shown
from loopdeck.app.deck.scene import Scene
from loopdeck.app.deck.seeking import Seeking
from loopdeck.app.deck.survey import Survey
from loopdeck.app.paint.filters import chip, filter_words
from loopdeck.app.panes.loop import LoopPane

if TYPE_CHECKING:
    from loopdeck.app.panes.sieve import Choice

_WHATS: tuple[Filter, ...] = (Filter("errors"), Filter("writes"), Filter("asked"))


class Sifting(Seeking):
    """Filters the loop. What is shown of the past is what passed then."""

    _survey: Survey | None = None
    _sifted = 0

    @property
    def survey(self) -> Survey:
        """What was read of the whole session, so far."""
        if self._survey is None:
            self._survey = Survey(self.opened.journal, self.opened.session)
        return self._survey

    @property
    def shown(self) -> Shown:
        """Which rows the loop shows."""
        return self.query_one(LoopPane).shown

    def present(self, scene: Scene) -> None:
        """A filter sees what is new; its chip says how many rows pass."""
        words = "" if self.shown.filter is None else filter_words(self.shown.filter)
        super().present(replace(scene, only=words))
        self._say_filter()
        if self.shown.filter is not None and scene.head.last_seq != self._sifted:
            self._sifted = scene.head.last_seq
            start(self, self._sift, "sift", only=True)

    def action_only(self) -> None:
        """Choose which rows to show."""
        start(self, self._choose, "only", only=True)

    def unfilter(self) -> bool:
        """Show every row again; false where that is so already."""
        if self.shown.filter is None:
            return False
        self._show_only(None)
        return True

    def action_step(self, direction: int) -> None:
        """One step back or on, among those of which rows are shown."""
        if self.shown.filter is None:
            super().action_step(direction)
            return
        steps = self.shown.steps()
        seq = self.feed.timeline.head if self.wanted is None else self.wanted
        now = self.feed.timeline.where(seq).step
        if direction < 0:
            goal = max((step for step in steps if step < now), default=None)
        else:
            goal = min((step for step in steps if step > now), default=None)
        if goal is not None:
            self._move(self.feed.timeline.to_step(goal))

    def action_approval(self, direction: int) -> None:
        """To the moment somebody was asked in a row that passes."""
        self._leap(self.feed.timeline.by_approval(self.wanted, direction, self.shown.events))

    def action_error(self, direction: int) -> None:
        """To the moment something failed in a row that passes."""
        self._leap(self.feed.timeline.by_error(self.wanted, direction, self.shown.events))

    def _leap(self, goal: int | None) -> None:
        if goal == self.wanted and self.shown.filter is not None:
            words = filter_words(self.shown.filter)
            self.notify(f"There is none that way: {words}.", markup=False, timeout=3)
        self._move(goal)

    async def _choose(self) -> None:
        from loopdeck.app.panes.sieve import SieveScreen  # on first use

        await self.survey.extend(self.scene.head.last_seq)
        choices = await asyncio.to_thread(self._choices)

        def chosen(choice: "Choice | None") -> None:
            if choice is not None:
                self._show_only(choice.filter)

        self.app.push_screen(SieveScreen(choices, self.shown.filter), chosen)

    def _choices(self) -> "list[Choice]":
        """Every filter there is, and how many rows pass it at this moment."""
        from loopdeck.app.panes.sieve import Choice  # on first use

        tools = sorted(set(self.survey.tools.values()))
        filters = (*_WHATS, *(Filter("tool", tool) for tool in tools))
        found = [(one, self._passing_at(one)) for one in filters]
        every = Choice(None, self.scene.outline.count(self.scene.seq))
        return [every, *(Choice(one, count) for one, count in found if count or one in _WHATS)]

    def _passing_at(self, filter_: Filter) -> int:
        shown = Shown()
        shown.only(filter_, self._known)
        shown.show(self.scene.outline, self.scene.timeline, self.scene.seq)
        return shown.passing

    @property
    def _known(self) -> Known:
        return Known(self.survey.tools, self.survey.categories)

    def _show_only(self, filter_: Filter | None) -> None:
        self.query_one(LoopPane).only(filter_, self._known)
        self.present(self.scene)

    def _say_filter(self) -> None:
        title = Content(chip(self.shown.filter, self.shown.passing))
        middle = self.query_one("#middle")
        if middle.border_title != title:
            middle.border_title = title

    async def _sift(self) -> None:
        """Learn what the newest calls are, and show those that pass."""
        if await self.survey.extend(self.scene.head.last_seq) and self.shown.filter is not None:
            self.query_one(LoopPane).show(self.scene)
            self._say_filter()
