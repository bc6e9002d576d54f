"""Lines above the panes: what there is to say of the rules, and notices while something waits."""

from dataclasses import replace
from functools import partial

from textual.timer import Timer

from loopdeck.app.deck.part import Part
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.paint.bulletin import notice_lines
from loopdeck.app.panes.lines import LineView
from loopdeck.app.view.scene import Scene
from loopdeck.ports import Bulletin

MOST_ROWS = 6


class Notices(Part):
    """What is said here has room of its own: it covers neither a payload nor a key."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._bulletin = self._unread = stage.opened.bulletin
        self._notice = ("", "information")
        self._fades: Timer | None = None
        self._waited = False

    def verbs(self) -> Verbs:
        """The key that shows all there is to say."""
        return {"notices": self.show_all}

    def begin(self) -> None:
        """Announce what the run came with."""
        self.stage.query_one("#notices", LineView).can_focus = False
        self.fit()

    def follow(self, before: Scene) -> None:
        """A toast that hangs over the deck comes down when something begins to wait."""
        waits = self.stage.has_class("-waiting")
        if waits != self._waited:
            self._waited = waits
            self.clear()
            self.fit()

    def clear(self) -> None:
        """No toast of another screen may hang over what waits."""
        if self.stage.has_class("-waiting"):
            self.stage.app.clear_notifications()

    def take(self, text: str, severity: str, seconds: float) -> bool:
        """Say it above the panes while something waits; else a toast does."""
        if self._fades is not None:
            self._fades.stop()
        self._notice = (text, severity)
        self._fades = self.stage.set_timer(seconds, self._fade)
        self.fit()
        return self.stage.has_class("-waiting")

    def put_away(self) -> bool:
        """Take away the notice that is shown; false where there is none."""
        shown = self.stage.has_class("-waiting") and self._notice[0] != ""
        if shown:
            self._fade()
        return shown

    def show_all(self) -> None:
        """Show what there is to say of the rules; a project's own can be accepted there."""
        from loopdeck.app.panes.bulletin import BulletinScreen  # on first use

        works = self.stage.scene.runner.works
        screen = BulletinScreen(self.stage.clock, self._bulletin, accepts=works)
        self.stage.app.push_screen(screen, self._bulletin_read)

    def fit(self) -> None:
        """Say it again, in as many lines as it needs at this width."""
        notice = self._notice if self.stage.has_class("-waiting") else ("", "")
        paint = partial(notice_lines, self._unread, notice, self.stage.label("notices"))
        strip = self.stage.query_one("#notices", LineView)
        rows = len(paint(max(1, self.stage.size.width - 2)))
        strip.styles.height = min(rows, MOST_ROWS)
        strip.show_lines(paint)
        self.stage.set_class(rows > 0, "-noticed")

    def _fade(self) -> None:
        self._notice = ("", "")
        self.fit()

    def _bulletin_read(self, accepted: bool | None) -> None:
        """What was read is not announced again; what still waits is."""
        if accepted:
            self.start(self._accept_rules, "rules")
        else:
            self._unread = replace(self._bulletin, sentences=())
            self.fit()

    async def _accept_rules(self) -> None:
        await self._bulletin.accept()
        old = self._bulletin.pending
        self._bulletin, self._unread = replace(self._bulletin, pending=None), Bulletin()
        self.fit()
        text = "A rule that it drops still holds in this session, and in no later one."
        self.say(f"Accepted. {text}" if old and old.accepted else "Accepted.")
