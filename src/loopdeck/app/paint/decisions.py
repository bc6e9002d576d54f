"""Rows of the loop that its human made: an answer to a call, a bookmark, a note."""

from loopdeck.app.paint.glyphs import DENIED
from loopdeck.app.paint.lines import Line, Part, cut_line
from loopdeck.app.paint.moments import GUTTER, Look, Moment, RowFact
from loopdeck.figures import span
from loopdeck.session.outline import Row
from loopdeck.session.timeline import step_at

_ROOMY = 64  # cells from which the tool is named again beside what it was about
_JOTS = {"bookmark": ("▼", "bookmark"), "note": ("▽", "note")}


def answer_seqs(row: Row) -> list[int]:
    """The records that the row of an answer is made from."""
    asked = row.of.last("call_asked", row.seq) if row.of else None
    proposed = [row.of.seq] if row.of else []
    return [row.seq, *proposed, *([asked.seq] if asked else [])]


def answer_line(row: Row, look: Look, cells: int) -> Line:
    """Who answered, how, and after how long, below the call: `you approved after 12 s`.

    Where that was in a later step, it says what it was about.
    """
    fact = look(row.seq)
    proposed = look(row.of.seq) if row.of else None
    by_human = fact is None or fact.name == "human"
    glyph = Part("❯ " if by_human else f"{DENIED} ", "accent" if by_human else "muted")
    words = Part(_answer_words(row, fact, proposed, look))
    if row.of is not None and row.of.step == row.step:
        return cut_line((Part(" " * GUTTER), glyph, words), cells)
    tool = f"{proposed.name} " if proposed and cells >= _ROOMY else ""
    about = f"  {tool}{proposed.text}" if proposed else ""
    return cut_line((Part(" " * (GUTTER - 2)), glyph, words, Part(about, "muted")), cells)


def jot_line(row: Row, moment: Moment, look: Look, cells: int) -> Line:
    """A bookmark or a note: its name, the step it is about, its words."""
    glyph, kind = _JOTS[row.kind]
    fact = look(row.seq)
    at = int(row.ref or row.seq)
    name = moment.names.get(row.seq, kind)
    return cut_line(
        (
            Part(f"{glyph:>{GUTTER - 2}}  ", "accent"),
            Part(name, "accent"),
            Part(f" at step {step_at(moment.steps, at)}  ", "muted"),
            Part(fact.text if fact else ""),
        ),
        cells,
    )


def waited_words(asked: RowFact | None, answered: RowFact | None) -> str:
    """` after 12 s`, where both ends are known."""
    if asked is None or answered is None or not asked.ts or answered.ts < asked.ts:
        return ""
    return f" after {span((answered.ts - asked.ts) / 1e6)}"


def _answer_words(row: Row, fact: RowFact | None, proposed: RowFact | None, look: Look) -> str:
    said = row.marks[0].ok
    if fact is None:
        return "approved" if said else "denied"
    reason = f": {fact.text}" if fact.text else ""
    if fact.name != "human":
        if fact.text.startswith("level "):
            return fact.text  # it says itself who decided
        who = "a limit" if fact.name == "limit" else "a rule"
        return f"{who} {'approved' if said else 'denied'} it{reason}"
    asked = row.of.last("call_asked", row.seq) if row.of else None
    after = waited_words(look(asked.seq) if asked else None, fact)
    if not said:
        return f"you denied{after}{reason}"
    if not fact.more:
        return f"you approved{after}{reason}"
    same = proposed is not None and fact.more == proposed.text
    return f"you approved{after}, edited{'' if same else f': {fact.more}'}"
