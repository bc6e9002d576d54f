"""The key that shows only some rows of the loop."""

import asyncio
from typing import TYPE_CHECKING

from textual.content import Content

from loopdeck.app.deck.part import Part
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.paint.filters import chip, filter_words
from loopdeck.app.view.filtering import Filter, Known, Shown
from loopdeck.app.view.scene import Scene
from loopdeck.app.view.survey import Survey

if TYPE_CHECKING:
    from loopdeck.app.panes.sieve import Choice

_WHATS: tuple[Filter, ...] = (Filter("errors"), Filter("writes"), Filter("asked"))


class Sieve(Part):
    """Filters the loop. What is shown of the past is what passed then."""

    def __init__(self, stage: Stage, survey: Survey) -> None:
        super().__init__(stage)
        self._survey = survey
        self._sifted = 0

    def verbs(self) -> Verbs:
        """The key that chooses."""
        return {"only": self.choose}

    @property
    def words(self) -> str:
        """Which rows are shown; empty where all are."""
        return "" if self._shown.filter is None else filter_words(self._shown.filter)

    def follow(self, before: Scene) -> None:
        """A filter sees what is new; its chip says how many rows pass."""
        head = self.stage.scene.head.last_seq
        self._say_filter()
        if self._shown.filter is not None and head != self._sifted:
            self._sifted = head
            self.start(self._sift, "sift", only=True)

    def choose(self) -> None:
        """Choose which rows to show."""
        self.start(self._choose, "only", only=True)

    def open(self) -> bool:
        """Show every row again; false where that is so already."""
        if self._shown.filter is None:
            return False
        self._show_only(None)
        return True

    @property
    def _shown(self) -> Shown:
        return self.stage.loop.shown

    @property
    def _known(self) -> Known:
        return Known(self._survey.tools, self._survey.categories)

    async def _choose(self) -> None:
        from loopdeck.app.panes.sieve import SieveScreen  # on first use

        await self._survey.extend(self.stage.scene.head.last_seq)
        choices = await asyncio.to_thread(self._choices)

        def chosen(choice: "Choice | None") -> None:
            if choice is not None:
                self._show_only(choice.filter)

        self.stage.app.push_screen(SieveScreen(choices, self._shown.filter), chosen)

    def _choices(self) -> "list[Choice]":
        """Every filter there is, and how many rows pass it at this moment."""
        from loopdeck.app.panes.sieve import Choice  # on first use

        scene = self.stage.scene
        tools = sorted(set(self._survey.tools.values()))
        filters = (*_WHATS, *(Filter("tool", tool) for tool in tools))
        found = [(one, self._passing_at(one)) for one in filters]
        every = Choice(None, scene.outline.count(scene.seq))
        return [every, *(Choice(one, count) for one, count in found if count or one in _WHATS)]

    def _passing_at(self, filter_: Filter) -> int:
        scene, shown = self.stage.scene, Shown()
        shown.only(filter_, self._known)
        shown.show(scene.outline, scene.timeline, scene.seq)
        return shown.passing

    def _show_only(self, filter_: Filter | None) -> None:
        self.stage.loop.only(filter_, self._known)
        self.stage.present(self.stage.scene)

    def _say_filter(self) -> None:
        title = Content(chip(self._shown.filter, self._shown.passing))
        middle = self.stage.query_one("#middle")
        if middle.border_title != title:
            middle.border_title = title

    async def _sift(self) -> None:
        """Learn what the newest calls are, and show those that pass."""
        grown = await self._survey.extend(self.stage.scene.head.last_seq)
        if grown and self._shown.filter is not None:
            self.stage.loop.show(self.stage.scene)
            self._say_filter()
