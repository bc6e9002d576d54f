"""The ladder as lines: how far, how long, by which rule, and what that rule would have done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopdeck.app.paint.facts import category_part
from loopdeck.app.paint.lines import EMPTY, Line, Part, beside, cut_line, prose, verbatim
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.ladder import ENDS, MINUTES, SCOPES, Rungs
from loopdeck.app.view.words import target
from loopdeck.figures import plural

if TYPE_CHECKING:  # loaded with the ladder, not with the deck
    from loopdeck.permissions.learning.evidence import Evidence
    from loopdeck.session.recorded import RecordedCall

LABEL = 12  # cells of the words on the left
_SCOPES = {
    "once": "once",
    "session": "this session",
    "project": "this project",
    "user": "everywhere",
}


@dataclass(frozen=True, slots=True)
class Ladder:
    """Everything the ladder shows; `found` is `None` while the past is being looked through."""

    rungs: Rungs
    row: int
    rules: tuple[str, ...] = ()
    offered: Sequence[tuple[str, ...]] = ()
    found: "Evidence | None" = None
    trouble: str = ""
    reach: tuple[str, ...] = ()
    looking: bool = False


def ladder_lines(ladder: Ladder, cells: int) -> list[Line]:
    """The three rungs, then the evidence."""
    rungs = ladder.rungs
    how_far = [(_SCOPES[scope], scope == rungs.scope, True) for scope in SCOPES]
    how_long = [
        (_end_words(end, rungs), end == rungs.lasts and bool(rungs.ends), end in rungs.ends)
        for end in ENDS
    ]
    lines = [
        *_choices("how far", how_far, cells, here=ladder.row == 0),
        *_choices("how long", how_long, cells, here=ladder.row == 1),
        EMPTY,
        *_rule(ladder, cells),
        EMPTY,
    ]
    return [*lines, *_evidence(ladder, cells)]


def _choices(
    label: str, choices: Sequence[tuple[str, bool, bool]], cells: int, *, here: bool
) -> list[Line]:
    """Words side by side; the chosen one has a sign beside its ink, what cannot be is pale."""
    row: list[Part] = [_label(label, here=here)]
    lines: list[Line] = []
    width = LABEL
    for words, chosen, possible in choices:
        text = f"{'●' if chosen else '○' if possible else '·'} {words}   "
        if width + len(text) > cells and len(row) > 1:
            lines.append(tuple(row))
            row, width = [Part(" " * LABEL)], LABEL
        row.append(Part(text, "accent" if chosen else "plain" if possible else "muted"))
        width += len(text)
    return [*lines, tuple(row)]


def _label(label: str, *, here: bool) -> Part:
    return Part(f"{'▸' if here else ' '} {label:<{LABEL - 2}}", "strong" if here else "muted")


def _end_words(end: str, rungs: Rungs) -> str:
    match end:
        case "session":
            return "until the session ends"
        case "minutes":
            return f"{MINUTES} minutes"
        case "calls":
            return plural(rungs.calls, "call")
        case _:
            return "no end"


def _rule(ladder: Ladder, cells: int) -> list[Line]:
    here = ladder.row == 2
    if ladder.rungs.scope == "once":
        words = "no rule: this call alone"
        return [(_label("rule", here=here), Part(words, "muted"))]
    body = [
        line
        for text in (ladder.rules if any(ladder.rules) else ("none yet",))
        for line in verbatim(sanitize(text), cells - LABEL, "strong")
    ]
    lines: list[Line] = [
        (_label("rule", here=here) if at == 0 else Part(" " * LABEL), *line)
        for at, line in enumerate(body)
    ]
    if place := _place(ladder):
        lines += beside("", prose(place, cells - LABEL, "muted"), LABEL)
    return lines


def _place(ladder: Ladder) -> str:
    """Which of the offered rules it is."""
    if ladder.rules not in ladder.offered:
        return "your own words" if len(ladder.offered) > 1 else ""
    words = ["one permission, a rule for each part"] if len(ladder.rules) > 1 else []
    if len(ladder.offered) > 1:
        at = ladder.offered.index(ladder.rules) + 1
        words.append(f"{at} of {len(ladder.offered)} that would cover it")
    return " · ".join(words)


def _example(call: "RecordedCall", cells: int) -> Line:
    tool = sanitize(call.tool, lines=False)
    words = (Part(f"  {tool}  "), Part(target(call.args), "muted"))
    return cut_line((Part("  for example  ", "muted"), category_part(call.category), *words), cells)


def _evidence(ladder: Ladder, cells: int) -> list[Line]:
    if ladder.rungs.scope == "once":
        return prose("The next call of this kind asks again.", cells, "muted")
    if ladder.looking:
        return prose("looking through the recorded calls …", cells, "muted")
    lines: list[Line] = []
    if ladder.trouble:
        why = sanitize(ladder.trouble, lines=False)
        text = f"⊘ {why[:1].upper()}{why[1:]}"
        lines += prose(text, cells, "fail")
    for text in () if ladder.trouble else ladder.reach:
        lines += prose(f"! {text[:1].upper()}{text[1:]}.", cells, "waiting")
    found = ladder.found
    if found is None:
        return lines
    lines += prose(f"Among the recorded calls it would have matched {found.sentence}.", cells)
    if found.saved:
        words = f"You were asked about {found.saved} of them: {found.approved} approved,"
        waits = found.saved - found.approved - found.denied
        end = f", {waits} without an answer" if waits > 0 else ""
        lines += prose(f"{words} {found.denied} denied{end}.", cells, "muted")
    examples = dict.fromkeys(_example(call, cells) for call in found.examples)
    return [*lines, *examples]
