"""A tool call as text: the argument that tells it from others, and everything about it."""

from collections.abc import Iterator, Sequence

from loopdeck.app.paint.diff import DiffStyle, diff_counts, is_new_file
from loopdeck.app.paint.edits import edit_lines
from loopdeck.app.paint.facts import category_part, fact_parts
from loopdeck.app.paint.glyphs import BY_ITS_MAKER, DENIED, status_glyph
from loopdeck.app.paint.lines import (
    EMPTY,
    Ink,
    Line,
    Part,
    beside,
    cut_line,
    ink_of,
    prose,
    spread,
    verbatim,
    width_of,
)
from loopdeck.app.paint.output import PLAIN, Manner, Page, add_output, code_block
from loopdeck.app.paint.sides import styled_lines
from loopdeck.app.paint.tints import language_of
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.words import target
from loopdeck.figures import plural, span
from loopdeck.session.calls import CallStatus, CallView, telling, text_of
from loopdeck.session.standing import BY_MAKER
from loopdeck.session.values import JsonObject, Preview

_MORE = Part("x more", "muted")
_WORST: dict[Ink, int] = {"fail": 0, "waiting": 1}
"""Which facts matter most, by the ink they have."""


def headline(call: CallView, cells: int, over: str = "") -> Line:
    """Tool and target on the left, how it stands on the right."""
    glyph, variable, word = status_glyph(call.status)
    if over:
        glyph, variable, word = DENIED, "loop-muted", over
    left = (
        Part(sanitize(call.tool, lines=False), "strong"),
        Part("  "),
        Part(target(call.args)),
    )
    state = span(call.duration_ms) if call.status is CallStatus.DONE else word
    if call.facts.get(BY_MAKER) and call.status is CallStatus.DONE:
        state = BY_ITS_MAKER
    return spread(left, (Part(f"{glyph} {state}", ink_of(variable)),), cells)


def why(call: CallView) -> list[str]:
    """Why it was decided so: the rule, then every reason, each once."""
    texts = [call.rule, *(reason.text for reason in call.reasons)]
    return [sanitize(text, lines=False) for text in dict.fromkeys(texts) if text]


def call_lines(call: CallView, cells: int, *, over: str = "", manner: Manner = PLAIN) -> Page:
    """Everything known about a call; `over` is how it ended where the run left it open."""
    page = Page([headline(call, cells, over)])
    page += _verdict(call, cells)
    page += _answer(call, cells)
    for part in (_arguments(call, cells, manner), _effect(call, cells, manner.style)):
        lines = list(part)
        page += [*_gap(page, lines), *lines]
    _output(page, call, cells, manner)
    return page


def _gap(page: Page, lines: Sequence[Line]) -> Sequence[Line]:
    """A free line before what follows, but not below the two lines that every call begins with."""
    return (EMPTY,) if lines and len(page) > 2 else ()


def preview_lines(preview: Preview, cells: int, style: DiffStyle = "unified") -> list[Line]:
    """What would happen, whole: a diff with numbers, a command or text as it is."""
    text = sanitize(preview.text)
    if preview.kind == "diff":
        return styled_lines(text, cells, style)
    ink: Ink = "strong" if preview.kind == "command" else "plain"
    return verbatim(text.rstrip("\n"), cells, ink)


def diff_summary(text: str) -> str:
    """`new file · 31 lines` or `+3 −1`."""
    added, removed = diff_counts(text)
    if is_new_file(text):
        return f"new file · {plural(added, 'line')}"
    return f"+{added} −{removed}"


def _verdict(call: CallView, cells: int) -> Iterator[Line]:
    """One line: how bad it can get, its worst part, and the rule; `x` has all of it."""
    if call.verdict is None:
        return
    facts, reasons = fact_parts(call), why(call)
    worst = min(facts, key=lambda part: _WORST.get(part.ink, len(_WORST)), default=None)
    place: Line = (Part(" · ", "muted"), worst) if worst else ()
    rule: Line = (Part(f" · {call.verdict.value}: {reasons[0]}", "muted"),) if reasons else ()
    line: Line = (category_part(call.category), *place, *rule)
    answer = _answered(call)
    more = len(facts) > 1 or len(reasons) > 1 or width_of((*line, *answer)) + 2 > cells
    if width_of(answer) * 2 <= cells:
        yield spread(line, answer or ((_MORE,) if more else ()), cells)
    else:
        yield from (cut_line(line, cells), answer)


def fitted(line: Line, cells: int) -> Iterator[Line]:
    """A line of groups with dots between them, on as many lines as they need."""
    row: list[Part] = []
    for part in line:
        is_dot = part.text == " · "
        if width_of(row) + width_of((part,)) > cells and not is_dot:
            yield tuple(row[:-1])
            row = []
        row.append(part)
    yield tuple(row)


def _answered(call: CallView) -> Line:
    if not call.answer:
        return ()
    who = {"human": "you", "rule": "a rule", "limit": "a limit"}.get(call.answered_by, "")
    after = ""
    if call.asked and call.answered:
        after = f" after {span(call.waited_ns / 1e6)}"
    ink: Ink = "ok" if call.answer == "approved" else "fail"
    return (Part(f"{call.answer} by {who}{after}", ink),)


def _answer(call: CallView, cells: int) -> Iterator[Line]:
    """What came with the answer; who gave it stands beside the verdict."""
    if call.answer and call.verdict is None:
        yield _answered(call)
    if call.answer_reason:
        yield from prose(f"“{sanitize(call.answer_reason)}”", cells, "plain", 2)
    if call.grant_id:
        yield (Part("by a standing permission", "muted"),)
    if call.original_args is not None:
        yield from _edited(call, call.original_args, cells)


def _edited(call: CallView, was: JsonObject, cells: int) -> Iterator[Line]:
    """What its human changed in what the agent had asked for."""
    yield (Part("edited before the approval", "waiting"),)
    for line in edit_lines(was, call.args, cells - 2):
        yield (Part("  "), *line)


def _arguments(call: CallView, cells: int, manner: Manner) -> Iterator[Line]:
    shown = {name: text_of(value) for name, value in call.args.items()}
    name = telling(call.args)
    told = text_of(call.args[name]) if name is not None else ""
    hidden = bool(call.diff) or (call.preview is not None and call.preview.kind == "diff")
    rest = {
        name: text
        for name, text in shown.items()
        if (text != told or "\n" in text or len(text) > cells - 24)
        and not (hidden and name in ("content", "old", "new"))
    }
    if not rest:
        return
    size = min(16, max(len(name) for name in rest) + 2)
    for name, text in rest.items():
        language = _language(call, name, text)
        body = (
            code_block(sanitize(text), language, cells - size, manner.tint)
            if language
            else verbatim(sanitize(text), cells - size)
        )
        yield from beside(sanitize(name, lines=False), body, size)


def _language(call: CallView, name: str, text: str) -> str:
    """What an argument is written in; empty for words."""
    match name:
        case "command":
            return language_of("a.sh", text)
        case "content" | "old" | "new":
            return language_of(str(call.args.get("path", "")), text)
        case _:
            return ""


def _effect(call: CallView, cells: int, style: DiffStyle) -> Iterator[Line]:
    if call.diff:
        yield (Part(diff_summary(call.diff), "muted"),)
        yield from styled_lines(sanitize(call.diff), cells, style)
    elif call.preview is not None and call.preview.kind == "diff" and not call.output:
        yield (Part(f"would be: {diff_summary(call.preview.text)}", "muted"),)
        yield from preview_lines(call.preview, cells, style)


def _output(page: Page, call: CallView, cells: int, manner: Manner) -> None:
    text = call.output or call.live_output
    if call.blocked:
        page += [EMPTY, (Part("⊘ the sandbox kept it from this", "waiting"),)]
        page += verbatim(sanitize(call.blocked), cells, "waiting", 2)
    if call.exit_code:
        ended: Line = (Part(f"exit code {call.exit_code}", "fail"),)
        page += [*_gap(page, [ended]), ended]
    elif text:
        page += _gap(page, [EMPTY])
    if text:
        add_output(page, call, text, cells, manner)
    page += _kept_elsewhere(call, cells)


def _kept_elsewhere(call: CallView, cells: int) -> Iterator[Line]:
    if call.withheld:
        yield EMPTY
        words = "went to the agent and are not in the log, as you wished"
        yield from prose(f"{plural(call.withheld, 'character')} {words}", cells, "waiting")
    if call.full_output:
        yield EMPTY
        yield from prose("v shows all of it, page by page; it is in", cells, "muted")
        yield from verbatim(sanitize(call.full_output, lines=False), cells, "muted")
