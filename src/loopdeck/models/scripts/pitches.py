"""The script `pitches`: finds three shows that fit, writes to each host, proves every citation."""

import re
from collections.abc import Generator
from dataclasses import dataclass, field

from loopdeck.models.scripts.pitch_check import Checking
from loopdeck.models.scripts.pitch_data import (
    SHOW_FILE,
    Brief,
    Row,
    Show,
    brief_of,
    by_fit,
    hits,
    pattern_of,
    rows_of,
    score,
    show_of,
)
from loopdeck.models.scripts.pitch_drafts import WANTED, Drafting
from loopdeck.models.scripts.speech import (
    Agenda,
    Call,
    Observation,
    Say,
    Scene,
    delete,
    look,
    read,
    search,
    shell,
    write,
)

NOTES = "scratch/shortlist.md"
CANDIDATES = 6
PLAN = (
    "read the directory",
    "shortlist by topic",
    "draft three pitches",
    "check every citation",
    "clean up",
)


def pitches(goal: str) -> Scene:
    """Plays the whole piece; the goal is in the workspace, so its words change nothing."""
    del goal
    yield from Pitching().perform()


@dataclass(slots=True)
class Pitching:
    """What the script knows so far."""

    agenda: Agenda = field(default_factory=lambda: Agenda(*PLAN))
    board: list[Show] = field(default_factory=list[Show])
    notes: str = ""
    remarks: list[str] = field(default_factory=list[str])

    def perform(self) -> Scene:
        """From the first look to the report, and on for as long as somebody asks."""
        brief = yield from self._look_round()
        rows = yield from self._search_index(brief)
        yield from self._read_shows(rows)
        self.board.sort(key=lambda show: (-score(show, brief.words), show.title))
        self.agenda.settle(1, met=bool(self.board))
        yield from self._note_shortlist(brief)
        drafting = Drafting(brief, self.board, remarks=self.remarks)
        checking = Checking(drafting)
        yield from drafting.first(self._opening(), self.agenda.at(2))
        yield from self._prove(checking)
        yield from self._last_look()
        while True:
            seen = yield Say(self._report(checking))
            if seen.check_output:
                yield from self._go_on(checking)

    def _look_round(self) -> Generator[Say, Observation, Brief]:
        yield Say(
            "I look at what is here before I plan anything.",
            (self.agenda.at(0), look(".")),
            "A directory of shows, a topic, three letters. Read first, then choose, then write.",
        )
        seen = yield Say(
            "The topic first, and how the letters should sound.",
            (read("topic.md"), read("style.md")),
        )
        self.agenda.settle(0, met=seen.results[0].ok)
        return brief_of(seen.results[0].lines if seen.results[0].ok else "")

    def _search_index(self, brief: Brief) -> Generator[Say, Observation, list[Row]]:
        """The rows of the index that speak of the topic, the nearest first."""
        seen = yield Say(
            f"{brief.name} wants to talk about {brief.topic}. "
            "I search the index for the words that mark a fit.",
            (search(pattern_of(brief.words), "shows", "index.md"),),
        )
        rows = rows_of(seen.results[0].text)
        if len(rows) < WANTED:
            seen = yield Say(
                "Too few lines of the index speak of it, so I read all of it.",
                (read("shows/index.md"),),
            )
            rows = rows_of(seen.results[0].lines)
        return sorted(rows, key=lambda row: -hits(row.text, brief.words))

    def _read_shows(self, rows: list[Row]) -> Scene:
        picked = rows[:CANDIDATES]
        if not picked:
            self.remarks.append("The index names no show that I could read.")
            return
        seen = yield Say(
            f"{len(rows)} shows come near. I read the nearest {len(picked)} side by side; the "
            "index says that files are named after titles.",
            (self.agenda.at(1), *(read(row.guess) for row in picked)),
        )
        results = seen.of("read_file")
        lost = [row for row, result in zip(picked, results, strict=True) if not result.ok]
        self._take_shows(seen)
        if lost:
            yield from self._find_lost(lost)

    def _find_lost(self, lost: list[Row]) -> Scene:
        """A guessed file name was wrong: let the directory say where the title is."""
        names = " and ".join(row.title for row in lost)
        seen = yield Say(
            f"{lost[0].guess} is not there: I guessed the name from the title, and somebody chose "
            f"another. I ask the directory where {names} is kept.",
            (search(pattern_of(tuple(row.title for row in lost)), "shows", "*.json"),),
        )
        known = {show.path for show in self.board}
        paths = dict.fromkeys(f"shows/{name}" for name in SHOW_FILE.findall(seen.results[0].text))
        found = [path for path in paths if path not in known]
        if not found or not seen.results[0].ok:
            self.remarks.append(f"{names}: in the index, but in no file I could find.")
            return
        seen = yield Say(f"There it is: {', '.join(found)}.", tuple(map(read, found)))
        self._take_shows(seen)

    def _take_shows(self, seen: Observation) -> None:
        for result in seen.of("read_file"):
            show = show_of(result.lines, result.path) if result.ok else None
            if show is not None:
                self.board.append(show)

    def _note_shortlist(self, brief: Brief) -> Scene:
        if not self.board:
            return
        lines = ["# Shortlist", ""]
        for show in self.board:
            lead = by_fit(show, brief.words)[0]
            lines.append(
                f"- {score(show, brief.words)} points: {show.title} ({show.host}), "
                f"best episode {lead.number}, “{lead.title}”"
            )
        seen = yield Say(
            f"I have read {len(self.board)} shows and give points for topics and episodes. "
            "The list goes into a scratch file.",
            (write(NOTES, "\n".join(lines) + "\n"),),
            self._weigh(brief),
        )
        result = seen.results[0]
        if result.ok:
            self.notes = result.path
        else:
            self.remarks.append("The shortlist was kept in my head: its file was not written.")

    def _weigh(self, brief: Brief) -> str:
        best = [f"{show.title} {score(show, brief.words)}" for show in self.board[:WANTED]]
        lead = by_fit(self.board[0], brief.words)[0]
        return f"Points: {', '.join(best)}. What decides it is “{lead.title}”."

    def _opening(self) -> str:
        names = [show.title for show in self.board[:WANTED]]
        if len(names) < 2:
            return "I write what I can."
        return f"{names[0]} fits best, then {names[1]}. Both letters are ready for your eyes."

    def _prove(self, checking: Checking) -> Scene:
        if not checking.drafting.kept:
            self.agenda.settle(2, met=False)
            self.agenda.settle(3, met=False)
            yield from self._clean("")
            return
        folders = ["scratch"] if self.notes.startswith("scratch/") else []
        listed = yield from checking.read_back(
            "Before I prove anything I read the letters back: you may have changed a word.",
            *folders,
        )
        self.agenda.settle(2, met=not checking.missing())
        yield from checking.verify(self.agenda.at(3))
        self.agenda.settle(3, met=checking.passed)
        yield from self._clean("\n".join(result.text for result in listed if result.ok))

    def _clean(self, listing: str) -> Scene:
        """Remove the scratch folder, or only the own file where somebody put more into it."""
        if not self.notes:
            return
        own = self.notes.rpartition("/")[2]
        others = set(re.findall(r"[\w-]+\.\w+", listing)) - {own}
        alone = bool(listing) and own in listing and not others
        call: Call = shell("rm -r scratch") if alone else delete(self.notes)
        what = "the scratch folder" if alone else f"my {self.notes}, and only that"
        seen = yield Say(f"I clean up after myself and remove {what}.", (self.agenda.at(4), call))
        result = seen.results[-1]
        self.agenda.settle(4, met=result.ok)
        if not result.ok:
            because = f" (“{result.reason}”)" if result.reason else ""
            self.remarks.append(f"{self.notes} is still there: removing it was refused{because}.")

    def _last_look(self) -> Scene:
        yield Say("A last look at what I leave behind.", (self.agenda.at(len(PLAN)), look(".")))

    def _go_on(self, checking: Checking) -> Scene:
        """The definition of done was not met: read again, mend, fill the gaps."""
        checking.passed = False
        yield from checking.read_back("The check is not content. I look at the letters again.")
        changed = yield from checking.mend("I see it.")
        if checking.missing():
            yield from checking.drafting.propose_more("A letter is missing.")
        elif not changed:
            self.remarks.append("The check still fails, and I have no other way to try.")
        if self.agenda.settle(2, met=not checking.missing()):
            yield Say("That changes where the plan stands.", (self.agenda.at(len(PLAN)),))

    def _report(self, checking: Checking) -> str:
        kept = checking.drafting.kept
        lines = [
            f"- {path}: to {draft.show.host}, {draft.show.title}" for path, draft in kept.items()
        ]
        head = f"{len(kept)} of {WANTED} letters are written. Nothing was sent."
        if len(kept) == WANTED:
            head = "Three letters wait for you in drafts/. Nothing was sent."
        notes = list(dict.fromkeys(self.remarks))
        return "\n".join([head, *lines, *([checking.proof()] if kept else []), *notes])
