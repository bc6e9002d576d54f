"""The key that shows the MCP servers: as they are now, or as the log knows them."""

from typing import TYPE_CHECKING

from loopdeck.app.background import start
from loopdeck.app.deck.scene import Scene
from loopdeck.app.deck.sifting import Sifting
from loopdeck.ports.servers import Servers

if TYPE_CHECKING:
    from loopdeck.app.panes.servers import ServersScreen


class Serving(Sifting):
    """One screen for both. What a server does while nothing happens in the session is seen too."""

    _panel: "ServersScreen | None" = None

    @property
    def _servers_now(self) -> Servers | None:
        """The servers of the agent that works here; none in the past, where the log has the say."""
        here = self.scene.at_end and self.agent is not None and not self.agent.is_finished
        return self.services.servers if here else None

    def present(self, scene: Scene) -> None:
        """The log grew, or another moment is looked at."""
        moved = scene.seq != self.scene.seq
        super().present(scene)
        if self._panel is not None and moved:
            self._look()

    def tick(self) -> None:
        """Once a second: servers come and go by themselves."""
        super().tick()
        if self._panel is not None and self._servers_now is not None:
            self._look()

    def action_servers(self) -> None:
        """Show how each MCP server is doing, and its tools."""
        from loopdeck.app.panes.servers import ServersScreen  # on first use

        servers = self._servers_now
        panel = ServersScreen(servers.restart if servers is not None else None)

        async def shown() -> None:
            await self.app.push_screen(panel, self._panel_closed)
            self._panel = panel
            self._look()

        start(self, shown, "servers", only=True)

    def _panel_closed(self, _nothing: None) -> None:
        self._panel = None

    def _look(self) -> None:
        """Show them on the open screen."""
        start(self, self._look_on, "survey-servers", only=True)

    async def _look_on(self) -> None:
        servers, panel = self._servers_now, self._panel
        if servers is not None and panel is not None:
            views = servers.views()
            panel.show(views, {view.name: servers.tools(view.name) for view in views})
            return
        await self.survey.extend(self.scene.head.last_seq)
        if (panel := self._panel) is not None:
            where = self.feed.timeline.where(self.scene.position)
            panel.upto("" if where.live else f" · PAST, up to step {where.step} of {where.steps}")
            served, seq = self.survey.served, self.scene.seq
            panel.show(served.views(seq), served.tools(seq))
