"""Runs a recorded session again, process by process, until it is over or parts from its log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loopdeck.harness.prompt.instructions import instructions
from loopdeck.harness.rerun.process import Process, Props
from loopdeck.harness.rerun.prompter import Divergence, Prompter
from loopdeck.harness.rerun.tape import Chapter, Tape
from loopdeck.session.events import SandboxChecked, SessionResumed
from loopdeck.session.records import Record
from loopdeck.session.standing import IMPORTED_MODEL

TRIES = 60  # of other moments at which a human may have spoken
TURNS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12)  # of the event loop, from a moment until they spoke


@dataclass(frozen=True, slots=True)
class Rerun:
    """How a re-run went: identical without a `divergence`. `notes` say what was not held alike."""

    session: str
    events: int
    compared: int
    divergence: Divergence | None = None
    seq: int = 0
    step: int = 0
    notes: tuple[str, ...] = ()

    @property
    def identical(self) -> bool:
        """Whether the same happened again."""
        return self.divergence is None


async def rerun(records: Sequence[Record], props: Props) -> Rerun:
    """Run a valid recording again. Writes nothing but to the journal that it is given.

    The log has the order of what happened, and not whether its human spoke while the harness was
    between two things. Where a run parts from its log after they did, it is tried that way too.
    """
    tape = Tape(records)
    chapters = tape.chapters()
    prompter = await _attempt(records, tape, chapters, props, {})
    tries: dict[int, int] = {}
    while prompter.fault is not None and sum(tries.values()) < TRIES:
        cue = prompter.suspect()
        turn = tries.get(cue, 0) if cue is not None else len(TURNS)
        if cue is None or turn >= len(TURNS):
            break
        tries[cue] = turn + 1
        eager = {**prompter.eager, cue: TURNS[turn]}
        other = await _attempt(records, tape, chapters, props, eager)
        if other.fault is None or other.fault.place > prompter.fault.place:
            prompter = other
    return _report(records, tape, chapters, prompter)


async def _attempt(
    records: Sequence[Record],
    tape: Tape,
    chapters: list[Chapter],
    props: Props,
    eager: Mapping[int, int],
) -> Prompter:
    prompter = Prompter(tape, eager)
    skipped = _skip_past(records, prompter, chapters)
    for chapter in chapters[skipped:]:
        await Process(prompter, chapter, props).run()
        if prompter.fault is not None:
            break
    return prompter


def _report(
    records: Sequence[Record],
    tape: Tape,
    chapters: list[Chapter],
    prompter: Prompter,
) -> Rerun:
    place = prompter.fault.place if prompter.fault else len(tape)
    return Rerun(
        session=records[0].session,
        events=len(records),
        compared=min(place, prompter.position),
        divergence=prompter.fault,
        seq=tape.records[min(place, len(tape) - 1)].seq,
        step=_step_at(tape, place),
        notes=(*_notes(tape, chapters), *_newer(prompter)),
    )


def _skip_past(records: Sequence[Record], prompter: Prompter, chapters: list[Chapter]) -> int:
    """A fork's beginning was another session's doing; it is taken as it is."""
    opening = prompter.tape.opening
    if opening is None or opening.parent is None:
        return 0
    for number, chapter in reversed(list(enumerate(chapters))):
        event = prompter.tape.event(chapter.start)
        if isinstance(event, SessionResumed) and event.fork:
            first = prompter.tape.records[chapter.start].seq
            prompter.skip([record for record in records if record.seq < first], chapter.start)
            return number
    return 0


def _step_at(tape: Tape, place: int) -> int:
    steps = [getattr(record.event, "step", 0) for record in tape.records[: place + 1]]
    return max(steps, default=0)


def _newer(prompter: Prompter) -> list[str]:
    names = ", ".join(sorted(prompter.newer))
    return [f"The log is older than what it could not be compared in: {names}."] if names else []


def _notes(tape: Tape, chapters: list[Chapter]) -> list[str]:
    notes: list[str] = []
    opening = tape.opening
    if opening is not None and opening.parent is not None:
        notes.append(f"It begins as a fork of {opening.parent.session}: that part was not run.")
    elif opening is not None and opening.instructions != instructions(
        opening.workspace, opening.level, opening.check
    ):
        notes.append("Its instructions are worded otherwise today; it was run with its own.")
    if opening is not None and opening.model.startswith(IMPORTED_MODEL):
        notes.append("It came from a file without verdicts: those of today stand against nothing.")
    if not any(isinstance(record.event, SandboxChecked) for record in tape.records):
        notes.append("No sandbox was tried when it was recorded, so none was in this run.")
    if chapters and chapters[-1].cut:
        notes.append("The recording ends while it runs; it was compared as far as it goes.")
    return notes
