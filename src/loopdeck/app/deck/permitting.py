"""The keys beyond yes and no: explain, edit, approve for a scope, see what stands."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from loopdeck.app.background import start
from loopdeck.app.deck.announcing import Announcing
from loopdeck.app.deck.guard import may_be_unstored
from loopdeck.app.deck.scene import Scene
from loopdeck.app.paint.approval import key_of
from loopdeck.app.paint.calls import target
from loopdeck.app.paint.grants import elsewhere_words
from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.result import ResultPane
from loopdeck.permissions.learning.past import calls_of
from loopdeck.session.calls import CallView
from loopdeck.session.commands import Approve, Revoke
from loopdeck.session.confirming import needs_typing
from loopdeck.session.events import RuleGranted
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.standing import GrantView

if TYPE_CHECKING:
    from loopdeck.app.panes.grants import GrantsScreen


class Permitting(Announcing):
    """Screens over the deck that say more about a permission, or give one that stays."""

    _grants: "GrantsScreen | None" = None

    def present(self, scene: Scene) -> None:
        """What stands changes while its screen is open."""
        super().present(scene)
        if self._grants is not None:
            self._grants.show(scene.state.grants)

    def action_explain(self) -> None:
        """Say everything behind the verdict on what waits, or on the selected call."""
        item = self.drawer.item
        if isinstance(item, CallView):
            self._explain(item)
            return
        row = self.query_one(LoopPane).row
        if item is None and row is not None and row.kind == "call" and row.ref:
            start(self, partial(self._explain_past, row.ref, self.scene.seq), "explain", only=True)

    def action_diff_style(self) -> None:
        """Show the diff side by side, or in one column again."""
        if isinstance(self.drawer.item, CallView):
            self._say(self.drawer.turn_diff())
        elif why := self.query_one(ResultPane).turn_diff():
            self.notify(f"{why[0].upper()}{why[1:]}.", markup=False, timeout=4)

    def action_approve_unstored(self) -> None:
        """Let a sensitive read happen; what it reads goes to the agent and into no log."""
        item = self.drawer.item
        if not isinstance(item, CallView):
            return
        if not may_be_unstored(item):
            self._say("only a read that may hold secrets can be kept out of the log")
            return
        yes = Approve(call_id=item.call_id, binding=item.binding, store=False)
        self.attempt(lambda: self.answer_with(item, yes), see_all=True)

    def action_edit(self) -> None:
        """Change what the call would do, and approve that."""
        item = self.drawer.item
        if isinstance(item, CallView):
            self.attempt(lambda: self._edit(item), see_all=True)

    def action_approve_scope(self) -> None:
        """Approve the call and others like it: the ladder asks how far."""
        item = self.drawer.item
        if not isinstance(item, CallView):
            return
        if needs_typing(item):
            self._say("what destroys or is not understood is approved one by one")
            return
        self.attempt(lambda: self.climb(item), see_all=True)

    def action_grants(self) -> None:
        """Show every standing permission."""
        from loopdeck.app.panes.grants import GrantsScreen  # on first use

        def revoke(grant_id: str) -> None:
            start(self, partial(self.send, Revoke(grant_id=grant_id)), "commands")

        scene = self.scene
        screen = GrantsScreen(
            self.clock,
            self._origin,
            revoke if scene.can_answer else None,
            at=None if scene.can_answer else scene.state.last_ts,
        )
        screen.show(self.scene.state.grants)
        self._grants = screen
        self.app.push_screen(screen, self._grants_closed)

    def _edit(self, item: CallView) -> None:
        from loopdeck.app.panes.editing import EditScreen  # on first use

        done = partial(self._decided, item)
        self.app.push_screen(EditScreen(self.clock, item, self.services.schema(item.tool)), done)

    def climb(self, item: CallView, rule: str = "") -> None:
        """Ask how far the approval reaches; `rule` is the one it is to have."""
        from loopdeck.app.panes.ladder import LadderScreen  # on first use

        can, state = self.services, self.scene.state
        ladder = LadderScreen(self.clock, item, state, self._past, can.new_id, can.home, rule=rule)
        self.app.push_screen(ladder, partial(self._decided, item))

    def _decided(self, item: CallView, yes: Approve | None) -> None:
        """What a screen over the deck decided counts if the request still stands as it was."""
        if yes is None:
            return
        if self.scene.can_answer and self.drawer.guard.key == key_of(item):
            self.answer_with(item, yes)
        else:
            text = "It changed, or was answered, meanwhile: nothing was approved."
            self.notify(text, severity="warning", markup=False)

    async def _past(self) -> Sequence[RecordedCall]:
        if self.services.past is not None:
            return await self.services.past()
        return await calls_of(self.opened.journal, self.opened.session)

    def _grants_closed(self, view: GrantView | None) -> None:
        self._grants = None
        if view is not None:
            start(self, partial(self._show_call, view), "origin", only=True)

    async def _show_call(self, view: GrantView) -> None:
        call_id = await self._call_id(view)
        if not call_id or not self.query_one(LoopPane).point_at(call_id):
            self.notify("It was given before this session.", markup=False)

    async def _origin(self, view: GrantView) -> str:
        """Which call a permission was given with, and what it did in other sessions, in words."""
        call_id = await self._call_id(view)
        call = await self.history.call(call_id, None) if call_id else None
        lasting = view.grant.rule.scope != "session"
        past = await self._past() if lasting else ()
        own = f"given in step {call.step} with {call.tool} {target(call.args)}" if call else ""
        return elsewhere_words(view.grant, own, past, self.opened.session, self.clock.wall())

    async def _call_id(self, view: GrantView) -> str:
        event = await self.history.event(view.seq)
        return event.call_id if isinstance(event, RuleGranted) else ""

    async def _explain_past(self, call_id: str, seq: int) -> None:
        call = await self.history.call(call_id, seq)
        if call is not None:
            self._explain(call)

    def _explain(self, call: CallView) -> None:
        from loopdeck.app.panes.explain import ExplainScreen  # on first use

        self.app.push_screen(ExplainScreen(self.clock, call, self.scene.state, self.services.home))
