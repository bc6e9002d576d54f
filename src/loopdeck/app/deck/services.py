"""The key that shows what stays running beside the calls, and lets its human stop it."""

from functools import partial
from typing import TYPE_CHECKING

from loopdeck.app.deck.part import Part
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.view.scene import Scene
from loopdeck.app.view.words import past_words
from loopdeck.session.commands import StopService
from loopdeck.session.outline import Row
from loopdeck.session.services import ServiceView

if TYPE_CHECKING:
    from loopdeck.app.panes.services import ServicesScreen


class ServicesPanel(Part):
    """What the log says of the moment that is shown, live and in any recording."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._panel: ServicesScreen | None = None

    def verbs(self) -> Verbs:
        """The key that shows them."""
        return {"services": self.open}

    def follow(self, before: Scene) -> None:
        """One began, printed something or ended, or another moment is looked at."""
        if self.stage.scene.seq != before.seq:
            self._look()

    def open(self) -> None:
        """Show the services that run, and what each printed last."""
        from loopdeck.app.panes.services import ServicesScreen  # on first use

        panel = ServicesScreen()
        ticks = self.stage.set_interval(1.0, self._look)

        def closed(view: ServiceView | None) -> None:
            self._panel = None
            ticks.stop()
            if view is not None:
                self.stage.loop.point_at(view.call_id)

        async def shown() -> None:
            await self.stage.app.push_screen(panel, closed)
            self._panel = panel
            await self._read()

        self.start(shown, "services", only=True)

    def _look(self) -> None:
        """Show them on the open screen."""
        panel, scene = self._panel, self.stage.scene
        if panel is None:
            return
        live = scene.can_answer
        now = self.stage.clock.wall() if live else scene.state.last_ts
        views = scene.state.services
        rows = ((view.name, scene.outline.call(view.call_id)) for view in views)
        steps = {name: row.step for name, row in rows if row is not None}
        facts = [(row.step, self.stage.history.fact(row.seq)) for row in self._over()]
        panel.over([(step, fact.text) for step, fact in facts if fact is not None])
        if any(fact is None for _, fact in facts):
            self.start(self._read, "services-ended", only=True)
        panel.show(views, steps, now, self._stop if live else None)
        panel.upto(past_words(self.stage.feed.timeline.where(scene.position)))

    def _over(self) -> list[Row]:
        """The ends of services up to the moment that is shown."""
        scene = self.stage.scene
        rows = scene.outline.rows[: scene.outline.count(scene.seq)]
        return [row for row in rows if row.kind == "service"]

    async def _read(self) -> None:
        """Learn how each ended, which is in the log alone."""
        await self.stage.history.load([row.seq for row in self._over()])
        self._look()

    def _stop(self, name: str) -> None:
        self.start(partial(self.stage.send, StopService(service=name)), "commands")
