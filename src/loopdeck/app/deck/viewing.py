"""The keys that show more, or other things, of what waits."""

from functools import partial

from loopdeck.app.deck.part import Part
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.panes.payload import Payload
from loopdeck.session.calls import CallView


class Views(Part):
    """Pages of a request, the whole of it, its diff in another style, the next one."""

    def verbs(self) -> Verbs:
        """The keys that look, and answer nothing."""
        return {
            "next_waiting": partial(self.turn_to, 1),
            "previous_waiting": partial(self.turn_to, -1),
            "full_view": self.show_whole,
            "diff_style": self.turn_diff,
            "page_up": partial(self.page, -1),
            "page_down": partial(self.page, 1),
        }

    @property
    def whole(self) -> bool:
        """True while the request has the whole screen."""
        return self.stage.has_class("-whole")

    def turn_to(self, direction: int) -> None:
        """Turn to the next or the previous thing that waits."""
        self.stage.drawer.switch(direction)
        self.stage.attend()

    def show_whole(self) -> None:
        """Give the request the whole screen, or take it back; else all of a result."""
        stage, whole = self.stage, not self.whole
        if stage.drawer.item is None:
            stage.result.page()
            return
        stage.set_class(whole, "-whole")
        stage.drawer.set_class(whole, "-whole")
        stage.drawer.paint()
        stage.set_focus(stage.query_one(Payload) if whole else stage.loop)

    def turn_diff(self) -> None:
        """Show the diff side by side, or in one column again."""
        if isinstance(self.stage.drawer.item, CallView):
            self.stage.drawer.note = self.stage.drawer.turn_diff()
            self.stage.drawer.paint()
        elif why := self.stage.result.turn_diff():
            self.say(f"{why[0].upper()}{why[1:]}.", seconds=4)

    def page(self, direction: int) -> None:
        """A page of what waits, until it was seen to its end; else a page of the loop."""
        drawer, payload = self.stage.drawer, self.stage.query_one(Payload)
        if drawer.item is None or (drawer.guard.seen_all and not payload.scroll_offset.y):
            self.stage.loop.action_page(direction)
        elif direction > 0:
            payload.scroll_page_down(animate=False)
        else:
            payload.scroll_page_up(animate=False)
