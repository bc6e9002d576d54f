"""The keys that tell the agent what to do, beside messages and answers."""

from collections.abc import Awaitable, Callable
from functools import partial

from loopdeck.app.deck.part import Part
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.panes.level import LevelScreen
from loopdeck.app.view.scene import Scene
from loopdeck.session.commands import Command, Compact, GoOn, Interrupt, Pause, SetLevel, Stop
from loopdeck.session.state import Phase


class Steering(Part):
    """Pauses, goes on, interrupts, stops; turns the level; has the story told in short."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._pausing = False

    def verbs(self) -> Verbs:
        """The agent's keys."""
        return {
            "pause": self.pause,
            "pause_now": self.pause_now,
            "go_on": self.go_on,
            "interrupt": self.interrupt,
            "stop": self.stop,
            "compact": self.compact,
            "level": self.turn_level,
        }

    def begin(self) -> None:
        """Let the agent work, where it is this process that runs it."""
        if self.stage.opened.work is not None:
            self.stage.call_after_refresh(self._set_to_work, self.stage.opened.work)

    def follow(self, before: Scene) -> None:
        """A pause that has begun is waited for no more: whoever goes on then, `p` pauses again."""
        if self.stage.scene.head.phase in (Phase.PAUSED, Phase.ENDED):
            self._pausing = False

    @property
    def _pauses(self) -> bool:
        """True while it pauses, or is about to."""
        return self._pausing or self.stage.scene.head.phase is Phase.PAUSED

    async def pause(self) -> None:
        """Pause after the current step, or go on."""
        pauses = self._pauses
        if await self.stage.send(GoOn() if pauses else Pause()):
            self._pausing = not pauses
            word = "pauses after this step" if self._pausing else "goes on"
            self.say(f"The agent {word}.", seconds=3)

    async def pause_now(self) -> None:
        """Pause, unless it does so already."""
        if not self._pauses:
            await self.pause()

    async def go_on(self) -> None:
        """Go on, if it pauses or is about to."""
        if self._pauses:
            await self.pause()

    async def interrupt(self) -> None:
        """Stop what runs now, and wait for what its human has to say."""
        if await self.stage.send(Interrupt()):
            says, goes_on = self.stage.label("write"), self.stage.label("pause")
            self.say(f"It stops. {says} says something, {goes_on} goes on.", seconds=6)

    async def stop(self) -> None:
        """End the run; it can be resumed."""
        await self.stage.send(Stop(reason="stopped from the deck"))

    async def compact(self) -> None:
        """Tell the agent what happened so far in short, from its next step on."""
        if why := self.stage.scene.refusal_sentence:
            self.say(why)
        elif await self.stage.send(Compact()):
            self.say("Before its next step the agent sums up what happened so far.", seconds=5)

    def turn_level(self) -> None:
        """Choose how much the agent may do without asking."""
        head = self.stage.scene.head

        def chosen(level: int | None) -> None:
            if level is not None and level != head.level:
                self.command(SetLevel(level=level))

        if why := self.stage.scene.refusal_sentence:
            self.say(why)
        else:
            screen = LevelScreen(head.level, head.sandbox, head.sandbox_says)
            self.stage.app.push_screen(screen, chosen)

    def _set_to_work(self, work: Callable[[], Awaitable[None]]) -> None:
        self.stage.agent = self.start(work, "agent")

    def command(self, command: Command) -> None:
        """Send a command to whoever runs the agent, beside the keys."""
        self.start(partial(self.stage.send, command), "commands")
