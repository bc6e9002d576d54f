"""The key that forks: a new session from the moment under the playhead, on a deck of its own."""

from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from loopdeck.app.background import start
from loopdeck.app.deck.scene import Scene
from loopdeck.app.deck.seeking import Seeking
from loopdeck.app.paint.forking import Origin, quiet_moment
from loopdeck.app.panes.loop import LoopPane
from loopdeck.ports import Branch, Opened
from loopdeck.session.calls import CallView
from loopdeck.session.commands import Approve
from loopdeck.session.events import HumanMessage, HumanSteered, SessionStarted
from loopdeck.session.outline import Row

if TYPE_CHECKING:
    from loopdeck.app.panes.forking import Choice


@runtime_checkable
class OpensSessions(Protocol):
    """An app that can show another session."""

    async def open_session(self, opened: Opened) -> None:
        """Show it on top of what is there."""
        ...


class Forking(Seeking):
    """Asks what is to be different, says what stays as it is, and goes to the fork."""

    def action_fork(self) -> None:
        """Begin another session from here."""
        if self.services.fork is None or not self.scene.head.last_seq:
            self.notify("This cannot be forked from here.", markup=False, timeout=4)
            return
        scene, row = self.scene, self.query_one(LoopPane).row  # as they are under the key
        if self.wanted is not None and scene.state.last_seq != self.wanted:
            text = "This moment is still being read: once more when it is shown."
            self.notify(text, markup=False, timeout=4)
            return
        self._stop()
        start(self, partial(self._ask, scene, row), "fork", only=True)

    async def _ask(self, scene: Scene, row: Row | None) -> None:
        from loopdeck.app.panes.forking import ForkScreen  # on first use

        call = await self._selected_call(scene, row)
        origin = await self._origin_of_fork(scene, row, call)

        def chosen(choice: "Choice | None") -> None:
            if choice is not None and choice.edits and call is not None:
                self._edit_fork(choice, call)
            elif choice is not None:
                self._fork(Branch(origin.at, choice.message))

        self.app.push_screen(ForkScreen(self.clock, scene, origin), chosen)

    async def _origin_of_fork(self, scene: Scene, row: Row | None, call: CallView | None) -> Origin:
        """The quiet moment under the playhead, or the human's words under the cursor."""
        live = scene.goes_on
        event = await self.history.event(row.seq) if row is not None else None
        if row is not None and isinstance(event, HumanMessage | HumanSteered) and event.text:
            return Origin(row.seq, row.step, event.text, live=live)
        if row is not None and isinstance(event, SessionStarted):
            return Origin(row.seq, 0, event.goal, live=live, is_goal=True)
        at = quiet_moment(scene)
        step = scene.timeline.where(at).step
        return Origin(at, step, tool=call.tool if call else "", live=live)

    async def _selected_call(self, scene: Scene, row: Row | None) -> CallView | None:
        """The call under the cursor, as the model wrote it."""
        if row is None or row.call_id is None:
            return None
        return await self.history.call(row.call_id, scene.seq)

    def _edit_fork(self, choice: "Choice", call: CallView) -> None:
        from loopdeck.app.panes.editing import EditScreen  # on first use

        def edited(yes: Approve | None) -> None:
            if yes is not None:
                self._fork(Branch(call.seq, choice.message, call.call_id, yes.args))

        screen = EditScreen(self.clock, call, self.services.schema(call.tool), verb="fork")
        self.app.push_screen(screen, edited)

    def _fork(self, branch: Branch) -> None:
        start(self, partial(self._leave_for, branch), "fork", only=True)

    async def _leave_for(self, branch: Branch) -> None:
        if self.services.fork is not None and isinstance(self.app, OpensSessions):
            await self.app.open_session(await self.services.fork(branch))
