"""Going to a place that is typed: a step, a time, an event, a bookmark."""

from functools import partial

from loopdeck.app.deck.part import Part
from loopdeck.app.deck.seeking import Player
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.panes.asking import AskBox
from loopdeck.ports import Journal
from loopdeck.session.timeline import step_at

LISTS = ("b", "n")  # typed as a place: which bookmarks and notes there are
UNKNOWN = (
    "Type a step (12), a time since the start (4:20), an event (#120), a bookmark (b1),"
    " or b for a list of them."
)


class Places(Part):
    """Finds the event that is meant, and has the playhead go there."""

    def __init__(self, stage: Stage, player: Player) -> None:
        super().__init__(stage)
        self._player = player
        self._complained = False

    def verbs(self) -> Verbs:
        """The key that asks for a place."""
        return {"go_to": self.ask}

    def ask(self) -> None:
        """Ask for a step, a time or an event to go to."""
        self._box.ask(lambda text: self.start(partial(self._try, text), "goto", only=True))

    async def go(self, text: str) -> bool:
        """Go where the words lead; false where that is nowhere, which is said."""
        if text.lower() in LISTS:
            await self._list_marks()
            return True
        place = await self._place(text)
        if place is None:
            self.say(UNKNOWN, severity="warning")
            return False
        self._player.move(place)
        return True

    @property
    def _box(self) -> AskBox:
        return self.stage.query_one("#goto", AskBox)

    async def _try(self, text: str) -> None:
        if not await self.go(text):
            self._complained = True
            return
        if self._complained:
            self.stage.app.clear_notifications()
        self._complained = False
        self._box.close()

    async def _list_marks(self) -> None:
        """Show every bookmark and note, in the order of their moments."""
        from loopdeck.app.panes.marks import Marked, MarksScreen  # on first use

        stage, timeline = self.stage, self.stage.feed.timeline
        await stage.history.load(list(timeline.names))
        marks: list[Marked] = []
        for seq, name in timeline.names.items():
            fact, at = stage.history.fact(seq), timeline.places[name]
            words = fact.text if fact else ""
            marks.append(Marked(name, at, step_at(timeline.steps, at), words))
        if marks:
            marks.sort(key=lambda mark: mark.at)

            def chosen(mark: Marked | None) -> None:
                if mark is not None:
                    self._player.move(mark.at)

            stage.app.push_screen(MarksScreen(marks), chosen)
        else:
            self.say("Nothing is marked yet.", seconds=3)

    async def _place(self, text: str) -> int | None:
        timeline, opened = self.stage.feed.timeline, self.stage.opened
        head = timeline.head
        text = text.lower().removeprefix("step").strip()  # as the bar has it: step 12
        marked = timeline.places.get(text)
        if marked is not None:
            return marked
        number = text.removeprefix("#")
        if number.isdecimal() and len(number) < 12:
            if text.startswith("#"):
                return max(1, min(head, int(number)))
            found = timeline.to_step(int(number))
            return head if found is None else found
        seconds = seconds_of(text)
        if seconds is None:
            return None
        return await seq_at_time(opened.journal, opened.session, head, seconds)


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
