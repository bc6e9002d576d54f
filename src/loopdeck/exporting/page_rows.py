"""The rows of the page: each step, call and turning point, with all that is known of it and when.

A row is plain JSON. `s` is the event it begins with, `k` its kind, `n` its step, `t` its words,
`m` its states as [event, state], `d` its details as [event, title, text, style], in order. A detail
of style `live` counts only until the next one that is not.
"""

from collections.abc import Iterable
from typing import Any

from loopdeck.exporting import words
from loopdeck.exporting.fences import as_json
from loopdeck.exporting.story import BETWEEN
from loopdeck.figures import span
from loopdeck.session.calls import CallEvent, CallView, advance_call, telling
from loopdeck.session.events import (
    BookmarkAdded,
    CallAnswered,
    CallAsked,
    CallFinished,
    CallJudged,
    CallOutput,
    CallProposed,
    CallStarted,
    CallUnknown,
    Event,
    ModelChunk,
    ModelFailed,
    ModelReplied,
    ModelRequested,
    PlanRevised,
    SessionStarted,
)
from loopdeck.session.records import Record
from loopdeck.session.values import TextBlock, ThinkingBlock
from loopdeck.visible import expose

MOST_CHARS = 20_000  # of one detail; the end of a long text is kept too
_TITLE = 300

Row = dict[str, Any]


def rows_of(records: Iterable[Record]) -> list[Row]:
    """Every row, in the order they began."""
    builder = _Builder()
    for record in records:
        builder.take(record)
    return builder.rows


def shown(text: str, most: int = MOST_CHARS) -> str:
    """Outside text as the page has it: visible, and not without end."""
    if len(text) > most:
        half = most // 2
        missing = len(text) - 2 * half
        text = f"{text[:half]}\n[… {missing:,} characters left out …]\n{text[-half:]}"
    return expose(text)


def line(text: str) -> str:
    """Outside text on one line."""
    return " ".join(shown(text, _TITLE).split())


class _Builder:
    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._step: Row | None = None
        self._number = 0
        self._views: dict[str, CallView] = {}
        self._calls: dict[str, Row] = {}
        self._asked: dict[str, int] = {}

    def take(self, record: Record) -> None:
        event = record.event
        match event:
            case SessionStarted():
                row = self._row(record, "goal", event.goal)
                _detail(row, record, "Goal", event.goal, "prose")
                _detail(row, record, "Forked from", words.forked(event), "note")
                _detail(row, record, "Instructions", event.instructions, "text")
            case ModelRequested() | ModelChunk() | ModelReplied() | ModelFailed():
                self._model(record, event)
            case _ if isinstance(event, CallEvent):
                self._call(record, event)
            case _ if isinstance(event, BETWEEN):
                self._between(record, event)
            case PlanRevised() | BookmarkAdded():
                pass  # the plan has a pane of its own
            case _:
                self._row(record, "other", _type(event))

    def _row(self, record: Record, kind: str, text: str) -> Row:
        row: Row = {"s": record.seq, "k": kind, "n": self._number, "t": line(text)}
        row |= {"m": [], "d": []}
        self.rows.append(row)
        return row

    def _model(
        self, record: Record, event: ModelRequested | ModelChunk | ModelReplied | ModelFailed
    ) -> None:
        row = self._step
        number = self._number if isinstance(event, ModelChunk) else event.step
        if row is None or number != self._number:
            self._number = number
            row = self._step = self._row(record, "step", "")
        match event:
            case ModelRequested():
                row["m"].append([record.seq, "thinking"])
                if event.attempt > 1:
                    _detail(row, record, f"Attempt {event.attempt}", event.model, "text")
            case ModelChunk():
                _detail(row, record, event.kind, event.text, "live")
            case ModelFailed():
                row["m"].append([record.seq, "failed"])
                _detail(row, record, "The model failed", f"{event.error}\n{event.hint}", "text")
            case ModelReplied():
                self._reply(row, record, event)

    def _reply(self, row: Row, record: Record, event: ModelReplied) -> None:
        row["m"].append([record.seq, "replied"])
        said: list[str] = []
        for block in event.blocks:
            if isinstance(block, ThinkingBlock):
                _detail(row, record, "Thought", block.text, "thought")
            elif isinstance(block, TextBlock):
                said.append(block.text)
        text = "\n\n".join(said)
        row["t"] = line(text) or "(no words)"
        _detail(row, record, "Said", text, "prose")
        usage = event.usage
        tokens = f"{usage.total - usage.output:,} tokens in, {usage.output:,} out"
        _detail(row, record, "Reply", f"{tokens}; stopped: {event.stop}", "note")

    def _call(self, record: Record, event: CallEvent) -> None:
        view = advance_call(self._views.get(event.call_id), record, event)
        if view is None:
            return
        self._views[event.call_id] = view
        if isinstance(event, CallProposed):
            row = self._calls[event.call_id] = self._row(record, "call", "")
            row["n"], row["tool"] = event.step, line(event.tool)
            row["t"] = line(words.target(event.args))
            _arguments(row, record, "Arguments", event.args)
        row = self._calls[event.call_id]
        if not row["m"] or row["m"][-1][1] != view.status.value:
            row["m"].append([record.seq, view.status.value])
        _about(row, record, event, self._waited(record, event))

    def _waited(self, record: Record, event: CallEvent) -> str:
        """How long the answer took, in words."""
        if isinstance(event, CallAsked):
            self._asked[event.call_id] = record.ts
        if isinstance(event, CallAnswered) and event.call_id in self._asked:
            return f" after {span(max(0, record.ts - self._asked[event.call_id]) / 1e6)}"
        return ""

    def _between(self, record: Record, event: BETWEEN) -> None:
        text = words.speech(event)
        row = self._row(record, event.type, words.moment(event))
        row["x"] = line(text)
        _detail(row, record, words.moment(event).capitalize(), text, "text")


def _about(row: Row, record: Record, event: CallEvent, waited: str) -> None:
    """The details that an event of a call brings."""
    match event:
        case CallJudged() | CallAsked() | CallAnswered():
            _decision(row, record, event, waited)
        case CallOutput():
            _detail(row, record, event.stream, event.text, "live")
        case CallFinished():
            _finished(row, record, event)
        case CallUnknown():
            _detail(row, record, "Nobody knows how it ended", event.reason, "text")
        case CallProposed() | CallStarted():
            pass


def _decision(
    row: Row, record: Record, event: CallJudged | CallAsked | CallAnswered, waited: str
) -> None:
    match event:
        case CallJudged():
            why = "".join(f"\n{reason.text}" for reason in event.reasons)
            verdict = f"{event.verdict.value} · {event.category.value} · {event.rule}{why}"
            _detail(row, record, "Judged", verdict, "note")
        case CallAsked():
            _asked(row, record, event)
        case CallAnswered():
            reason = f"\n{event.reason}" if event.reason else ""
            _detail(row, record, "Decided", f"{words.answered(event)}{waited}{reason}", "note")
            if event.args is not None:
                _arguments(row, record, "With these arguments instead", event.args)


def _asked(row: Row, record: Record, event: CallAsked) -> None:
    _detail(row, record, "Asked again", event.again, "note")
    if event.preview is not None:
        style = "diff" if event.preview.kind == "diff" else "code"
        title = f"Asked: {event.preview.title}".removesuffix(": ")
        _detail(row, record, title, event.preview.text, style)
        _detail(row, record, "Note", event.preview.note, "note")


def _finished(row: Row, record: Record, event: CallFinished) -> None:
    code = "" if event.exit_code is None else f", exit code {event.exit_code}"
    took = f" in {span(event.duration_ms)}" if event.duration_ms else ""
    _detail(row, record, "Ended", f"{'ok' if event.ok else 'failed'}{code}{took}", "note")
    _detail(row, record, "The sandbox kept it from", event.blocked, "note")
    _detail(row, record, "Result", event.output, "code")
    _detail(row, record, "Changed", event.diff, "diff")


def _arguments(row: Row, record: Record, title: str, args: dict[str, Any]) -> None:
    told = telling(args)
    if told and len(args) == 1 and isinstance(args[told], str):
        _detail(row, record, f"{title}: {told}", args[told], "code")
        return
    # A text of several lines is read as such, and not as one line with signs for its breaks.
    texts = {name: text for name, text in args.items() if isinstance(text, str) and "\n" in text}
    rest = {name: value for name, value in args.items() if name not in texts}
    if rest:
        _detail(row, record, title, as_json(rest), "code")
    for name, text in texts.items():
        _detail(row, record, f"{title}: {name}", text, "code")


def _detail(row: Row, record: Record, title: str, text: str, style: str) -> None:
    if text.strip() or style == "live":
        row["d"].append([record.seq, line(title), shown(text), style])


def _type(event: Event) -> str:
    return event.type.replace("_", " ")
