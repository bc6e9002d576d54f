"""The keys that move the playhead, and playing a session as it happened."""

from dataclasses import replace

from textual import on
from textual.widgets import Input
from textual.worker import Worker

from loopdeck.app.background import start
from loopdeck.app.deck.stage import Stage
from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.playhead import PlayheadBar
from loopdeck.ports import Journal
from loopdeck.session.records import Record
from loopdeck.session.timeline import step_at

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
LONGEST_GAP_S = 1.0
SHORTEST_GAP_S = 1 / 20
PAGE = 200
LISTS = ("b", "n")  # typed as a place: which bookmarks and notes there are


class Seeking(Stage):
    """Steps, jumps and plays. The same keys work in a run and in a recording."""

    _speed = 1.0
    _player: Worker[None] | None = None
    _complained = False

    def action_step(self, direction: int) -> None:
        """One step back or on."""
        self._move(self.feed.timeline.by_step(self.wanted, direction))

    def action_event(self, direction: int) -> None:
        """One event back or on."""
        self._move(self.feed.timeline.by_event(self.wanted, direction))

    def action_approval(self, direction: int) -> None:
        """To the moment somebody was asked, before or after."""
        self._move(self.feed.timeline.by_approval(self.wanted, direction))

    def action_error(self, direction: int) -> None:
        """To the moment something failed, before or after."""
        self._move(self.feed.timeline.by_error(self.wanted, direction))

    def action_start(self) -> None:
        """To the first event."""
        self._move(1)

    def action_live(self) -> None:
        """To the newest event, and stay there."""
        self._move(None)
        loop = self.query_one(LoopPane)
        loop.action_page(1_000_000)

    def action_play(self) -> None:
        """Play on from here, or stop playing; at the end, play from the start."""
        if self.scene.playing is not None:
            self._stop()
            return
        if self.wanted is None:
            if self.agent is not None and not self.agent.is_finished:
                self.notify("This is now: there is nothing to play yet.", markup=False)
                return
            self.seek(1)
        self.present(replace(self.scene, playing=self._speed))
        self._player = start(self, self._play, "play", only=True)

    def action_speed(self, direction: int) -> None:
        """Slower or faster."""
        place = SPEEDS.index(self._speed) + direction
        self._speed = SPEEDS[max(0, min(len(SPEEDS) - 1, place))]
        if self.scene.playing is not None:
            self.present(replace(self.scene, playing=self._speed))
        else:
            self.notify(f"plays at {self._speed:g}×", markup=False, timeout=2)

    def action_go_to(self) -> None:
        """Ask for a step, a time or an event to go to."""
        box = self.query_one("#goto", Box)
        box.add_class("-open")
        self.set_focus(box)  # at once: the next key is a letter already

    @on(PlayheadBar.Sought)
    def _sought(self, message: PlayheadBar.Sought) -> None:
        self._move(message.seq)

    @on(Input.Submitted, "#goto")
    async def _go(self, event: Input.Submitted) -> None:
        if event.value.strip().lower() in LISTS:
            self._close_goto()
            await self._list_marks()
            return
        place = await self._place(event.value.strip())
        if place is None:
            text = (
                "Type a step (12), a time since the start (4:20), an event (#120), a bookmark (b1),"
                " or b for a list of them."
            )
            self.notify(text, severity="warning", markup=False)
            self._complained = True
            return
        if self._complained:
            self.app.clear_notifications()
        self._complained = False
        self._close_goto()
        self._move(place if place < self.feed.timeline.head else None)

    @on(Box.Left, "#goto")
    def _close_goto(self) -> None:
        box = self.query_one("#goto", Box)
        box.value = ""
        box.remove_class("-open")
        self.set_focus(self.query_one(LoopPane))

    async def _list_marks(self) -> None:
        """Show every bookmark and note, in the order of their moments."""
        from loopdeck.app.panes.marks import Marked, MarksScreen  # on first use

        timeline = self.feed.timeline
        await self.history.load(list(timeline.names))
        marks: list[Marked] = []
        for seq, name in timeline.names.items():
            fact, at = self.history.fact(seq), timeline.places[name]
            words = fact.text if fact else ""
            marks.append(Marked(name, at, step_at(timeline.steps, at), words))
        if marks:
            marks.sort(key=lambda mark: mark.at)

            def chosen(mark: Marked | None) -> None:
                if mark is not None:
                    self._move(mark.at)

            self.app.push_screen(MarksScreen(marks), chosen)
        else:
            self.notify("Nothing is marked yet.", markup=False, timeout=3)

    async def _place(self, text: str) -> int | None:
        head = self.feed.timeline.head
        marked = self.feed.timeline.places.get(text.lower())
        if marked is not None:
            return marked
        number = text.removeprefix("#")
        if number.isdecimal() and len(number) < 12:
            if text.startswith("#"):
                return max(1, min(head, int(number)))
            found = self.feed.timeline.to_step(int(number))
            return head if found is None else found
        seconds = seconds_of(text)
        if seconds is None:
            return None
        return await seq_at_time(self.opened.journal, self.opened.session, head, seconds)

    def _move(self, position: int | None) -> None:
        self._stop()
        ends = position is not None and position >= self.feed.timeline.head
        self.seek(None if ends else position)

    def _stop(self) -> None:
        if self.scene.playing is not None:
            self.scene = replace(self.scene, playing=None, gap_s=0.0)
            if self._player is not None:
                self._player.cancel()
            self.query_one(PlayheadBar).show(self.scene)

    async def _play(self) -> None:
        before: Record | None = None
        saved = 0.0
        while self.wanted is not None:
            records = await self.opened.journal.read(
                self.opened.session, after=max(0, self.wanted - (before is None)), limit=PAGE
            )
            for record in records:
                if before is not None:
                    saved += await self._gap(record, before, saved)
                before = record
                if saved >= SHORTEST_GAP_S or record is records[-1]:
                    await self.clock.sleep(saved)
                    saved = 0.0
                    self.seek(record.seq)
            if not records or records[-1].seq >= self.feed.timeline.head:
                break
        self._stop()
        self.seek(None)

    async def _gap(self, record: Record, before: Record, saved: float) -> float:
        """The pause before a record, in seconds of playing; a long one is cut, and said."""
        real = max(0.0, (record.ts - before.ts) / 1e9)
        gap = real if real > LONGEST_GAP_S else 0.0
        if gap != self.scene.gap_s:
            await self.clock.sleep(saved)
            self.present(replace(self.scene, gap_s=gap))
        return min(real, LONGEST_GAP_S) / self._speed


def seconds_of(text: str) -> float | None:
    """`4:20`, `1:02:03` or `90s` as seconds."""
    if text.endswith("s") and text[:-1].isdecimal():
        return float(text[:-1])
    parts = text.split(":")
    if not 2 <= len(parts) <= 3 or not all(part.isdecimal() for part in parts):
        return None
    total = 0
    for part in parts:
        total = total * 60 + int(part)
    return float(total)


async def seq_at_time(journal: Journal, session: str, head: int, seconds: float) -> int:
    """The last event not later than so many seconds after the first."""
    first = (await journal.pick(session, [1])).get(1)
    if first is None:
        return 1
    goal = first.ts + int(seconds * 1e9)
    low, high = 1, head
    while low < high:
        middle = (low + high + 1) // 2
        record = (await journal.pick(session, [middle])).get(middle)
        if record is not None and record.ts <= goal:
            low = middle
        else:
            high = middle - 1
    return low
