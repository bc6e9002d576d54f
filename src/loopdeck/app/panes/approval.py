"""The drawer: what waits for the human, shown whole, with the keys that answer it."""

from functools import partial
from typing import cast

from textual import on
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.widgets import Input
from textual.widgets._toast import Toast

from loopdeck.app.paint.approval import (
    Answered,
    Item,
    foot_line,
    head_lines,
    key_of,
    past_line,
    payload_lines,
    payload_text,
    title,
    why_no_style,
)
from loopdeck.app.paint.diff import DiffStyle
from loopdeck.app.paint.keys import BoxKind, KeyWord, Label, answer_keys, box_keys, key_lines
from loopdeck.app.paint.lines import Line
from loopdeck.app.panes.asking import AnswerBoxes
from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.lines import LineView
from loopdeck.app.panes.payload import Payload
from loopdeck.app.view.guard import Guard
from loopdeck.app.view.scene import Scene
from loopdeck.ports import Clock
from loopdeck.session.calls import CallView
from loopdeck.session.levels import TOOLLESS
from loopdeck.session.state import Phase

LEAST_ROWS = 8
_FOOT = {"waiting": "bold $loop-waiting"}  # the rest is in the colour of the border's words


class ApprovalDrawer(Vertical):
    """Shows one waiting thing at a time; gone when nothing waits."""

    DEFAULT_CSS = """
    ApprovalDrawer {
        display: none;
        border: round $loop-waiting;
        border-title-color: $loop-waiting;
        border-title-style: bold;
        border-subtitle-color: $loop-muted;
        #what { height: 1; padding: 0 1; overflow: hidden hidden; }
        #answer-keys {
            height: 1; padding: 0 1; overflow: hidden hidden; scrollbar-gutter: auto;
        }
    }
    """

    def __init__(self, clock: Clock, label: Label, *, back: str, id: str | None = None) -> None:
        super().__init__(id=id)
        self._back = back
        self.guard = Guard()
        self.item: Item | None = None
        self.note = ""
        self.answered: Answered | None = None
        self._clock = clock
        self._label = label
        self._scene = Scene()
        self._items: list[Item] = []
        self._sent: set[str] = set()
        self._painted: Item | None = None
        self._style: DiffStyle = "unified"

    def compose(self) -> ComposeResult:
        """What, the payload, the boxes to type in, the keys."""
        what = LineView(id="what")
        what.can_focus = False
        yield what
        yield Payload(lambda: self.call_after_refresh(self.observe))
        yield AnswerBoxes()
        keys = LineView(id="answer-keys")
        keys.can_focus = False
        yield keys

    @property
    def boxes(self) -> AnswerBoxes:
        """Where an answer that needs words is typed."""
        return self.query_one(AnswerBoxes)

    def show(self, scene: Scene) -> None:
        """Show what waits at a moment; stays with the same request while it waits."""
        self._scene = scene
        sent = self._sent if scene.at_end else ()
        self._items = [item for item in waiting(scene) if key_of(item) not in sent]
        keys = [key_of(item) for item in self._items]
        place = keys.index(self.guard.key) if self.guard.key in keys else 0
        self._turn_to(self._items[place] if self._items else None)

    def switch(self, direction: int) -> None:
        """Turn to the next or the previous thing that waits."""
        if self.item is None or len(self._items) < 2:
            return
        place = (self._items.index(self.item) + direction) % len(self._items)
        self._turn_to(self._items[place])

    def sent(self, key: str) -> None:
        """An answer is on its way: show the next thing."""
        self._sent.add(key)
        self.show(self._scene)

    def not_sent(self, key: str) -> None:
        """The answer did not get through: show the request again."""
        self._sent.discard(key)
        self.show(self._scene)
        self._turn_to(next((one for one in self._items if key_of(one) == key), self.item))

    def open_box(self, kind: BoxKind, hint: str = "") -> None:
        """Let the human type a `reason`, a `word` or an `answer`."""
        self.boxes.open(kind, hint)
        self.paint()

    @on(Box.Left)
    def leave(self) -> None:
        """Close the box; its words are given up, and `back` has the keys."""
        self.boxes.close()
        self.note = ""
        self.paint()
        self.screen.set_focus(self.screen.query_one(self._back))

    @on(Input.Changed, "#word")
    def _typing(self, event: Input.Changed) -> None:
        if event.value:
            self.note = ""
        self.paint()

    def turn_diff(self) -> str:
        """Show a diff in the other style; the sentence says why not, where that cannot be."""
        obstacle = why_no_style(self.item, self.query_one(Payload).cells)
        if self.item is None or obstacle:
            return obstacle
        self._style = "sides" if self._style == "unified" else "unified"
        if not self.guard.seen_all:  # its lines are others now, and so is what was seen of them
            self.guard.seen = 0.0
        self._show_payload(self.item, home=True)
        return ""

    def paint(self) -> None:
        """Paint the heading, the keys and the measures again."""
        item = self.item
        if item is None:
            return
        head = partial(head_lines, item, level=self._scene.state.level)
        self.query_one("#what", LineView).show_lines(head)
        place, total = self._items.index(item) + 1, len(self._items)
        self.border_title = Content(title(item, place, total, _tool(self._scene, item)))
        self._fit()

    def observe(self) -> None:
        """After a paint: the request is on the screen, this far."""
        hidden = not self.display or not self.region.height or self.covered
        if self.item is None or hidden or not self.screen.is_current:
            return
        self.guard.painted(self._clock.mono())
        before = self.guard.seen
        self.guard.saw(self.query_one(Payload).looked_at())
        if self.guard.seen != before:
            self.note = "" if self.guard.seen_all else self.note
            self._fit()

    @property
    def covered(self) -> bool:
        """True while a notice lies over a part of it, so that something cannot be seen."""
        toasts = self.screen.query(Toast)
        return any(toast.region.overlaps(self.region) for toast in toasts)

    def on_resize(self, _event: Resize) -> None:
        """Other widths need other heights."""
        self._fit()
        self.call_after_refresh(self.observe)

    def _turn_to(self, item: Item | None) -> None:
        self.item = item
        self.display = item is not None
        if item is None:
            self.guard.watch("")
            self.boxes.close()
            return
        other = self.guard.watch(key_of(item))
        if other:
            self.note, self.answered = "", None
            self.boxes.close()
        if other or item is not self._painted:
            self._painted = item
            self._show_payload(item, home=other)
        self.paint()
        self.call_after_refresh(self.observe)

    def _show_payload(self, item: Item, *, home: bool) -> None:
        payload = self.query_one(Payload)
        if home:  # at once: what could be seen of other lines says nothing of these
            payload.open_at_top()
        build = partial(payload_lines, item, style=self._style, carets=_carets(self))
        payload.show_lines(build, size=len(payload_text(item)), home=home)

    def _fit(self) -> None:
        """Give the drawer the rows it needs, up to half of the screen."""
        item = self.item
        if item is None:
            return
        height = self.screen.size.height
        head = self.query_one("#what", LineView)
        cells = head.cells if head.size.width else max(20, self.screen.size.width - 5)
        what = head_lines(item, cells, level=self._scene.state.level)
        most = max(LEAST_ROWS, height // 2)
        head.styles.height = min(len(what), most // 2 + 2)
        keys = self._fit_keys()
        rows = payload_text(item).count("\n") + 1
        if rows < most:
            payload = self.query_one(Payload)  # which keeps a cell free for its scrollbar
            room = payload.cells if payload.size.width else cells - 1
            rows = len(payload_lines(item, room, self._style, carets=_carets(self)))
        if self.has_class("-whole") or self.screen.has_class("-narrow"):
            self.styles.height = "1fr"
        else:
            self.styles.height = min(most, len(what) + rows + 2 + keys + bool(self.boxes.kind))

    def _fit_keys(self) -> int:
        """Paint the keys and what stands below them; how many lines the keys need."""
        view = self.query_one("#answer-keys", LineView)
        cells = max(20, (self.size.width or self.screen.size.width - 2) - 2)
        view.show_lines(self._keys)
        view.styles.height = count = len(self._keys(cells))
        if self.item is not None:
            open_now = self._scene.can_answer and not self.boxes.kind
            end = f"to its end for {self._label('approve')}"
            end = end if isinstance(self.item, CallView) else "for more"
            hint = f"pgdn {end}" if open_now else ""
            foot = foot_line(self.item, self.guard.seen, self.note, hint, cells)
            inked = ((part.text, _FOOT.get(part.ink, "")) for part in foot)
            self.border_subtitle = Content.assemble(*inked)
        return count

    def _keys(self, cells: int) -> list[Line]:
        item, scene = self.item, self._scene
        if item is None:
            return []
        if not scene.can_answer:
            return [past_line(item, self.answered, now=scene.at_end, runner=scene.runner)]
        if self.boxes.kind:
            return key_lines(box_keys(self.boxes.kind, item), cells)
        other = "side by side" if self._style == "unified" else "one column"
        keys = answer_keys(
            item,
            self._label,
            seen_all=self.guard.seen_all and scene.state.level > TOOLLESS,
            more=len(self._items) > 1,
            style="" if why_no_style(item, self.query_one(Payload).cells) else other,
        )
        if self.screen.has_class("-writing"):  # the message box has the keys
            asleep = [key._replace(on=False) for key in keys]
            keys = [KeyWord("escape", "back to these"), *asleep]
        return key_lines(keys, cells)


def _carets(drawer: ApprovalDrawer) -> bool:
    """Whether marks need more than ink."""
    return cast("App[object]", drawer.app).no_color


def _tool(scene: Scene, item: Item) -> str:
    """The tool of the call in which somebody asks."""
    call = scene.state.call(item.call_id) if item.call_id else None
    return call.tool if call else ""


def waiting(scene: Scene) -> list[Item]:
    """Everything that waits at a moment, oldest first; nothing does once the run has ended."""
    if scene.state.phase is Phase.ENDED:
        return []
    asked = [(call.asked or (0, 0), call) for call in scene.state.waiting]
    asks: list[tuple[tuple[int, int], Item]] = [(ask.at, ask) for ask in scene.state.asks]
    return [item for _, item in sorted([*asked, *asks], key=lambda pair: pair[0])]
