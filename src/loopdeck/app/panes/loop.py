"""The loop: every step and call of the session, one line each, however many there are."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.message import Message

from loopdeck.app.paint.empty import LOOP as NOTHING
from loopdeck.app.paint.empty import START
from loopdeck.app.paint.found import flagged, marked
from loopdeck.app.paint.lines import EMPTY, Line, Part, prose
from loopdeck.app.paint.moments import GUTTER, Moment, Stops
from loopdeck.app.paint.rows import draft_lines, progress_of, row_line, row_seqs
from loopdeck.app.panes.facts import Facts
from loopdeck.app.panes.lines import LineList
from loopdeck.app.view.filtering import Filter, Known, Shown
from loopdeck.app.view.history import History
from loopdeck.app.view.scene import Scene
from loopdeck.session.calls import CallStatus
from loopdeck.session.outline import Row
from loopdeck.session.state import Phase
from loopdeck.session.timeline import Timeline

NONE_PASSES = "Nothing passes this filter up to here. escape shows every row."
NEAR = 500  # rows among which that of an event is looked for, from the newest shown
_UNDER_WAY = frozenset({"call", "ask", "check"})  # these rows have more to say themselves
AHEAD = 60  # rows fetched beyond what can be seen


class LoopPane(LineList, can_focus=True, inherit_bindings=False):
    """Rows of the outline with a cursor; follows the newest until the cursor is moved up."""

    DEFAULT_CSS = """
    LoopPane { padding: 0 0 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    @dataclass
    class Selected(Message):
        """The cursor stands on another row, or its row changed."""

        row: Row | None

        def can_replace(self, message: Message) -> bool:
            """Only the newest matters."""
            return isinstance(message, LoopPane.Selected)

    def __init__(self, history: History, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = 0
        self.following = True
        self._facts = Facts(self, history, self._around)
        self.shown = Shown()
        self._scene = Scene()
        self._count = 0
        self._draft: list[Line] = []
        self._stops = Stops()
        self._attended: int | None = None

    def show(self, scene: Scene) -> None:
        """Show a moment; the place of the cursor is kept unless it follows."""
        moved = scene.position != self._scene.position
        ended = scene.at_end and scene.state.phase is Phase.ENDED
        ends = ended and self._scene.state.phase is not Phase.ENDED
        held = None if self.following else self.row
        if held is not None and scene.outline is not self._scene.outline:
            held = scene.outline.begun_at(held.seq)
        self._scene = scene
        self._stops.learn(scene.outline.rows)
        self.shown.show(scene.outline, scene.timeline, scene.seq)
        self._count = self.shown.count
        self._redraft()
        if moved or ends:
            self.following, self._attended = True, None
        if self.following:
            self._follow()
        elif held is not None:  # an answer may have come between
            at = self.shown.place(held)
            self.cursor = self.cursor if at is None else at
        self.cursor = min(self.cursor, max(0, self._count - 1))
        self.refresh()
        self.post_message(self.Selected(self.row))

    def attend(self, call_id: str | None) -> None:
        """Select the row of a request, in sight, as long as the cursor was not moved."""
        row = self._scene.outline.call(call_id) if call_id else None
        at = self.shown.place(row) if row else None
        if at != self._attended:
            self._attended = at
            self._keep_in_sight()
            self.post_message(self.Selected(self.row))

    def point_at(self, call_id: str) -> bool:
        """Select the row of a call; false where it has none yet."""
        row = self._scene.outline.call(call_id)
        if row is None or row.seq > self._scene.seq:
            return False
        at = self.shown.place(row)
        if at is None:  # a filter hides it
            self.only(None, Known({}, {}))
            at = self.shown.place(row)
        self._go(at or 0)
        return True

    def only(self, filter_: Filter | None, known: Known) -> None:
        """Show only the rows that pass, or all again; the cursor stays on its row if it can."""
        row = self.row
        self.shown.only(filter_, known)
        self.show(self._scene)
        at = self.shown.place(row) if row is not None else None
        self._go(self._count - 1 if at is None else at)

    @property
    def moment(self) -> Moment:
        """The playhead, and where the run stopped before."""
        timeline, places = self._scene.timeline, self._stops.places
        says = progress_of(self._scene.state.calls)
        return Moment(self._scene.seq, places, timeline.names, timeline.steps, says)

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        rows = self.shown.rows
        return rows[self.cursor] if self.cursor < min(self._count, len(rows)) else None

    def line_at(self, index: int, cells: int) -> Line:
        """A row, a line of the draft, or what will appear here."""
        if index < self._count:
            return self._row_at(index, cells - 1)
        if index < self._count + len(self._draft):
            return self._draft[index - self._count]
        if self._count:
            return EMPTY
        return (Part(NOTHING if self.shown.filter is None else NONE_PASSES, "muted"),)

    def cursor_at(self, index: int) -> bool:
        """The selected row is marked while there is one."""
        return index == self.cursor and self._count > 0

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self._go(self.cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by what can be seen."""
        self._go(self.cursor + pages * max(1, self.rows - 1))

    def on_click(self, event: Click) -> None:
        """Select the row that was clicked."""
        y = event.get_content_offset_capture(self).y + self.scroll_offset.y
        if y < self._count:
            self._go(y)

    def on_resize(self, _event: Resize) -> None:
        """Stay at the end when following; the new height counts only after the layout."""
        self._redraft()
        self.call_after_refresh(self._keep_in_sight)

    def point_at_event(self, seq: int) -> None:
        """Select the row that an event belongs to, if it is shown by now."""
        at = _row_of(self.shown, seq)
        if at is not None:
            self._go(at)

    def _row_at(self, index: int, cells: int) -> Line:
        """A row, with a sign where something in it was found or is marked."""
        row, find = self.shown.rows[index], self._scene.find
        line = row_line(row, self.moment, self._facts.look, cells)
        if _jotted(self.shown.rows, index, self._scene.timeline):
            line = flagged(line, Part("▼", "accent"))
        if find is None:
            return line
        said = any(find.within(mark.seq, mark.seq) for mark in row.upto(self._scene.seq))
        return marked(flagged(line, Part("┃", "waiting")) if said else line, find.words)

    def _redraft(self) -> None:
        """The reply that is coming in stands below; it passes no filter yet.

        At the start of a session, how to go on from there.
        """
        scene = self._scene
        draft = scene.state.draft if self.shown.filter is None else None
        self._draft = draft_lines(draft, self.cells)
        starts = scene.position is not None and not scene.playing and not self.shown.filter
        if starts and not self._draft and scene.timeline.where(scene.position).step == 0:
            self._draft = [EMPTY, *prose(START, self.cells, "accent", GUTTER)]
        self.set_count(max(1, self._count + len(self._draft)))

    def _go(self, index: int) -> None:
        last = max(0, self._count - 1)
        self.cursor = max(0, min(last, index))
        self.following = self.cursor >= last
        self._keep_in_sight()
        self.post_message(self.Selected(self.row))

    def _keep_in_sight(self) -> None:
        if self.following:
            self._follow()
        elif self.cursor < self.scroll_offset.y:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= self.last_visible:
            self.scroll_to(y=self.cursor - self.rows + 1, animate=False, force=True)
        self.refresh()

    def _follow(self) -> None:
        self.cursor = _newest(self.shown, self._scene)
        y = max(0, self.virtual_size.height - self.rows)
        asked, now = self._attended, self._scene.position is None
        if asked is not None and (asked < y or (now and _is_asked(self.shown.rows[asked]))):
            self.cursor = asked  # the result shows the very call that is asked about
            y = min(y, max(0, asked - 1))
        self.scroll_to(y=y, animate=False, force=True)

    def _around(self) -> set[int]:
        scene, first = self._scene, max(0, self.scroll_offset.y - AHEAD)
        rows = self.shown.rows[first : min(self._count, self.last_visible + AHEAD)]
        now = scene.outline.count(scene.seq)
        coming = scene.outline.rows[now : now + AHEAD]  # a step on shows them without a wait
        head = scene.timeline.head
        return {seq for row in (*rows, *coming) for seq in row_seqs(row, head)}


def _jotted(rows: Sequence[Row], index: int, timeline: Timeline) -> bool:
    """Whether a bookmark or a note is about a moment between this row and the next."""
    if rows[index].kind in ("bookmark", "note", "answer"):
        return False
    at = bisect_left(timeline.jotted, rows[index].seq)
    later = (rows[place] for place in range(index + 1, len(rows)))
    end = next((row.seq for row in later if row.kind != "answer"), timeline.head + 1)
    return at < len(timeline.jotted) and timeline.jotted[at] < end


def _is_asked(row: Row) -> bool:
    return row.kind == "call" and row.marks[-1].type == "call_asked"


def _row_of(shown: Shown, seq: int) -> int | None:
    """The row that an event made or changed, the lowest of them."""
    rows, count = shown.rows, shown.count
    near = reversed(range(max(0, count - NEAR), count))
    return next((at for at in near if any(mark.seq == seq for mark in rows[at].marks)), None)


def _newest(shown: Shown, scene: Scene) -> int:
    """Where it happened, in the past; else the last row, or the call that went on since."""
    last = max(0, shown.count - 1)
    at = None if scene.position is None else _row_of(shown, scene.seq)
    if at is not None:
        return at
    row = shown.rows[last] if shown.count else None
    if row is None or row.kind in _UNDER_WAY:
        return last
    went_on = row.of and any(mark.seq > row.seq for mark in row.of.upto(scene.seq))
    call = row.of if went_on else _acting(scene)
    at = shown.place(call) if call is not None else None
    return last if at is None else at


def _acting(scene: Scene) -> Row | None:
    """The newest call that runs: a note that came after its start does not hide its output."""
    running = (call for call in scene.state.calls if call.status is CallStatus.RUNNING)
    newest = max(running, key=lambda call: call.started or (0, 0), default=None)
    return scene.outline.call(newest.call_id) if newest is not None else None
