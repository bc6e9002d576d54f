"""The deck calls the human who does not look, and its title counts what waits."""

from dataclasses import dataclass, field

from textual.events import AppBlur

from loopdeck.app.view.unseen import PATIENCE_S
from loopdeck.errors import UsageError
from tests.app.screens import deck
from tests.support import stories


@dataclass
class Ears:
    """A caller that keeps what it was told."""

    titles: list[str] = field(default_factory=list[str])
    rung: list[str] = field(default_factory=list[str])
    ran: list[str] = field(default_factory=list[str])

    def title(self, words: str) -> str:
        self.titles.append(words)
        return ""

    def ring(self, words: str) -> str:
        self.rung.append(words)
        return ""

    async def run(self, words: str) -> None:
        self.ran.append(words)
        raise UsageError("The command is broken.", "Repair it.")


STORY = stories.waiting_for_two()
QUIET, FIRST, SECOND = STORY[:-4], STORY[-4:-2], STORY[-2:]


async def test_who_looks_elsewhere_is_called_when_something_begins_to_wait() -> None:
    ears = Ears()
    async with deck(QUIET, caller=ears) as desk:
        assert ears.titles[-1].startswith("Loopdeck: ")
        desk.app.post_message(AppBlur())
        await desk.until(lambda: not desk.app.app_focus)
        desk.journal.push(*FIRST)
        await desk.until(lambda: bool(ears.ran))
        assert ears.titles[-1].startswith("(1) Loopdeck: ")
        assert ears.rung == ears.ran
        assert ears.rung[0].startswith("Loopdeck waits for you: ")
        await desk.shows("The command is broken.")
        desk.journal.push(*SECOND)
        await desk.until(lambda: len(ears.rung) == 2)
        assert ears.rung[1].startswith("Loopdeck has 2 things that wait for you: ")
        assert ears.titles[-1].startswith("(2) Loopdeck: ")
    assert ears.titles[-1] == "Loopdeck"


async def test_who_is_here_and_touches_nothing_is_called_after_a_while() -> None:
    ears = Ears()
    async with deck(QUIET, caller=ears) as desk:
        desk.journal.push(*FIRST)
        await desk.until(lambda: ears.titles[-1].startswith("(1)"))
        assert ears.rung == []
        desk.clock.advance(PATIENCE_S)
        desk.journal.push(*SECOND)
        await desk.until(lambda: len(ears.rung) == 1)
        await desk.press("down")
        desk.app.post_message(AppBlur())
        await desk.until(lambda: not desk.app.app_focus)
        assert len(ears.rung) == 1


async def test_what_is_looked_at_in_the_past_has_not_been_seen() -> None:
    ears = Ears()
    async with deck(QUIET, caller=ears) as desk:
        await desk.press("left", "left")
        await desk.until(lambda: not desk.deck.scene.at_end)
        desk.journal.push(*FIRST)
        await desk.until(lambda: ears.titles[-1].startswith("(1)"))
        await desk.press("left")
        desk.clock.advance(PATIENCE_S)
        await desk.press("left")
        await desk.until(lambda: len(ears.rung) == 1)
