"""The key that forks: a new session from the moment under the playhead, on a deck of its own."""

from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from loopdeck.app.deck.part import Part
from loopdeck.app.deck.seeking import Player
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.paint.forking import Origin, quiet_moment
from loopdeck.app.view.scene import Scene
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


class Forks(Part):
    """Asks what is to be different, says what stays as it is, and goes to the fork."""

    def __init__(self, stage: Stage, player: Player) -> None:
        super().__init__(stage)
        self._player = player
        self._unsaid: dict[str, str] = {}  # of forks that were refused, by what they replace

    def verbs(self) -> Verbs:
        """The key that forks."""
        return {"fork": self.fork}

    def fork(self) -> None:
        """Begin another session from here."""
        scene, row = self.stage.scene, self.stage.loop.row  # as they are under the key
        wanted = self._player.wanted
        if self.stage.means.fork is None or not scene.head.last_seq:
            self.say("This cannot be forked from here.", seconds=4)
        elif wanted is not None and scene.state.last_seq != wanted:
            self.say("This moment is still being read: once more when it is shown.", seconds=4)
        else:
            self._player.halt()
            self.start(partial(self._ask, scene, row), "fork", only=True)

    async def _ask(self, scene: Scene, row: Row | None) -> None:
        from loopdeck.app.panes.forking import ForkScreen  # on first use

        call = await self._selected_call(scene, row)
        origin = await self._origin_of_fork(scene, row, call)
        words = self._unsaid.get(origin.replaces, origin.replaces)

        def chosen(choice: "Choice | None") -> None:
            if choice is not None and choice.edits and call is not None:
                self._edit_fork(choice, call)
            elif choice is not None:
                self._fork(Branch(origin.at, choice.message), origin.replaces)

        self.stage.app.push_screen(ForkScreen(self.stage.clock, scene, origin, words), chosen)

    async def _origin_of_fork(self, scene: Scene, row: Row | None, call: CallView | None) -> Origin:
        """The quiet moment under the playhead, or the human's words under the cursor."""
        live = scene.goes_on
        event = await self.stage.history.event(row.seq) if row is not None else None
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
        return await self.stage.history.call(row.call_id, scene.seq)

    def _edit_fork(self, choice: "Choice", call: CallView) -> None:
        from loopdeck.app.panes.editing import EditScreen  # on first use

        def edited(yes: Approve | None) -> None:
            if yes is not None:
                self._fork(Branch(call.seq, choice.message, call.call_id, yes.args), "")

        schema = self.stage.means.schema(call.tool)
        screen = EditScreen(self.stage.clock, call, schema, verb="fork")
        self.stage.app.push_screen(screen, edited)

    def _fork(self, branch: Branch, replaces: str) -> None:
        self.start(partial(self._leave_for, branch, replaces), "fork", only=True)

    async def _leave_for(self, branch: Branch, replaces: str) -> None:
        fork, app = self.stage.means.fork, self.stage.app
        if fork is not None and isinstance(app, OpensSessions):
            self._unsaid[replaces] = branch.message
            await app.open_session(await fork(branch))
            del self._unsaid[replaces]
