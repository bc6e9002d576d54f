"""The deck: one screen to watch an agent, answer it, and step through what it did."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Protocol, runtime_checkable

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from loopdeck.app.deck.announcing import Notices
from loopdeck.app.deck.answering import Answers
from loopdeck.app.deck.asking import MOST_OPTIONS, Questions
from loopdeck.app.deck.attaching import Attachments
from loopdeck.app.deck.calling import Summons
from loopdeck.app.deck.drafting import Draft
from loopdeck.app.deck.forking import Forks
from loopdeck.app.deck.framing import Frames
from loopdeck.app.deck.jotting import Jotter
from loopdeck.app.deck.overviews import Overviews
from loopdeck.app.deck.part import Part
from loopdeck.app.deck.permitting import Permissions
from loopdeck.app.deck.places import Places
from loopdeck.app.deck.queueing import Queue
from loopdeck.app.deck.searching import Search
from loopdeck.app.deck.seeking import Player
from loopdeck.app.deck.servers import ServersPanel
from loopdeck.app.deck.services import ServicesPanel
from loopdeck.app.deck.sifting import Sieve
from loopdeck.app.deck.slashing import Slashes
from loopdeck.app.deck.speaking import Writer
from loopdeck.app.deck.stage import Stage
from loopdeck.app.deck.steering import Steering
from loopdeck.app.deck.viewing import Views
from loopdeck.app.keys.keymap import Scope, bindings
from loopdeck.app.keys.palette import commands
from loopdeck.app.keys.pressing import act, gathered
from loopdeck.app.keys.slash import Place, is_slash
from loopdeck.app.panes.asking import AnswerBoxes
from loopdeck.app.panes.message import MessageBox, MessagePane
from loopdeck.app.panes.playhead import PlayheadBar
from loopdeck.app.panes.tabs import TabLine
from loopdeck.app.view.scene import Scene
from loopdeck.app.view.survey import Survey
from loopdeck.ports import Clock, Opened
from loopdeck.ports.calling import Caller
from loopdeck.ports.drafts import Drafts
from loopdeck.ports.sayings import Sayings
from loopdeck.session.calls import CallView

_SCOPES = (Scope.APPROVAL, Scope.LIMIT, Scope.AGENT, Scope.PLAYHEAD, Scope.SEARCH)


@runtime_checkable
class HasHome(Protocol):
    """An app that has a screen below the deck."""

    def go_home(self) -> None:
        """Leave the deck, if nothing is lost by it."""
        ...


class DeckScreen(Stage):
    """Everything about one session on one screen; a recording is the same without an agent.

    Each part does one job. What a part needs of others it is given here; what it does by itself
    when another moment is shown is done in the order of `parts`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding for scope in _SCOPES for binding in bindings(scope)),
        *bindings(Scope.MESSAGE)[1:],
        *(
            Binding(str(number), f"press('option_{number}')", show=False)
            for number in range(1, MOST_OPTIONS + 1)
        ),
        Binding("pageup", "press('page_up')", show=False),
        Binding("pagedown", "press('page_down')", show=False),
        Binding("escape", "press('back')", show=False),
    ]

    def __init__(
        self,
        opened: Opened,
        clock: Clock,
        *,
        keys: Mapping[str, str] | None = None,
        sayings: Sayings | None = None,
        edit: Callable[[str], Awaitable[str]] | None = None,
        drafts: Drafts | None = None,
        caller: Caller | None = None,
    ) -> None:
        super().__init__(opened, clock, keys=keys)
        survey = Survey(opened.journal, opened.session)
        self.frames = Frames(self)
        self.steering = Steering(self)
        self.views = Views(self)
        self.answers = Answers(self, self.views)
        self.questions = Questions(self, self.answers)
        self.permissions = Permissions(self, self.answers)
        self.notices = Notices(self)
        self.player = Player(self)
        self.places = Places(self, self.player)
        self.sieve = Sieve(self, survey)
        self.search = Search(self, self.player)
        self.overviews = Overviews(self, self.player, survey)
        self.servers = ServersPanel(self, survey)
        self.services = ServicesPanel(self)
        self.jotter = Jotter(self)
        self.forks = Forks(self, self.player)
        self.draft = Draft(self, drafts)
        self.queue = Queue(self, self.draft)
        self.slashes = Slashes(self, self.steering, self.answers, self.permissions, self.places)
        self.slashes.pass_on(self.search.find, self.jotter.note, self.jotter.bookmark)
        self.attachments = Attachments(self)
        self.writer = Writer(
            self, self.questions, self.queue, self.draft, self.slashes, self.attachments
        )
        self.writer.remember(sayings, edit)
        self.summons = Summons(self, caller)
        self._verbs = gathered([{"back": self.back}, *(part.verbs() for part in self.parts)])

    @property
    def parts(self) -> Sequence[Part]:
        """Every part that has keys, or does something by itself; in this order."""
        return (
            self.steering,
            self.draft,
            self.views,
            self.answers,
            self.questions,
            self.notices,
            self.permissions,
            self.player,
            self.places,
            self.queue,
            self.writer,
            self.attachments,
            self.slashes,
            self.jotter,
            self.forks,
            self.sieve,
            self.overviews,
            self.servers,
            self.services,
            self.summons,
            self.search,  # the last: it may have another moment shown at once
        )

    def on_mount(self) -> None:
        """Show the empty deck first, and begin."""
        self.present(self.scene)
        self.set_interval(1.0, self.tick)
        for part in self.parts:
            part.begin()

    async def on_unmount(self) -> None:
        """Nothing that was written is lost, and the title says no more than is on the screen."""
        self.summons.end()
        await self.draft.end()

    def present(self, scene: Scene) -> None:
        """Show a moment in the panes, then let every part do what it makes of it."""
        before = self.scene
        super().present(replace(scene, only=self.sieve.words))
        for part in self.parts:
            part.follow(before)

    async def action_press(self, key: str) -> None:
        """Do what a key of the table does here."""
        await act(self._verbs[key])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One key goes to the next place and denies: the latter only where a call waits."""
        if action == "press" and self.scene.find is not None and parameters == ("deny",):
            return self.answers.call_waits
        if action == "press" and parameters in (("hit_on",), ("hit_back",)):
            return self.scene.find is not None and not self.answers.call_waits
        return super().check_action(action, parameters)

    def palette(self) -> Iterable[SystemCommand]:
        """What the palette offers here."""
        scopes = (Scope.EVERYWHERE, *_SCOPES, Scope.MESSAGE)
        begin, without = self.writer.begin_slash, self.slashes.without()
        return commands(self, scopes, Place.DECK, begin, self.keys_changed, without)

    def help_first(self) -> Sequence[Scope]:
        """What waits comes first, then the past or the agent."""
        item = self.drawer.item if self.scene.can_answer else None
        if item is not None:
            return (Scope.APPROVAL if isinstance(item, CallView) else Scope.LIMIT,)
        past = not self.scene.can_answer
        found = (Scope.SEARCH,) if self.scene.find else ()
        return (Scope.PLAYHEAD, *found) if past else (Scope.AGENT, Scope.MESSAGE, *found)

    def back(self) -> None:
        """Undo what covers the deck: a notice, the whole view, a maximised pane, a filter."""
        if self.notices.put_away() or self.search.end():
            return
        if self.views.whole:
            self.views.show_whole()
        elif self.frames.maximised:
            self.frames.maximise()
        elif self.sieve.open():
            return
        elif isinstance(self.app, HasHome):
            self.app.go_home()

    def on_key(self) -> None:
        """A key that no text box took."""
        self.answers.pressed()

    def on_resize(self) -> None:
        """Another size may want another arrangement."""
        self.frames.lay_out()
        self.notices.fit()

    def on_screen_resume(self) -> None:
        """The deck was out of sight: what waits has to be seen again before a key answers it."""
        self.notices.clear()
        self.drawer.guard.restart()
        self.call_after_refresh(self.drawer.observe)

    @on(AnswerBoxes.Typed)
    def _typed(self, message: AnswerBoxes.Typed) -> None:
        """A slash command in place of an answer is done; the question waits on."""
        if not (message.kind == "answer" and is_slash(message.text)):
            self.answers.typed(message.kind, message.text)
        elif (typed := self.slashes.understood(message.text)) is not None:
            self.drawer.leave()
            self.slashes.obey(typed)

    @on(TabLine.Chosen)
    def _show_tab(self, message: TabLine.Chosen) -> None:
        self.frames.show_tab(message.tab)

    @on(PlayheadBar.Sought)
    def _sought(self, message: PlayheadBar.Sought) -> None:
        self.player.move(message.seq)

    @on(MessageBox.Sent)
    def _sent(self) -> None:
        self.writer.send(steer=False)

    @on(MessagePane.TakenBack)
    def _unsay(self, message: MessagePane.TakenBack) -> None:
        self.queue.take_back(message.said)

    @on(MessageBox.Left)
    def _put_down(self) -> None:
        self.writer.leave()

    @on(TextArea.Changed, "#message")
    def _written(self) -> None:
        self.draft.typed()
