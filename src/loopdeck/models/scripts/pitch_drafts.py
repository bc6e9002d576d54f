"""The drafts of the pitches script: proposing them, taking a no, finding another way."""

import re
from collections.abc import Generator
from dataclasses import dataclass, field, replace

from loopdeck.models.scripts.pitch_data import Brief, Show, Story
from loopdeck.models.scripts.pitch_letters import letter, nearest
from loopdeck.models.scripts.speech import Call, Observation, Result, Say, write

WANTED = 3
PATIENCE = 3  # refusals after which the script stops proposing
TOO_LONG = re.compile(r"\b(short|shorter|brief|briefer|long|longer|length|words?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A draft that is about to be proposed; `slot` gives it its tone, `slips` a wrong number."""

    show: Show
    slot: int
    slips: bool = False
    short: bool = False


@dataclass(slots=True)
class Draft:
    """A draft that was written: whose it is and what it says, as far as the script knows."""

    show: Show
    slot: int
    text: str


@dataclass(slots=True)
class Drafting:
    """Proposes letters until three are written or there is no way left to get there."""

    brief: Brief
    board: list[Show]
    kept: dict[str, Draft] = field(default_factory=dict[str, Draft])
    remarks: list[str] = field(default_factory=list[str])
    used: set[str] = field(default_factory=set[str])
    told: dict[str, Story] = field(default_factory=dict[str, Story])
    refused: int = 0
    forbidden: bool = False

    def first(self, said: str, plan: Call) -> Generator[Say, Observation, None]:
        """Three drafts: two at once, then the third and whatever has to be done again."""
        attempts = [
            Attempt(show, slot, slips=slot == WANTED - 1)
            for slot, show in enumerate(self.board[:WANTED])
        ]
        self.used |= {attempt.show.path for attempt in attempts}
        batch, later = attempts[:2], attempts[2:]
        calls = [plan]
        while batch and not self.forbidden:
            seen = yield Say(said, (*calls, *map(self._proposal, batch)))
            redo, words = self._take(batch, seen)
            batch, later, calls = [*redo, *later], [], []
            said = self._introduce(words, batch)

    def one_more(self) -> Attempt | None:
        """The best show that nobody was written to yet, while more proposals are welcome."""
        if self.forbidden or self.refused > PATIENCE or len(self.kept) >= WANTED:
            return None
        show = next((each for each in self.board if each.path not in self.used), None)
        if show is None:
            return None
        self.used.add(show.path)
        return Attempt(show, len(self.kept))

    def propose_more(self, said: str) -> Generator[Say, Observation, None]:
        """Try to fill the places that are still empty."""
        attempt = self.one_more()
        while attempt is not None:
            seen = yield Say(
                f"{said} The next best show is {attempt.show.title}.", (self._proposal(attempt),)
            )
            redo, said = self._take([attempt], seen)
            attempt = redo[0] if redo else self.one_more()

    def story_for(self, show: Show) -> Story:
        """The story for a show: always the same one, and no host gets another host's."""
        if show.path not in self.told:
            fresh = [each for each in self.brief.stories if each not in self.told.values()]
            self.told[show.path] = nearest(show, fresh or self.brief.stories)
        return self.told[show.path]

    def _proposal(self, attempt: Attempt) -> Call:
        text = letter(
            attempt.show,
            self.brief,
            attempt.slot,
            self.story_for(attempt.show),
            short=attempt.short,
            slip=attempt.slips,
        )
        return write(f"drafts/{attempt.show.slug}.md", text)

    def _take(self, batch: list[Attempt], seen: Observation) -> tuple[list[Attempt], str]:
        """Keep what was written; what to try instead of the rest, and words about it."""
        redo: list[Attempt] = []
        words: list[str] = []
        for attempt, result in zip(batch, seen.of("write_file"), strict=True):
            if result.ok:
                text = str(result.args.get("content", ""))
                self.kept[result.path] = Draft(attempt.show, attempt.slot, text)
                continue
            other, remark = self._another_way(attempt, result)
            words.append(remark)
            redo += [other] if other else []
        return redo, " ".join(dict.fromkeys(words))

    def _another_way(self, attempt: Attempt, result: Result) -> tuple[Attempt | None, str]:
        title = attempt.show.title
        if not result.denied:
            self.remarks.append(f"The letter to {title} could not be written: {result.text}")
            return None, f"The letter to {title} could not be written."
        if not result.denied_by_human:
            self.forbidden = True
            self.remarks.append(f"Writing is not allowed here ({result.reason or 'by a rule'}).")
            return None, "Writing is not allowed here."
        self.refused += 1
        because = f" (“{result.reason}”)" if result.reason else ""
        self.remarks.append(f"You said no to a letter to {title}{because}.")
        if self.refused > PATIENCE:
            return None, "That is one no too many for a script: I propose no more letters."
        if TOO_LONG.search(result.reason) and not attempt.short:
            return (
                replace(attempt, short=True),
                f"You said no to {title}{because}: I write it again, shorter.",
            )
        return self._next_best(attempt, because)

    def _next_best(self, attempt: Attempt, because: str) -> tuple[Attempt | None, str]:
        said = f"You said no to {attempt.show.title}{because}."
        show = next((each for each in self.board if each.path not in self.used), None)
        if show is None:
            return None, f"{said} I have no other show that fits."
        self.used.add(show.path)
        return replace(attempt, show=show, short=False), f"{said} The next best is {show.title}."

    def _introduce(self, words: str, batch: list[Attempt]) -> str:
        fresh = [attempt for attempt in batch if attempt.slips and attempt.show.title not in words]
        if not fresh:
            return words or "I go on."
        show = fresh[0].show
        third = f"The third goes to {show.host} of {show.title}. I cite from memory here."
        return f"{words} {third}".strip()
