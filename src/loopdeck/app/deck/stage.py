"""The deck's ground: one session, one scene, the panes that show it, and how they are laid out."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial

from textual.app import App, ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.events import Resize, ScreenResume
from textual.screen import Screen
from textual.worker import Worker

from loopdeck.app.background import start
from loopdeck.app.deck.feed import Feed
from loopdeck.app.deck.history import History
from loopdeck.app.deck.scene import Runner, Scene
from loopdeck.app.keys.keymap import label_of
from loopdeck.app.notices import tell
from loopdeck.app.paint.empty import HIGH, MEDIUM, WIDE
from loopdeck.app.panes.approval import ApprovalDrawer
from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.lines import LineView
from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.message import MessagePane
from loopdeck.app.panes.plan import PlanPane
from loopdeck.app.panes.playhead import PlayheadBar
from loopdeck.app.panes.result import ResultPane
from loopdeck.app.panes.status import StatusLine
from loopdeck.app.panes.tabs import TabLine
from loopdeck.errors import LoopdeckError
from loopdeck.ports import Clock, Opened, Services
from loopdeck.ports.drafts import Drafts, NoDrafts
from loopdeck.ports.sayings import Forgetful, Sayings
from loopdeck.session.commands import Command
from loopdeck.session.state import Phase

WRITE_HINT = "enter: write to the agent"
GOTO_HINT = "a step, a time like 4:20, an event like #120, a bookmark like b1"
PANES = ("plan", "loop", "result")


class Stage(Screen[None]):
    """Holds the scene and tells the panes; the same for a running session and a recording."""

    AUTO_FOCUS = "#loop"
    DEFAULT_CSS = """
    Stage {
        layout: vertical;
        background: $background;
        color: $foreground;
        #notices {
            display: none; padding: 0 1; overflow: hidden hidden; scrollbar-gutter: auto;
        }
        &.-noticed #notices { display: block; }
        #panes { height: 1fr; layout: horizontal; }
        #plan { width: 28; }
        #middle {
            width: 6fr;
            border: round $loop-border;
            border-title-color: $loop-muted;
            &:focus-within { border: round $loop-border-focus; border-title-color: $foreground; }
        }
        #loop { height: 1fr; }
        #result { width: 5fr; }
        &.-recording #message { display: none; }
        &.-recording #message.-open { display: block; }
        #goto, #find, #jot { display: none; }
        #goto.-open, #find.-open, #jot.-open { display: block; }
        TabLine { display: none; }
        &.-medium {
            #panes { layout: vertical; }
            #plan { width: 1fr; height: 3; }
            &.-low #plan { height: 1; border: none; padding: 0 2; }
            #middle { width: 1fr; height: 3fr; }
            #result { width: 1fr; height: 2fr; }
            &.-waiting.-low #result { display: none; }
        }
        &.-narrow {
            TabLine { display: block; }
            #message { display: none; }
            #message.-open { display: block; }
            ApprovalDrawer { height: 1fr; }
            &.-waiting #panes { display: none; }
            &.-waiting TabLine { display: none; }
        }
        &.-narrow.-waiting.-writing {
            #panes { display: block; height: auto; }
            #panes > #plan, #panes > #result, #loop { display: none; }
            #panes > #middle { display: block; height: auto; border: none; }
        }
        &.-only #panes > * { display: none; width: 1fr; height: 1fr; }
        &.-only-plan #panes > #plan { display: block; }
        &.-only-loop #panes > #middle { display: block; }
        &.-only-result #panes > #result { display: block; }
        &.-whole #panes, &.-whole TabLine { display: none; }
        &.-past {
            PlanPane, #middle, ResultPane, ApprovalDrawer { border: round $loop-past; }
            ApprovalDrawer { border-title-color: $loop-past; }
        }
        &.-past:nocolor {
            PlanPane, #middle, ResultPane, ApprovalDrawer { border: dashed $loop-past; }
        }
    }
    """

    def __init__(
        self,
        opened: Opened,
        clock: Clock,
        *,
        keys: Mapping[str, str] | None = None,
        sayings: Sayings | None = None,
        edit: Callable[[str], Awaitable[str]] | None = None,
        drafts: Drafts | None = None,
    ) -> None:
        super().__init__()
        self.opened = opened
        self.clock = clock
        self.keys_changed = dict(keys or {})
        self.history = History(opened.journal, opened.session)
        self.feed = Feed(opened.journal, opened.session, on_records=self.history.take)
        self.scene = Scene(
            outline=self.feed.outline,
            timeline=self.feed.timeline,
            position=opened.position,
        )
        self.scene = self._now(self.scene)
        self.wanted = opened.position
        self.tab = "loop"
        self.maximised = False
        self.agent: Worker[None] | None = None
        self.draft = ""
        self.drafts = drafts or NoDrafts()
        self.sayings = sayings or Forgetful()
        self.edit = edit
        self._seeking = False

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield StatusLine(id="status")
        yield LineView(id="notices")
        yield TabLine(id="tabs")
        with Container(id="panes"):
            yield PlanPane(id="plan")
            with Vertical(id="middle") as middle:
                middle.border_title = Content("Loop")
                yield LoopPane(self.history, id="loop")
                yield MessagePane(WRITE_HINT, id="messages")
            yield ResultPane(self.history, id="result")
        yield ApprovalDrawer(self.clock, self.label, id="drawer")
        yield Box(GOTO_HINT, id="goto")
        yield Box("words to find in this session; escape leaves", id="find")
        yield Box("", id="jot")
        yield PlayheadBar(id="bar")

    def on_mount(self) -> None:
        """Show the empty deck first; load once it has been painted."""
        self.present(self.scene)
        self.set_interval(1.0, self.tick)
        self.call_after_refresh(self._begin)

    @property
    def drawer(self) -> ApprovalDrawer:
        """What waits for the human."""
        return self.query_one(ApprovalDrawer)

    @property
    def services(self) -> Services:
        """What can be done about the session."""
        return self.opened.services

    @property
    def app(self) -> App[object]:
        """The app; textual leaves open what it returns, and no pane cares."""
        return super().app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    def label(self, key: str) -> str:
        """What to press for a key of the table."""
        return label_of(key, self.keys_changed)

    def present(self, scene: Scene) -> None:
        """Show a moment everywhere."""
        self.scene = scene = self._now(scene)
        self.hint()
        self.set_class(not scene.at_end, "-past")
        self.query_one(PlanPane).show(scene)
        loop = self.query_one(LoopPane)
        loop.show(scene)
        self.query_one(PlayheadBar).show(scene)
        self.drawer.show(scene)
        self.attend()
        self.query_one(ResultPane).show(scene, loop.row, loop.moment)
        self.set_class(self.drawer.item is not None, "-waiting")
        self._tell_time()

    def hint(self) -> None:
        """Say what the message box is for, unless something is typed into it."""
        box, scene = self.query_one(MessagePane).box, self.scene
        ended_well = scene.runner is Runner.OVER and scene.head.outcome == "done"
        self.set_class(ended_well or scene.runner is Runner.RECORDING, "-recording")
        if not box.has_class("-open"):
            draft = " (your draft is kept)" if self.draft else ""
            runs = f" in {scene.holder}" if scene.holder else ""
            box.placeholder = scene.refusal or f"{WRITE_HINT}{runs}{draft}"

    def attend(self) -> None:
        """Keep what the drawer asks about in sight in the loop."""
        item = self.drawer.item
        self.query_one(LoopPane).attend(item.call_id if item else None)

    def tick(self) -> None:
        """Once a second: who works on the session, and the clocks of the top line."""
        if self._now(self.scene).runner is not self.scene.runner:
            self.present(self.scene)
        elif self.scene.can_answer:  # else no clock in it goes on
            self._tell_time()

    def _tell_time(self) -> None:
        keys = (self.label("pause"), self.label("write_again"))
        self.query_one(StatusLine).show(self.scene, self.clock.wall(), *keys)
        if self.drawer.item is not None:
            self.call_after_refresh(self.drawer.observe)

    def seek(self, position: int | None) -> None:
        """Move the playhead; the newest wish counts."""
        self.wanted = position
        if position is None:
            self.present(replace(self.scene, position=None, state=self.scene.head))
        elif not self._seeking:
            self._seeking = True
            start(self, self._seek, "seek")

    async def send(self, command: Command) -> bool:
        """Give a command to whoever runs the agent; an error is shown."""
        try:
            await self.opened.sink.send(command)
        except LoopdeckError as error:
            tell(self, error)
            return False
        return True

    def lay_out(self) -> None:
        """Choose what can be seen for this size."""
        width, height = self.size
        narrow = width < MEDIUM
        self.set_class(narrow, "-narrow")
        self.set_class(MEDIUM <= width < WIDE, "-medium")
        self.set_class(height < HIGH, "-low")
        only = narrow or self.maximised
        self.set_class(only, "-only")
        for pane in PANES:
            self.set_class(only and pane == self.tab, f"-only-{pane}")
        self.query_one(PlanPane).folded = not only and width < WIDE
        self.query_one(TabLine).show(self.tab)

    def on_resize(self, _event: Resize) -> None:
        """Another size may want another arrangement."""
        self.lay_out()

    def on_screen_resume(self, _event: ScreenResume) -> None:
        """The deck was out of sight: what waits has to be seen again before a key answers it."""
        self.drawer.guard.restart()
        self.call_after_refresh(self.drawer.observe)

    def _now(self, scene: Scene) -> Scene:
        """The scene with who works on the session by now."""
        opened = self.opened
        holder = opened.holder() if opened.holder is not None else ""
        if not opened.sink.accepts and opened.services.resume is None:
            runner = Runner.RECORDING
        elif scene.head.phase is Phase.ENDED:
            runner = Runner.OVER
        elif not opened.sink.accepts:
            runner = Runner.RESTING
        else:
            runner = Runner.ELSEWHERE if holder else Runner.HERE
        return replace(scene, runner=runner, holder=holder * runner.works)

    def _begin(self) -> None:
        start(self, partial(self.feed.follow, self._updated), "feed")
        if self.opened.work is not None:
            self.agent = start(self, self.opened.work, "agent")

    def _updated(self) -> None:
        head = self.feed.head
        state = head if self.wanted is None else self.scene.state
        self.present(replace(self.scene, head=head, state=state))
        if self.wanted is not None and self.scene.state.last_seq != self.wanted:
            self.seek(self.wanted)

    async def _seek(self) -> None:
        try:
            while (goal := self.wanted) is not None:
                state = await self.feed.state_at(goal)
                if self.wanted == goal:
                    self.present(replace(self.scene, position=goal, state=state))
                    return
        finally:
            self._seeking = False
