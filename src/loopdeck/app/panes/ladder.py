"""The ladder: approve a call for more than once, by a rule that is weighed against the past."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Event, Key
from textual.widgets import Input

from loopdeck.app.background import start
from loopdeck.app.paint.ladder import Ladder, ladder_lines
from loopdeck.app.paint.lines import Line, Part, prose
from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.dialog import NotedDialog
from loopdeck.app.panes.lines import LineView, OneLine
from loopdeck.app.view.ladder import Rungs
from loopdeck.app.view.standing import Rules, offers, reach, weigh
from loopdeck.ports import Clock
from loopdeck.session.calls import CallView
from loopdeck.session.commands import Approve
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.state import SessionState

Past = Callable[[], Awaitable[Sequence[RecordedCall]]]
PAUSE_S = 0.2  # after a key, before a rule is held against the past
_HINT = "↑ ↓ rung · ← → choose · + − calls · e the rule in your own words"
_BRIEF = "↑ ↓ rung · ← → choose · + − calls · e own words"


class RuleBox(Box):
    """Takes a rule; tells of every key, so that a burst of them decides nothing."""

    def __init__(self, noted: Callable[[Event], None]) -> None:
        super().__init__("a rule such as shell(git diff *); enter goes back to the rungs")
        self._noted = noted

    def on_key(self, event: Key) -> None:
        """Tell of the key before it is typed."""
        self._noted(event)


class LadderScreen(NotedDialog[Approve | None]):
    """Gives back the approval with its standing permission, or `None`: then nothing happened."""

    DEFAULT_CSS = """
    LadderScreen {
        #rungs { height: auto; max-height: 100%; padding: 1 0 0 0; }
        RuleBox { display: none; background: $panel; }
        RuleBox.-open { display: block; }
        #note { dock: bottom; height: 1; padding: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", show=False),
        Binding("up,k", "row(-1)", show=False),
        Binding("down,j", "row(1)", show=False),
        Binding("left,h", "choose(-1)", show=False),
        Binding("right,l", "choose(1)", show=False),
        Binding("plus,equals_sign", "count(1)", show=False),
        Binding("minus", "count(-1)", show=False),
        Binding("e", "edit", show=False),
        Binding("enter", "give", show=False),
    ]

    def __init__(
        self,
        clock: Clock,
        call: CallView,
        state: SessionState,
        past: Past,
        new_id: Callable[[], str],
        home: str = "",
        *,
        rule: str = "",
    ) -> None:
        super().__init__(clock)
        offered = offers(call, state, home)
        # For once there is a key of its own: who comes here does not want to be asked again soon.
        rungs = Rungs(scope="session") if rule or offered else Rungs()
        rules = (rule,) if rule else offered[0] if offered else ()
        self.ladder = Ladder(rungs, 0, rules, offered, looking=True)
        self._weigh = partial(weigh, call=call, state=state, home=home)
        self._call = call
        self._past = past
        self._new_id = new_id
        self._calls: Sequence[RecordedCall] | None = None

    def compose(self) -> ComposeResult:
        """The rungs with their evidence, and a box for the rule."""
        with Vertical(id="frame"):
            yield LineView(id="rungs")
            yield RuleBox(self.noted)
            yield OneLine(id="note")

    def on_mount(self) -> None:
        """Begin with the narrowest that lasts, and look through the past."""
        self.entitle("Approve for how far?", "enter approves · escape changes nothing")
        view = self.query_one("#rungs", LineView)
        view.can_focus = False
        self._paint()
        self.say("")
        self._look()

    def action_row(self, direction: int) -> None:
        """Another rung."""
        self.ladder = replace(self.ladder, row=max(0, min(2, self.ladder.row + direction)))
        self._paint()

    def action_choose(self, direction: int) -> None:
        """Another choice on this rung."""
        ladder = self.ladder
        if ladder.row == 0:
            self._turn(ladder.rungs.reach(direction))
        elif ladder.row == 1:
            self._turn(ladder.rungs.last(direction))
        elif ladder.offered and ladder.rungs.scope != "once":
            known = ladder.rules in ladder.offered
            at = ladder.offered.index(ladder.rules) if known else -direction
            self._take_rules(ladder.offered[(at + direction) % len(ladder.offered)])

    def action_count(self, direction: int) -> None:
        """For more or fewer calls."""
        self._turn(self.ladder.rungs.count(direction))

    def action_edit(self) -> None:
        """Put the rule in other words."""
        if self.ladder.rungs.scope == "once":
            self.say("once needs no rule: choose how far first")
            return
        if len(self.ladder.rules) > 1:
            self.say("each part has its own rule here: ← → to the one you want to change")
            return
        box = self.query_one(RuleBox)
        box.value = "".join(self.ladder.rules)
        box.add_class("-open")
        box.focus()

    def action_give(self) -> None:
        """Approve, with the standing permission."""
        self.decide(self._give)

    @on(Input.Changed)
    def _typing(self, event: Input.Changed) -> None:
        if self.query_one(RuleBox).has_class("-open"):
            self._take_rules((event.value,))

    @on(Input.Submitted)
    @on(Box.Left)
    def _typed(self) -> None:
        box = self.query_one(RuleBox)
        box.remove_class("-open")
        self.set_focus(None)

    def _turn(self, rungs: Rungs) -> None:
        self.ladder = replace(self.ladder, rungs=rungs)
        self.say("")
        self._paint()

    def _take_rules(self, rules: Rules) -> None:
        if rules != self.ladder.rules:
            new = replace(self.ladder, rules=rules, looking=True, found=None, trouble="", reach=())
            self.ladder = new
            self.say("")
            self._paint()
            self._look()

    def _look(self) -> None:
        start(self, self._hold_against_past, "evidence", only=True)

    async def _hold_against_past(self) -> None:
        """In a thread: it may be thousands of calls."""
        await self.clock.sleep(PAUSE_S)
        if self._calls is None:
            self._calls = await self._past()
        rules = self.ladder.rules
        trouble, found = await asyncio.to_thread(self._weigh, rules, calls=self._calls)
        if rules == self.ladder.rules:
            known = replace(self.ladder, found=found, trouble=trouble, reach=reach(rules))
            self.ladder = replace(known, looking=False)
            self._paint()

    def _give(self) -> None:
        ladder, call = self.ladder, self._call
        grant = ladder.rungs.grant(ladder.rules or ("",), self._new_id(), self.clock.wall())
        if grant is not None and ladder.looking:
            self.say("wait: the recorded calls are still being looked through")
        elif grant is not None and ladder.trouble:
            self.say("nothing was given: ⊘ says why")
        else:
            self.dismiss(Approve(call_id=call.call_id, binding=call.binding, grant=grant))

    def _paint(self) -> None:
        ladder = self.ladder
        self.query_one("#rungs", LineView).show_lines(partial(ladder_lines, ladder))

    def note_line(self, cells: int) -> Line:
        """What stands against it, or what can be done."""
        if self.note:
            return prose(self.note, cells, "waiting")[0]
        return (Part(_HINT if cells >= len(_HINT) else _BRIEF, "muted"),)
