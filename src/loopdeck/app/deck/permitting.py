"""The keys beyond yes and no: explain, edit, approve for a scope, see what stands."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from loopdeck.app.deck.answering import Answers
from loopdeck.app.deck.part import Part
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.paint.approval import key_of
from loopdeck.app.paint.grants import elsewhere_words
from loopdeck.app.view.guard import may_be_unstored
from loopdeck.app.view.scene import Scene
from loopdeck.app.view.words import target
from loopdeck.permissions.learning.past import calls_of
from loopdeck.session.calls import CallView
from loopdeck.session.commands import Approve, Revoke
from loopdeck.session.confirming import needs_typing
from loopdeck.session.events import RuleGranted
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.standing import GrantView

if TYPE_CHECKING:
    from loopdeck.app.panes.grants import GrantsScreen


class Permissions(Part):
    """Screens over the deck that say more about a permission, or give one that stays."""

    def __init__(self, stage: Stage, answers: Answers) -> None:
        super().__init__(stage)
        self._answers = answers
        self._grants: GrantsScreen | None = None

    def verbs(self) -> Verbs:
        """The keys that say more, and those that approve otherwise than once."""
        return {
            "explain": self.explain,
            "edit": self.edit,
            "approve_scope": self.approve_scope,
            "approve_unstored": self.approve_unstored,
            "grants": self.show_grants,
        }

    def follow(self, before: Scene) -> None:
        """What stands changes while its screen is open."""
        if self._grants is not None:
            self._grants.show(self.stage.scene.state.grants)

    def explain(self) -> None:
        """Say everything behind the verdict on what waits, or on the selected call."""
        item = self.stage.drawer.item
        if isinstance(item, CallView):
            self._explain(item)
            return
        row = self.stage.loop.row
        if item is None and row is not None and row.kind == "call" and row.ref:
            self.start(
                partial(self._explain_past, row.ref, self.stage.scene.seq), "explain", only=True
            )

    def approve_unstored(self) -> None:
        """Let a sensitive read happen; what it reads goes to the agent and into no log."""
        item = self.stage.drawer.item
        if not isinstance(item, CallView):
            return
        if not may_be_unstored(item):
            self._answers.note("only a read that may hold secrets can be kept out of the log")
            return
        yes = Approve(call_id=item.call_id, binding=item.binding, store=False)
        self._answers.attempt(lambda: self._answers.send(item, yes), see_all=True)

    def edit(self) -> None:
        """Change what the call would do, and approve that."""
        item = self.stage.drawer.item
        if isinstance(item, CallView):
            self._answers.attempt(lambda: self._edit(item), see_all=True)

    def approve_scope(self) -> None:
        """Approve the call and others like it: the ladder asks how far."""
        item = self.stage.drawer.item
        if not isinstance(item, CallView):
            return
        if needs_typing(item):
            self._answers.note("what destroys or is not understood is approved one by one")
            return
        self._answers.attempt(lambda: self.climb(item), see_all=True)

    def show_grants(self) -> None:
        """Show every standing permission."""
        from loopdeck.app.panes.grants import GrantsScreen  # on first use

        def revoke(grant_id: str) -> None:
            self.start(partial(self.stage.send, Revoke(grant_id=grant_id)), "commands")

        scene = self.stage.scene
        screen = GrantsScreen(
            self.stage.clock,
            self._origin,
            revoke if scene.can_answer else None,
            at=None if scene.can_answer else scene.state.last_ts,
        )
        screen.show(self.stage.scene.state.grants)
        self._grants = screen
        self.stage.app.push_screen(screen, self._grants_closed)

    def _edit(self, item: CallView) -> None:
        from loopdeck.app.panes.editing import EditScreen  # on first use

        done = partial(self._decided, item)
        self.stage.app.push_screen(
            EditScreen(self.stage.clock, item, self.stage.means.schema(item.tool)), done
        )

    def climb(self, item: CallView, rule: str = "") -> None:
        """Ask how far the approval reaches; `rule` is the one it is to have."""
        from loopdeck.app.panes.ladder import LadderScreen  # on first use

        can, state = self.stage.means, self.stage.scene.state
        ladder = LadderScreen(
            self.stage.clock, item, state, self._past, can.new_id, can.home, rule=rule
        )
        self.stage.app.push_screen(ladder, partial(self._decided, item))

    def _decided(self, item: CallView, yes: Approve | None) -> None:
        """What a screen over the deck decided counts if the request still stands as it was."""
        if yes is None:
            return
        if self.stage.scene.can_answer and self.stage.drawer.guard.key == key_of(item):
            self._answers.send(item, yes)
        else:
            text = "It changed, or was answered, meanwhile: nothing was approved."
            self.say(text, severity="warning")

    async def _past(self) -> Sequence[RecordedCall]:
        if self.stage.means.past is not None:
            return await self.stage.means.past()
        return await calls_of(self.stage.opened.journal, self.stage.opened.session)

    def _grants_closed(self, view: GrantView | None) -> None:
        self._grants = None
        if view is not None:
            self.start(partial(self._show_call, view), "origin", only=True)

    async def _show_call(self, view: GrantView) -> None:
        call_id = await self._call_id(view)
        if not call_id or not self.stage.loop.point_at(call_id):
            self.say("It was given before this session.")

    async def _origin(self, view: GrantView) -> str:
        """Which call a permission was given with, and what it did in other sessions, in words."""
        call_id = await self._call_id(view)
        call = await self.stage.history.call(call_id, None) if call_id else None
        lasting = view.grant.rule.scope != "session"
        past = await self._past() if lasting else ()
        own = f"given in step {call.step} with {call.tool} {target(call.args)}" if call else ""
        return elsewhere_words(
            view.grant, own, past, self.stage.opened.session, self.stage.clock.wall()
        )

    async def _call_id(self, view: GrantView) -> str:
        event = await self.stage.history.event(view.seq)
        return event.call_id if isinstance(event, RuleGranted) else ""

    async def _explain_past(self, call_id: str, seq: int) -> None:
        call = await self.stage.history.call(call_id, seq)
        if call is not None:
            self._explain(call)

    def _explain(self, call: CallView) -> None:
        from loopdeck.app.panes.explain import ExplainScreen  # on first use

        self.stage.app.push_screen(
            ExplainScreen(self.stage.clock, call, self.stage.scene.state, self.stage.means.home)
        )
