"""One row of the loop as one line: a step, a call, a message or a turning point."""

from collections.abc import Sequence
from typing import assert_never

from loopdeck.app.paint.decisions import answer_line, answer_seqs, jot_line, waited_words
from loopdeck.app.paint.glyphs import BY_ITS_MAKER, DENIED, status_glyph
from loopdeck.app.paint.lines import Ink, Line, Part, cut, ink_of, spread, wrap
from loopdeck.app.paint.moments import GUTTER, Look, Moment, RowFact
from loopdeck.app.sanitize import sanitize
from loopdeck.figures import span
from loopdeck.session.calls import CallStatus, CallView
from loopdeck.session.levels import LEVEL_NAMES
from loopdeck.session.outline import Row, TurnKind
from loopdeck.session.standing import OF_SERVERS, SEARCH
from loopdeck.session.state import Draft
from loopdeck.session.telling import WITHDRAWN

DRAFT_LINES = 6
_PROGRESS = 28  # cells of what a server says of its progress
_ROOMY = 60  # cells from which there is room to say in words that a rule decided

_ALONE: dict[TurnKind, tuple[str, Ink, str]] = {  # kind of row -> glyph, ink, word
    "goal": ("◇", "accent", ""),
    "message": ("❯", "accent", "you"),
    "steer": ("❯", "accent", "you, at once"),
    "fault": ("✗", "fail", "model failed"),
    "resumed": ("▷", "muted", "resumed"),
    "loop": ("↻", "waiting", "going in circles?"),
    "compacted": ("≡", "muted", "context folded"),
    "granted": ("✚", "accent", "standing permission"),
    "revoked": ("⊘", "muted", "permission taken back"),
}
_PAUSES = {
    "human": "paused by you",
    "waiting": "waits for you",
    "signal": "stopped by a signal",
    "model": "the model cannot answer",
}
_ENDS: dict[str, tuple[str, Ink, str]] = {
    "done": ("■", "ok", "done"),
    "failed": ("✗", "fail", "failed"),
    "stopped": ("■", "muted", "stopped by you"),
    "limit": ("■", "waiting", "stopped by a limit"),
}
_SERVERS: dict[str, tuple[str, Ink, str]] = {  # how it stands, nothing while that is not read yet
    "": ("▣", "muted", "MCP server"),
    "lost": ("⊘", "fail", "MCP server failed"),
    "anew": ("▣", "waiting", "MCP server begun anew"),
    "back": ("▣", "ok", "MCP server back"),
}
_SERVICES: dict[str, tuple[str, Ink, str]] = {  # how it ended
    "": ("⚙", "muted", "service"),
    "over": ("⚙", "muted", "service"),
    "failed": ("✗", "fail", "service"),
}
_BESIDE = {"server": _SERVERS, "service": _SERVICES}


def open_end(status: CallStatus, *, ended: bool) -> str:
    """What became of a call that had not come to its end when the run did."""
    if status is CallStatus.RUNNING:
        return "cut off"
    waits = status in (CallStatus.PROPOSED, CallStatus.WAITING, CallStatus.APPROVED)
    return "not run" if ended and waits else ""


def progress_of(calls: Sequence[CallView]) -> dict[str, str]:
    """How far each running call of a server is, as its server said last."""
    running = [call for call in calls if call.status is CallStatus.RUNNING and call.live_output]
    return {
        call.call_id: cut(sanitize(call.live_output.splitlines()[-1], lines=False), _PROGRESS)
        for call in running
        if call.tool.startswith(OF_SERVERS)
    }


def row_seqs(row: Row, seq: int) -> list[int]:
    """The records whose facts the row needs at a playhead."""
    if row.kind == "answer":
        return answer_seqs(row)
    kinds = {mark.type: mark.seq for mark in row.upto(seq)}
    kinds.pop("call_asked", None)
    kinds.pop("call_started", None)
    kinds.pop("model_requested", None)
    return list(kinds.values())


def row_line(row: Row, moment: Moment, look: Look, cells: int) -> Line:
    """The row as it stood at a playhead."""
    match row.kind:
        case "step":
            return _step(row, moment, look, cells)
        case "call":
            return _call(row, moment, look, cells)
        case "answer":
            return answer_line(row, look, cells)
        case "bookmark" | "note":
            return jot_line(row, moment, look, cells)
        case "ask":
            return _ask(row, moment, look, cells)
        case "check":
            return _check(row, moment, look, cells)
        case _:
            return _turn(row, row.kind, look, cells)


def draft_lines(draft: Draft | None, cells: int) -> list[Line]:
    """The last lines of the reply that is streaming in."""
    if draft is None or not draft.text.strip():
        return []
    text = sanitize(draft.text[-cells * DRAFT_LINES * 2 :].strip())
    pieces = [
        piece for row in text.split("\n") if row.strip() for piece in wrap(row, cells - GUTTER)
    ]
    ink: Ink = "muted" if draft.kind == "thinking" else "plain"
    pad = Part(" " * GUTTER)
    last: list[Line] = [(pad, Part(piece, ink)) for piece in pieces[-DRAFT_LINES:]]
    last[-1] = (*last[-1], Part("▌", "accent"))
    return last


def _step(row: Row, moment: Moment, look: Look, cells: int) -> Line:
    number = Part(f"{row.step:>{GUTTER - 2}}  ", "accent")
    replied = row.last("model_replied", moment.seq)
    if replied is None:
        word = "thinking …" if moment.stopped(row) is None else "cut off before it answered"
        return (number, Part(word, "muted"))
    fact = look(replied.seq)
    text = fact.text if fact else ""
    return spread((number, Part(text or "(no words)", "plain" if text else "muted")), (), cells)


def _call(row: Row, moment: Moment, look: Look, cells: int) -> Line:
    status, stopped = row.status(moment.seq), moment.stopped(row)
    glyph, variable, word = status_glyph(status)
    over = open_end(status, ended=stopped) if stopped is not None else ""
    if over:
        glyph, variable, word = DENIED, "loop-muted", over
    proposed = look(row.seq)
    tool = proposed.name if proposed else ""
    answered = row.last("call_answered", moment.seq)
    edit = look(answered.seq) if answered else None
    about = (edit.more.strip() if edit else "") or (proposed.text if proposed else "")
    about = about or _why_unread(row, moment.seq, look)
    left = (
        Part(" " * GUTTER),
        Part(f"{glyph} ", ink_of(variable)),
        Part(f"{tool:<11} ", "strong"),
        Part(about, "muted"),
    )
    if status is CallStatus.RUNNING and not over:
        word = moment.says.get(row.ref or "", word)
    end = _call_end(row, moment.seq, look, word, ink_of(variable))
    if tool == SEARCH and status is CallStatus.DONE:
        end = Part(BY_ITS_MAKER, "muted")
    return spread(left, (*_by_rule(row, moment.seq, look, cells), end), cells)


def _why_unread(row: Row, seq: int, look: Look) -> str:
    """Why a call without arguments failed before anybody judged it; mostly it was malformed."""
    finished = row.last("call_finished", seq)
    if finished is None or row.last("call_judged", seq) is not None:
        return ""
    fact = look(finished.seq)
    return fact.text if fact else ""


def _by_rule(row: Row, seq: int, look: Look, cells: int) -> Line:
    """That a standing permission of the human answered for them."""
    judged = row.last("call_judged", seq)
    fact = look(judged.seq) if judged else None
    if fact is None or not fact.name:
        return ()
    return (Part("your rule  " if cells >= _ROOMY else "✚ ", "accent"),)


def _call_end(row: Row, seq: int, look: Look, word: str, ink: Ink) -> Part:
    status = row.status(seq)
    finished = row.last("call_finished", seq)
    if status is CallStatus.DONE and finished is not None:
        fact = look(finished.seq)
        return Part(span(fact.ms) if fact and fact.ms is not None else "", "muted")
    return Part(word.removesuffix(" for you"), ink)


def _ask(row: Row, moment: Moment, look: Look, cells: int) -> Line:
    closed = row.last("human_answered", moment.seq)
    if closed is None:
        open_: tuple[str, Ink, str] = ("◐", "waiting", "asks you")
        state = (DENIED, "muted", "not answered") if moment.stopped(row) else open_
        return _pair("asks", look(row.seq), state, cells)
    fact = look(closed.seq)
    text = fact.text if fact else ""
    if text == WITHDRAWN:
        return _pair("asked", look(row.seq), (DENIED, "muted", WITHDRAWN), cells)
    word = f"“{cut(text, 24)}”" if text else "answered"
    word += waited_words(look(row.seq), fact) if cells >= _ROOMY else ""
    return _pair("question", look(row.seq), ("✓", "muted", word), cells)


def _check(row: Row, moment: Moment, look: Look, cells: int) -> Line:
    closed = row.last("check_finished", moment.seq)
    if closed is None and moment.stopped(row) is not None:
        return _pair("check", look(row.seq), (DENIED, "muted", "cut off"), cells)
    return _pair("check", look(row.seq), _check_state(closed.ok if closed else None), cells)


def _pair(name: str, opened: RowFact | None, state: tuple[str, Ink, str], cells: int) -> Line:
    glyph, ink, word = state
    text = opened.text if opened else ""
    left = (Part(" " * GUTTER), Part(f"{glyph} ", ink), Part(f"{name:<11} ", "strong"), Part(text))
    return spread(left, (Part(word, ink),), cells)


def _check_state(ok: bool | None) -> tuple[str, Ink, str]:
    if ok is None:
        return "▶", "accent", "running"
    return ("✓", "ok", "passed") if ok else ("✗", "fail", "failed")


def _turn(row: Row, kind: TurnKind, look: Look, cells: int) -> Line:
    fact = look(row.seq)
    name, text = (fact.name, fact.text) if fact else ("", "")
    glyph, ink, word = _turn_words(kind, name)
    pad = Part(f"{glyph:>{GUTTER - 2}}  ", ink)
    bold: Ink = "strong" if kind == "goal" else "plain"
    if kind == "steer" and fact and not text:
        word = "you interrupted"
    words = (Part(f"{word}  ", ink),) if word else ()
    return spread((pad, *words, Part(text, bold)), (), cells)


def _turn_words(kind: TurnKind, name: str) -> tuple[str, Ink, str]:
    match kind:
        case "paused":
            return "‖", "waiting", _PAUSES.get(name, "paused")
        case "ended":
            return _ENDS.get(name, ("■", "muted", name))
        case "limit":
            return "▲", "waiting", name
        case "sandbox":
            return ("▣", "muted", "sandbox") if name else ("⊘", "fail", "no sandbox")
        case "server" | "service":
            return _BESIDE[kind][name]
        case "level" | "model":
            means = LEVEL_NAMES.get(int(name or 0), "") if kind == "level" else ""
            return "◈", "accent", f"{kind} {name} {means}".rstrip()
        case (
            "goal"
            | "message"
            | "steer"
            | "fault"
            | "resumed"
            | "loop"
            | "compacted"
            | "granted"
            | "revoked"
        ):
            return _ALONE[kind]
        case _:
            assert_never(kind)
