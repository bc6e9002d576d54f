"""The key that shows the MCP servers: as they are now, or as the log knows them."""

from typing import TYPE_CHECKING

from loopdeck.app.deck.part import Part
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.scene import Scene
from loopdeck.app.view.survey import Survey
from loopdeck.app.view.words import past_words
from loopdeck.ports.servers import Servers

if TYPE_CHECKING:
    from loopdeck.app.panes.servers import ServersScreen

_SECONDS = 10.0  # that a warning stays
_TOGETHER_S = 0.5  # within which servers that fail are told of in one warning


class ServersPanel(Part):
    """One screen for both. What a server does while nothing happens in the session is seen too."""

    def __init__(self, stage: Stage, survey: Survey) -> None:
        super().__init__(stage)
        self._survey = survey
        self._panel: ServersScreen | None = None
        self._untold: list[str] = []
        self._moves = False  # whether it shows servers that work here

    def verbs(self) -> Verbs:
        """The key that shows them."""
        return {"servers": self.open}

    def begin(self) -> None:
        """Hear of servers that cannot be used; they are said from here, whatever tells it."""
        servers = self.stage.means.servers
        if servers is not None:
            servers.listen(self._hear)

    def follow(self, before: Scene) -> None:
        """The log grew, or another moment is looked at."""
        if self._panel is not None and self.stage.scene.seq != before.seq:
            self._look()

    def open(self) -> None:
        """Show how each MCP server is doing, and its tools."""
        from loopdeck.app.panes.servers import ServersScreen  # on first use

        panel = ServersScreen()
        ticks = self.stage.set_interval(1.0, self._tick)

        def closed(_nothing: None) -> None:
            self._panel = None
            ticks.stop()

        async def shown() -> None:
            await self.stage.app.push_screen(panel, closed)
            self._panel = panel
            self._look()

        self.start(shown, "servers", only=True)

    def _hear(self, sentence: str) -> None:
        self._untold.append(sentence)
        if len(self._untold) == 1:
            self.stage.set_timer(_TOGETHER_S, self._warn)

    def _warn(self) -> None:
        """One warning for all of them; none over the panel, where each stands with its reason."""
        untold, self._untold = self._untold, []
        if self._panel is not None:
            return
        key, many = self.stage.label("servers"), f"{len(untold)} MCP servers cannot be used:"
        words = (
            f"{many} {key} shows why." if len(untold) > 1 else f"{untold[0]} {key} shows them all."
        )
        self.say(sanitize(words, lines=False), severity="warning", seconds=_SECONDS)

    @property
    def _here(self) -> Servers | None:
        """The servers of the agent that works here; none in the past, where the log has the say."""
        here = self.stage.scene.at_end and self.stage.agent_works
        return self.stage.means.servers if here else None

    def _tick(self) -> None:
        """Servers come and go by themselves, and an agent ends; a log does neither."""
        if self._here is not None or self._moves:
            self._look()

    def _look(self) -> None:
        """Show them on the open screen."""
        self.start(self._look_on, "survey-servers", only=True)

    async def _look_on(self) -> None:
        servers, panel = self._here, self._panel
        self._moves = servers is not None
        if servers is not None and panel is not None:
            views = servers.views()
            tools = {view.name: servers.tools(view.name) for view in views}
            panel.show(views, tools, servers.restart)
            return
        await self._survey.extend(self.stage.scene.head.last_seq)
        if (panel := self._panel) is not None:
            where = self.stage.feed.timeline.where(self.stage.scene.position)
            served, seq = self._survey.served, self.stage.scene.seq
            panel.show(served.views(seq), served.tools(seq))
            panel.upto(past_words(where))
