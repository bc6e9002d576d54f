"""The models that can be named here, to choose one for a new session."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult

from loopdeck.app.paint.lines import Line, Part, cut_line, prose, spread
from loopdeck.app.panes.choosing import ChoiceList, ChoosingScreen
from loopdeck.app.panes.lines import OneLine
from loopdeck.app.sanitize import sanitize
from loopdeck.errors import LoopdeckError
from loopdeck.figures import plural
from loopdeck.ports import Host
from loopdeck.ports.wish import ModelOffer

ASKING = "Asking the servers that are configured …"
NARROW = 60


class ModelsScreen(ChoosingScreen[ModelOffer]):
    """Gives back a model; the ones that are known stand there before any server has answered."""

    TITLE_WORDS: ClassVar[str] = "Models"
    DOES: ClassVar[str] = "takes it"
    DEFAULT_CSS = "ModelsScreen { #frame { width: 96; } #asked { height: 1; } }"

    def __init__(self, host: Host, current: str) -> None:
        super().__init__([])
        self._host = host
        self._current = current

    def above(self) -> ComposeResult:
        """Whether the servers have answered."""
        yield OneLine(id="asked")

    def on_mount(self) -> None:
        """Show what is known; the rest comes."""
        super().on_mount()
        self._say(ASKING, wrong=False)
        self.run_worker(self._fill(), group="models")

    def heading(self, cells: int) -> Line:
        """The names of the columns."""
        right = (Part("takes      in / out, $ per 1M tokens", "muted"),)
        return spread((Part("  model", "muted"),), right if cells > NARROW else (), cells)

    def painted(self, thing: ModelOffer, cells: int) -> Line:
        """One model, marked where it is the one that is chosen."""
        mark = Part("✓ " if thing.name == self._current else "  ", "accent")
        name = (mark, Part(sanitize(thing.name, lines=False)))
        known = thing.input is not None and thing.output is not None
        price = f"{thing.input:g} / {thing.output:g}" if known else ""
        window = f"{thing.window / 1000:,.0f}k" if thing.window else ""
        right = (Part(f"{window:>8}{price:>18}", "muted"),) if window or price else ()
        return spread(name, right, cells) if cells > NARROW else cut_line(name, cells)

    def nothing(self, cells: int) -> Sequence[Line]:
        """What stands there where none is known."""
        words = "No key is set and no server answers: docs/models.md says how to name one."
        return prose(words, cells, "muted")

    async def _fill(self) -> None:
        try:
            offers, _ = await self._host.models(ask=False)
            self._offer(offers)
            offers, troubles = await self._host.models(ask=True)
        except LoopdeckError as error:
            self._say(sanitize(str(error), lines=False), wrong=True)
            return
        self._offer(offers)
        words = plural(len(offers), "model")
        self._say(sanitize(troubles[0], lines=False) if troubles else words, wrong=bool(troubles))

    def _offer(self, offers: Sequence[ModelOffer]) -> None:
        """Let these be chosen from; the cursor stays with the model it stood on."""
        stood = self.chosen.name if self._things else self._current
        self.only(offers)
        at = next((at for at, one in enumerate(offers) if one.name == stood), 0)
        self.query_one(ChoiceList).renew(at)

    def _say(self, words: str, *, wrong: bool) -> None:
        ink = "waiting" if wrong else "muted"
        self.query_one("#asked", OneLine).show_line(
            lambda cells: cut_line((Part(words, ink),), cells)
        )
