"""A step, a message or a turning point in full."""

from collections.abc import Iterator, Sequence

from loopdeck.app.paint.account import account_lines
from loopdeck.app.paint.grants import left_words
from loopdeck.app.paint.lines import EMPTY, Line, Part, beside, prose, spread, verbatim
from loopdeck.app.paint.markup import markdown_lines
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.words import CLEARED, scope_words
from loopdeck.figures import count, money, span
from loopdeck.session.attached import Attachment, attached_line
from loopdeck.session.events import (
    BookmarkAdded,
    CheckFinished,
    CheckStarted,
    ContextCompacted,
    Event,
    HumanAnswered,
    HumanCalled,
    HumanMessage,
    HumanSteered,
    LevelChanged,
    LimitHit,
    LimitWarned,
    LoopSuspected,
    ModelChanged,
    ModelFailed,
    ModelReplied,
    ModelRequested,
    NoteAdded,
    RuleGranted,
    RuleRevoked,
    SandboxChecked,
    ServerChecked,
    ServiceEnded,
    SessionEnded,
    SessionPaused,
    SessionResumed,
    SessionStarted,
)
from loopdeck.session.events.thinking import COMPACTED
from loopdeck.session.levels import LEVEL_NAMES
from loopdeck.session.outline import Row
from loopdeck.session.telling import WITHDRAWN, server_fate, service_fate, told


def event_lines(row: Row, events: Sequence[Event], cells: int) -> list[Line]:
    """Everything the events of a row say, in order."""
    lines: list[Line] = []
    for event in events:
        block = list(_event(event, cells))
        if block and lines:
            lines.append(EMPTY)
        lines += block
    return lines or prose(_AWAITED.get(row.kind, "Nothing more is known of this."), cells, "muted")


_AWAITED = {"step": "The model is thinking; its words will appear here."}


def _event(event: Event, cells: int) -> Iterator[Line]:
    match event:
        case ModelReplied():
            yield from _reply(event, cells)
        case ModelRequested(attempt=attempt) if attempt > 1:
            yield (Part(f"attempt {attempt}", "muted"),)
        case ModelFailed():
            yield from _failure(event, cells)
        case SessionStarted():
            yield from _start(event, cells)
        case SessionEnded():
            word = (
                f"{event.outcome}, {event.verified}" if event.outcome == "done" else event.outcome
            )
            yield (Part(word, "strong"),)
            yield EMPTY
            yield from markdown_lines(sanitize(event.text), cells)
        case CheckStarted() | CheckFinished() | ServiceEnded():
            yield from _beside(event, cells)
        case RuleGranted() | RuleRevoked() | SandboxChecked() | ServerChecked():
            yield from _standing(event, cells)
        case _:
            yield from _words(event, cells)


def _beside(event: CheckStarted | CheckFinished | ServiceEnded, cells: int) -> Iterator[Line]:
    """What runs beside the agent's calls."""
    if isinstance(event, ServiceEnded):
        yield from _service(event, cells)
    else:
        yield from _check(event, cells)


def _service(event: ServiceEnded, cells: int) -> Iterator[Line]:
    words = f"The service {event.service} {service_fate(event)}."
    yield from prose(sanitize(words, lines=False), cells, "strong")
    if event.output.strip():
        yield EMPTY
        for line in sanitize(event.output).splitlines():
            yield from verbatim(line, cells)


def _standing(
    event: RuleGranted | RuleRevoked | SandboxChecked | ServerChecked, cells: int
) -> Iterator[Line]:
    match event:
        case RuleGranted():
            words = f"You gave a standing permission: {scope_words(event.grant.rule.scope)}."
            yield from prose(words, cells, "strong")
            for match in event.grant.matches:
                yield from verbatim(sanitize(match), cells)
            end = left_words(event.grant, 0, 0) if event.grant.until is None else "for a time"
            yield from prose(end, cells, "muted")
        case RuleRevoked():
            yield from prose("You took a standing permission back.", cells, "strong")
        case SandboxChecked():
            word = f"The sandbox {event.backend} works." if event.passed else "No sandbox works."
            yield from prose(sanitize(word, lines=False), cells, "strong")
            yield from prose(sanitize(event.says), cells, "muted")
            if not event.passed:
                yield from prose("`loopdeck doctor` says what to do.", cells)
        case ServerChecked():
            words = f"The MCP server {event.server} {server_fate(event)}."
            yield from prose(sanitize(words, lines=False), cells, "strong")
            yield from prose(sanitize(event.says), cells, "muted" if event.passed else "fail")


def _reply(event: ModelReplied, cells: int) -> Iterator[Line]:
    usage = event.usage
    got = usage.input + usage.cache_read + usage.cache_write
    cost = money(event.cost_usd or 0.0, known=event.cost_usd is not None)
    numbers = f"in {count(got)}  out {count(usage.output)}  {cost}"
    stop = sanitize(event.stop.replace("_", " "), lines=False)
    yield spread((Part(f"step {event.step}", "strong"),), (Part(numbers, "muted"),), cells)
    for block in event.blocks:
        if block.kind == "thinking" and block.text.strip():
            yield EMPTY
            yield from prose(sanitize(block.text.strip()), cells, "muted")
        elif block.kind == "text" and block.text.strip():
            yield EMPTY
            yield from markdown_lines(sanitize(block.text.strip()), cells)
    if event.stop not in ("end_turn", "tool_use", COMPACTED):
        yield EMPTY
        yield from prose(f"stopped: {stop} {sanitize(event.note, lines=False)}", cells, "waiting")
    elif event.note:
        yield EMPTY
        yield from prose(sanitize(event.note, lines=False), cells, "waiting")


def _failure(event: ModelFailed, cells: int) -> Iterator[Line]:
    yield from prose(sanitize(event.error), cells, "fail")
    if event.hint:
        yield from prose(sanitize(event.hint), cells)
    if event.wait_s is not None:
        yield from prose(f"Another attempt after {span(event.wait_s * 1000)}.", cells, "muted")


def _start(event: SessionStarted, cells: int) -> Iterator[Line]:
    yield from prose(sanitize(event.goal), cells, "strong")
    yield EMPTY
    limits = event.limits
    facts = {
        "model": event.model,
        "level": f"{event.level} {LEVEL_NAMES.get(event.level, '')}",
        "workspace": event.workspace,
        "check": event.check or "none: nothing will verify the result",
        "steps": "" if limits.steps is None else f"at most {limits.steps}",
        "tokens": "" if limits.tokens is None else f"at most {limits.tokens:,}",
        "cost": "" if limits.cost_usd is None else f"at most {money(limits.cost_usd)}",
        "time": "" if limits.minutes is None else f"at most {limits.minutes:g} minutes",
    }
    for name, text in facts.items():
        if text:
            body = verbatim(sanitize(text, lines=False), cells - 11)
            for at, line in enumerate(body):
                yield (Part(f"{name if at == 0 else '':<11}", "muted"), *line)


def _check(event: CheckStarted | CheckFinished, cells: int) -> Iterator[Line]:
    if isinstance(event, CheckStarted):
        yield (Part(f"check, attempt {event.attempt}", "strong"),)
        yield from verbatim(sanitize(event.command), cells, "muted")
        return
    took = Part(f"  {span(event.duration_ms)}", "muted")
    yield (Part("passed", "ok") if event.ok else Part("failed", "fail"), took)
    if event.output:
        yield EMPTY
        yield from verbatim(sanitize(event.output).rstrip("\n"), cells)


def _words(event: Event, cells: int) -> Iterator[Line]:
    match event:
        case HumanMessage() | HumanSteered():
            bare = "you attached" if event.attached else "you interrupted"
            yield (Part("you wrote" if event.text else bare, "accent"),)
            yield from prose(sanitize(event.text), cells) if event.text else ()
            for one in event.attached or ():
                yield from _attached(one, cells)
        case HumanCalled():
            yield (Part("asks you", "waiting"),)
            unknown = event.kind == "unknown"
            told = account_lines if unknown else markdown_lines
            yield from told(event.text if unknown else sanitize(event.text), cells)
            for option in event.options:
                yield from prose(f"· {sanitize(option, lines=False)}", cells, "muted")
        case HumanAnswered(answer="withdrawn"):
            yield (Part(WITHDRAWN, "muted"),)
        case HumanAnswered():
            yield (Part("you answered", "accent"),)
            words = f"{event.answer}: {event.text}" if event.text else event.answer
            yield from prose(sanitize(words), cells)
        case NoteAdded() | BookmarkAdded():
            yield from _jot(event, cells)
        case _:
            yield from _turning_point(event, cells)


def _attached(one: Attachment, cells: int) -> Iterator[Line]:
    yield EMPTY
    yield from prose(sanitize(attached_line(one), lines=False), cells, "waiting")
    yield from verbatim(sanitize(one.text.rstrip("\n")), cells, "plain", 2)


def _jot(event: NoteAdded | BookmarkAdded, cells: int) -> Iterator[Line]:
    is_note = isinstance(event, NoteAdded)
    yield (Part(f"your {'note about' if is_note else 'bookmark at'} event #{event.at}", "accent"),)
    yield from prose(sanitize(event.text if is_note else event.label), cells)
    yield from prose("for people alone: the agent never sees it", cells, "muted")


def marked_lines(marks: Sequence[tuple[str, str]], cells: int) -> Iterator[Line]:
    """What its human marked a moment with, by the names of the marks: above what happened then."""
    for name, words in marks:
        yield from beside(name, prose(words, cells - len(name) - 1) or [EMPTY], len(name) + 1)
    if marks:
        yield EMPTY


def _turning_point(event: Event, cells: int) -> Iterator[Line]:
    match event:
        case LevelChanged():
            yield (Part(f"level {event.level} {LEVEL_NAMES.get(event.level, '')}", "strong"),)
            yield from prose(sanitize(f"by the {event.by}. {event.reason}"), cells, "muted")
        case ModelChanged():
            yield (Part(sanitize(f"model {event.model}", lines=False), "strong"),)
            yield from prose(sanitize(f"by the {event.by}. {event.reason}"), cells, "muted")
        case LimitWarned() | LimitHit():
            yield (Part(told(event), "waiting"),)
        case LoopSuspected():
            text = f"{event.tool} gave the same result {event.count} times running."
            yield from prose(sanitize(text), cells, "waiting")
        case SessionPaused():
            yield (Part(f"paused: {event.reason}", "waiting"),)
            yield from prose(sanitize(event.text), cells)
        case SessionResumed():
            yield (Part(told(event), "muted"),)
        case ContextCompacted():
            words = "the story so far, as the model is told it from here on"
            yield from prose(words if event.summary else CLEARED, cells, "muted")
            yield from markdown_lines(sanitize(event.summary), cells)
        case _:
            return
