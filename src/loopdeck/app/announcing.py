"""What there is to say of the rules stands above the panes until it was read; its key shows it."""

from dataclasses import replace
from functools import partial

from loopdeck.app.asking import Asking
from loopdeck.app.background import start
from loopdeck.app.paint.bulletin import bulletin_line
from loopdeck.app.panes.lines import OneLine
from loopdeck.ports import Bulletin


class Announcing(Asking):
    """A line that no drawer and no notification covers, and the screen behind it."""

    _bulletin = Bulletin()

    def on_mount(self) -> None:
        """Announce what the run came with."""
        self._bulletin = self.opened.bulletin
        self._announce(self._bulletin)

    def action_notices(self) -> None:
        """Show what there is to say of the rules; a project's own can be accepted there."""
        from loopdeck.app.panes.bulletin import BulletinScreen  # on first use

        screen = BulletinScreen(self.clock, self._bulletin, accepts=self.opened.sink.accepts)
        self.app.push_screen(screen, self._bulletin_read)

    def _announce(self, bulletin: Bulletin) -> None:
        paint = partial(bulletin_line, bulletin, self.label("notices"))
        self.query_one("#notices", OneLine).show_line(paint)
        self.set_class(not bulletin.silent, "-noticed")

    def _bulletin_read(self, accepted: bool | None) -> None:
        """What was read is not announced again; what still waits is."""
        if accepted:
            start(self, self._accept_rules, "rules")
        else:
            self._announce(replace(self._bulletin, sentences=()))

    async def _accept_rules(self) -> None:
        await self._bulletin.accept()
        self._bulletin = replace(self._bulletin, pending=None)
        self._announce(Bulletin())
        text = "Accepted. A rule that it drops still holds in this session, and in no later one."
        self.notify(text, markup=False)
