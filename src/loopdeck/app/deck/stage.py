"""The deck's stage: one session, one scene, and the panes that show it."""

from collections.abc import Mapping
from dataclasses import replace

from textual import on
from textual.app import App, ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.worker import Worker

from loopdeck.app.keys.keymap import label_of
from loopdeck.app.notices import tell
from loopdeck.app.pacing import PacedScreen
from loopdeck.app.panes.approval import ApprovalDrawer
from loopdeck.app.panes.asking import AskBox
from loopdeck.app.panes.lines import LineView
from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.message import MessagePane
from loopdeck.app.panes.plan import PlanPane
from loopdeck.app.panes.playhead import PlayheadBar
from loopdeck.app.panes.result import ResultPane
from loopdeck.app.panes.status import StatusLine
from loopdeck.app.panes.tabs import TabLine
from loopdeck.app.view.feed import Feed
from loopdeck.app.view.history import History
from loopdeck.app.view.scene import Runner, Scene
from loopdeck.errors import LoopdeckError
from loopdeck.ports import Clock, Means, Opened
from loopdeck.session.commands import Command
from loopdeck.session.state import Phase

WRITE_HINT = "enter: write to the agent"
GOTO_HINT = "12 a step, 4:20 a time, #120 an event, b1 a bookmark"
FIND_HINT = "words to find in this session; escape leaves"


class Stage(PacedScreen[None]):
    """Holds the scene and tells the panes; the same for a running session and a recording.

    What the parts of the deck may use of it has a name without an underscore.
    """

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
        self, opened: Opened, clock: Clock, *, keys: Mapping[str, str] | None = None
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
        self.agent: Worker[None] | None = None

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
        yield ApprovalDrawer(self.clock, self.label, back="#loop", id="drawer")
        yield AskBox(GOTO_HINT, back="#loop", id="goto", what="go to")
        yield AskBox(FIND_HINT, back="#loop", id="find", what="find")
        yield AskBox("", back="#loop", id="jot")
        yield PlayheadBar(id="bar")

    @property
    def loop(self) -> LoopPane:
        """What happened, step by step."""
        return self.query_one(LoopPane)

    @property
    def result(self) -> ResultPane:
        """The whole of what is selected."""
        return self.query_one(ResultPane)

    @property
    def drawer(self) -> ApprovalDrawer:
        """What waits for the human."""
        return self.query_one(ApprovalDrawer)

    @property
    def messages(self) -> MessagePane:
        """The message box and what stands above it."""
        return self.query_one(MessagePane)

    @property
    def bar(self) -> PlayheadBar:
        """Where the playhead is."""
        return self.query_one(PlayheadBar)

    @property
    def agent_works(self) -> bool:
        """True while leaving would interrupt an agent that this process runs.

        Once its end is on record there is nothing to interrupt, though its servers may still close.
        """
        running = self.agent is not None and not self.agent.is_finished
        return running and self.scene.head.phase is not Phase.ENDED

    @property
    def call_waits(self) -> bool:
        """True while a call waits for its human."""
        return bool(self.scene.head.waiting)

    @property
    def means(self) -> Means:
        """What can be done about the session."""
        return self.opened.means

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
        self.set_class(not scene.at_end, "-past")
        self.query_one(PlanPane).show(scene)
        loop = self.loop
        loop.show(scene)
        self.bar.show(scene)
        self.drawer.show(scene)
        self.attend()
        self.result.show(scene, loop.row, loop.moment)
        self.set_class(self.drawer.item is not None, "-waiting")
        self._tell_time()

    def hold(self, scene: Scene) -> None:
        """Take over what only the bar shows: the moment and its panes stay as they are."""
        self.scene = scene
        self.bar.show(scene)

    def attend(self) -> None:
        """Keep what the drawer asks about in sight in the loop."""
        item = self.drawer.item
        self.loop.attend(item.call_id if item else None)

    def tick(self) -> None:
        """Once a second: who works on the session, and the clocks of the top line."""
        if self._now(self.scene).runner is not self.scene.runner:
            self.present(self.scene)
        elif self.scene.can_answer:  # else no clock in it goes on
            self._tell_time()

    def _tell_time(self) -> None:
        keys = (self.label("pause"), self.label("write_again"))
        answered = self.drawer.item is None and self.scene.can_answer
        now = self.clock.wall()
        self.query_one(StatusLine).show(self.scene, now, *keys, answered=answered)
        if self.drawer.item is not None:
            self.call_after_refresh(self.drawer.observe)

    async def send(self, command: Command) -> bool:
        """Give a command to whoever runs the agent; an error is shown."""
        try:
            await self.opened.sink.send(command)
        except LoopdeckError as error:
            tell(self, error)
            return False
        return True

    @on(LoopPane.Selected)
    def _selected(self, message: LoopPane.Selected) -> None:
        self.result.show(self.scene, message.row, self.loop.moment)

    def _now(self, scene: Scene) -> Scene:
        """The scene with who works on the session by now."""
        opened = self.opened
        holder = opened.holder() if opened.holder is not None else ""
        if not opened.sink.accepts and opened.means.resume is None:
            runner = Runner.RECORDING
        elif scene.head.phase is Phase.ENDED:
            runner = Runner.OVER
        elif not opened.sink.accepts:
            runner = Runner.RESTING
        else:
            runner = Runner.ELSEWHERE if holder else Runner.HERE
        return replace(scene, runner=runner, holder=holder if runner.works else "")
