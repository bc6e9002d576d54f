"""Calls the human who does not look: the window's title, the bell, a notice, their own command."""

from dataclasses import replace
from functools import partial
from typing import Protocol, runtime_checkable

from loopdeck.app.deck.part import Part
from loopdeck.app.deck.stage import Stage
from loopdeck.app.notices import tell
from loopdeck.app.paint.approval import Item, key_of
from loopdeck.app.paint.lines import cut
from loopdeck.app.panes.approval import waiting
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.scene import Runner, Scene
from loopdeck.app.view.unseen import PATIENCE_S, Unseen
from loopdeck.errors import LoopdeckError
from loopdeck.ports.calling import Caller

_GOAL = 60  # cells of it: a window's title has room for no more


@runtime_checkable
class Touched(Protocol):
    """An app that counts how often a key or the mouse was touched, and writes to its terminal."""

    touched: int
    app_focus: bool

    def send_out(self, sequence: str) -> None:
        """Send the terminal what no widget draws."""
        ...


class Summons(Part):
    """What waits counts at the newest moment: in the past of a run nobody sees it either.

    The `caller` has the ways to reach the human; there is none where nobody has to be called.
    """

    def __init__(self, stage: Stage, caller: Caller | None) -> None:
        super().__init__(stage)
        self._caller = caller
        self._unseen = Unseen()
        self._titled = ""
        self._faulty = False

    def begin(self) -> None:
        """Who looks away while something waits is called too."""
        self.stage.watch(self.stage.app, "app_focus", self._look, init=False)

    def follow(self, before: Scene) -> None:
        """Count what waits, and look again once it has waited unseen for a while."""
        scene, app = self.stage.scene, self.stage.app
        items = _waiting(scene)
        touched = app.touched if isinstance(app, Touched) else 0
        keys = [key_of(item) for item in items]
        if self._unseen.waits(keys, self.stage.clock.mono(), touched):
            self.stage.set_timer(PATIENCE_S + 0.1, self._look)
            if not (scene.runner.works or before.runner.works):
                self._unseen.settle()  # it waited already when its human came
        count = f"({len(items)}) " if items else ""
        goal = _goal(scene)
        self._entitle(f"{count}Loopdeck{': ' if goal else ''}{goal}")
        self._look()

    def end(self) -> None:
        """The deck is left."""
        self._entitle("Loopdeck")

    def _look(self) -> None:
        app = self.stage.app
        if not self._unseen or not isinstance(app, Touched):
            return
        # In the past, or below another screen, a key is no sign that it was seen.
        touched = app.touched if self.stage.scene.at_end and self.stage.is_current else 0
        if self._unseen.due(self.stage.clock.mono(), touched, here=app.app_focus):
            self._call()

    def _call(self) -> None:
        if self._caller is None:
            return
        count, goal = len(_waiting(self.stage.scene)), _goal(self.stage.scene)
        words = "waits for you" if count == 1 else f"has {count} things that wait for you"
        words = f"Loopdeck {words}: {goal}"
        self._send(self._caller.ring(words))
        self.start(partial(self._run, self._caller, words), "calls")

    async def _run(self, caller: Caller, words: str) -> None:
        """Their command; that it fails is said once, and stops nothing."""
        try:
            await caller.run(words)
        except LoopdeckError as error:
            if not self._faulty:
                tell(self.stage, error)
            self._faulty = True

    def _entitle(self, words: str) -> None:
        if self._caller is not None and words != self._titled:
            self._titled = words
            self._send(self._caller.title(words))

    def _send(self, sequence: str) -> None:
        app = self.stage.app
        if sequence and isinstance(app, Touched):
            app.send_out(sequence)


def _waiting(scene: Scene) -> list[Item]:
    """What waits at the newest moment; nothing does where nobody will ever go on."""
    if scene.runner is Runner.RECORDING:
        return []
    return waiting(replace(scene, state=scene.head))


def _goal(scene: Scene) -> str:
    return cut(sanitize(scene.head.goal[: _GOAL * 4], lines=False), _GOAL)
