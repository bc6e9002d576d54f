"""The playhead: the keys that move it, and playing a session as it happened."""

from dataclasses import replace
from functools import partial

from textual.worker import Worker

from loopdeck.app.deck.part import Part
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.paint.filters import filter_words
from loopdeck.session.records import Record
from loopdeck.session.timeline import Timeline

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
LONGEST_GAP_S = 1.0
SHORTEST_GAP_S = 1 / 20
PAGE = 200


class Player(Part):
    """Steps, jumps and plays. The same keys work in a run and in a recording.

    `wanted` is where the playhead is to be; the scene is there once that moment has been read.
    """

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.wanted = stage.opened.position
        self._seeking = False
        self._speed = 1.0
        self._playing: Worker[None] | None = None

    def verbs(self) -> Verbs:
        """The keys of the playhead."""
        return {
            "step_back": partial(self.step, -1),
            "step_on": partial(self.step, 1),
            "event_back": partial(self.event, -1),
            "event_on": partial(self.event, 1),
            "approval_back": partial(self.approval, -1),
            "approval_on": partial(self.approval, 1),
            "error_back": partial(self.error, -1),
            "error_on": partial(self.error, 1),
            "start": partial(self.move, 1),
            "live": self.live,
            "play": self.play,
            "slower": partial(self.turn_speed, -1),
            "faster": partial(self.turn_speed, 1),
        }

    def begin(self) -> None:
        """Load the session once the empty deck has been painted, and stay with it."""
        follow = partial(self.stage.feed.follow, self._updated, at=lambda: self.wanted)
        self.stage.call_after_refresh(self.start, follow, "feed")

    @property
    def timeline(self) -> Timeline:
        """Where things are in the session."""
        return self.stage.feed.timeline

    def step(self, direction: int) -> None:
        """One step back or on; where a filter hides rows, among the steps it shows some of."""
        shown, timeline = self.stage.loop.shown, self.timeline
        if shown.filter is None:
            self.move(timeline.by_step(self.wanted, direction))
            return
        now = timeline.where(timeline.head if self.wanted is None else self.wanted).step
        steps = shown.steps()
        if direction < 0:
            goal = max((step for step in steps if step < now), default=None)
        else:
            goal = min((step for step in steps if step > now), default=None)
        if goal is not None:
            self.move(timeline.to_step(goal))

    def event(self, direction: int) -> None:
        """One event back or on."""
        self.move(self.timeline.by_event(self.wanted, direction))

    def approval(self, direction: int) -> None:
        """To the moment somebody was asked, before or after, in a row that is shown."""
        events = self.stage.loop.shown.events
        self._leap(self.timeline.by_approval(self.wanted, direction, events))

    def error(self, direction: int) -> None:
        """To the moment something failed, before or after, in a row that is shown."""
        events = self.stage.loop.shown.events
        self._leap(self.timeline.by_error(self.wanted, direction, events))

    def live(self) -> None:
        """To the newest event, and stay there."""
        self.move(None)
        self.stage.loop.action_page(1_000_000)

    def play(self) -> None:
        """Play on from here, or stop playing; at the end, play from the start."""
        if self.stage.scene.playing is not None:
            self.halt()
            return
        if self.wanted is None:
            if self.stage.agent_works:
                self.say("This is now: there is nothing to play yet.")
                return
            self.seek(1)
        self.stage.present(replace(self.stage.scene, playing=self._speed))
        self._playing = self.start(self._play, "play", only=True)

    def turn_speed(self, direction: int) -> None:
        """Slower or faster."""
        place = SPEEDS.index(self._speed) + direction
        self._speed = SPEEDS[max(0, min(len(SPEEDS) - 1, place))]
        if self.stage.scene.playing is not None:
            self.stage.present(replace(self.stage.scene, playing=self._speed))
        else:
            self.say(f"plays at {self._speed:g}×", seconds=2)

    def move(self, position: int | None) -> None:
        """Go to an event, or to the end and stay there; nothing is played any more."""
        if not self.timeline.head:
            return  # nothing has been read yet: every place would be the end
        self.halt()
        ends = position is not None and position >= self.timeline.head
        self.seek(None if ends else position)

    def halt(self) -> None:
        """Stop playing."""
        if self.stage.scene.playing is not None:
            if self._playing is not None:
                self._playing.cancel()
            self.stage.hold(replace(self.stage.scene, playing=None, gap_s=0.0))

    def seek(self, position: int | None) -> None:
        """Move the playhead; the newest wish counts."""
        self.wanted = position
        if position is None:
            scene = self.stage.scene
            self.stage.present(replace(scene, position=None, state=scene.head))
        elif not self._seeking:
            self._seeking = True
            self.start(self._seek, "seek")

    def _updated(self) -> None:
        """The session has grown, or its beginning has been read."""
        feed, scene = self.stage.feed, self.stage.scene
        scene = replace(scene, head=feed.head, outline=feed.outline, timeline=feed.timeline)
        state = feed.head if self.wanted is None else scene.state
        self.stage.present(replace(scene, state=state))
        if self.wanted is not None and self.stage.scene.state.last_seq != self.wanted:
            self.seek(self.wanted)

    def _leap(self, goal: int | None) -> None:
        shown = self.stage.loop.shown
        if goal == self.wanted and shown.filter is not None:
            self.say(f"There is none that way: {filter_words(shown.filter)}.", seconds=3)
        self.move(goal)

    async def _seek(self) -> None:
        try:
            while (goal := self.wanted) is not None:
                state = await self.stage.feed.state_at(goal)
                if self.wanted == goal:
                    self.stage.present(replace(self.stage.scene, position=goal, state=state))
                    return
        finally:
            self._seeking = False

    async def _play(self) -> None:
        opened, clock = self.stage.opened, self.stage.clock
        before: Record | None = None
        saved = 0.0
        while self.wanted is not None:
            records = await opened.journal.read(
                opened.session, after=max(0, self.wanted - (before is None)), limit=PAGE
            )
            for record in records:
                if before is not None:
                    saved += await self._gap(record, before, saved)
                before = record
                if saved >= SHORTEST_GAP_S or record is records[-1]:
                    await clock.sleep(saved)
                    saved = 0.0
                    self.seek(record.seq)
            if not records or records[-1].seq >= self.timeline.head:
                break
        self.halt()
        self.seek(None)

    async def _gap(self, record: Record, before: Record, saved: float) -> float:
        """The pause before a record, in seconds of playing; a long one is cut, and said."""
        real = max(0.0, (record.ts - before.ts) / 1e9)
        gap = real if real > LONGEST_GAP_S else 0.0
        if gap != self.stage.scene.gap_s:
            await self.stage.clock.sleep(saved)
            self.stage.present(replace(self.stage.scene, gap_s=gap))
        return min(real, LONGEST_GAP_S) / self._speed
