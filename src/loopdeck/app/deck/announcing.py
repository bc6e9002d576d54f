"""Lines above the panes: what there is to say of the rules, and notices while something waits."""

from dataclasses import replace
from functools import partial

from textual.events import Resize, ScreenResume
from textual.timer import Timer

from loopdeck.app.background import start
from loopdeck.app.deck.asking import Asking
from loopdeck.app.deck.scene import Scene
from loopdeck.app.paint.bulletin import notice_lines
from loopdeck.app.panes.lines import LineView
from loopdeck.ports import Bulletin

MOST_ROWS = 6


class Announcing(Asking):
    """What is said here has room of its own: it covers neither a payload nor a key."""

    _bulletin = Bulletin()
    _unread = Bulletin()
    _notice = ("", "information")
    _fades: Timer | None = None

    def on_mount(self) -> None:
        """Announce what the run came with."""
        self._bulletin = self._unread = self.opened.bulletin
        self.query_one("#notices", LineView).can_focus = False
        self._announce()

    def present(self, scene: Scene) -> None:
        """A toast that hangs over the deck comes down when something begins to wait."""
        waited = self.has_class("-waiting")
        super().present(scene)
        if self.has_class("-waiting") != waited:
            self.app.clear_notifications()
            self._announce()

    def on_resize(self, _event: Resize) -> None:
        """Another width may need another height."""
        self._announce()

    def on_screen_resume(self, _event: ScreenResume) -> None:
        """No toast of another screen may hang over what waits."""
        if self.has_class("-waiting"):
            self.app.clear_notifications()

    def take_notice(self, text: str, severity: str, seconds: float) -> bool:
        """Say it above the panes while something waits; else a toast does."""
        if self._fades is not None:
            self._fades.stop()
        self._notice = (text, severity)
        self._fades = self.set_timer(seconds, self._fade)
        self._announce()
        return self.has_class("-waiting")

    def put_away(self) -> bool:
        """Take away the notice that is shown; false where there is none."""
        shown = self.has_class("-waiting") and self._notice[0] != ""
        if shown:
            self._fade()
        return shown

    def action_notices(self) -> None:
        """Show what there is to say of the rules; a project's own can be accepted there."""
        from loopdeck.app.panes.bulletin import BulletinScreen  # on first use

        screen = BulletinScreen(self.clock, self._bulletin, accepts=self.scene.runner.works)
        self.app.push_screen(screen, self._bulletin_read)

    def _announce(self) -> None:
        notice = self._notice if self.has_class("-waiting") else ("", "")
        paint = partial(notice_lines, self._unread, notice, self.label("notices"))
        strip = self.query_one("#notices", LineView)
        rows = len(paint(max(1, self.size.width - 2)))
        strip.styles.height = min(rows, MOST_ROWS)
        strip.show_lines(paint)
        self.set_class(rows > 0, "-noticed")

    def _fade(self) -> None:
        self._notice = ("", "")
        self._announce()

    def _bulletin_read(self, accepted: bool | None) -> None:
        """What was read is not announced again; what still waits is."""
        if accepted:
            start(self, self._accept_rules, "rules")
        else:
            self._unread = replace(self._bulletin, sentences=())
            self._announce()

    async def _accept_rules(self) -> None:
        await self._bulletin.accept()
        old = self._bulletin.pending
        self._bulletin, self._unread = replace(self._bulletin, pending=None), Bulletin()
        self._announce()
        text = "A rule that it drops still holds in this session, and in no later one."
        self.notify(f"Accepted. {text}" if old and old.accepted else "Accepted.", markup=False)
