"""A verdict in sentences: what the call is, what decided, what holds it, what would not ask."""

import json
from collections.abc import Iterator, Sequence

from loopdeck.app.paint.calls import target
from loopdeck.app.paint.facts import category_part, fact_parts
from loopdeck.app.paint.levels import LEVEL_MEANS, SANDBOXED
from loopdeck.app.paint.lines import EMPTY, Line, Part, prose, verbatim
from loopdeck.app.paint.marked import marked_lines, spans_of
from loopdeck.app.sanitize import sanitize
from loopdeck.session.calls import CallStatus, CallView
from loopdeck.session.state import LEVEL_NAMES, SessionState
from loopdeck.session.values import Category, Decision

FLOOR = "the hard floor"  # how the words of a verdict begin that no rule can change
_MEANS = {
    Category.READ: "it changes nothing",
    Category.WRITE: "it changes files, or runs code of the project",
    Category.NETWORK: "it talks to other machines",
    Category.DESTRUCTIVE: "it takes away what may not come back",
    Category.UNKNOWN: "Loopdeck does not understand all of it, so it is treated like destruction",
}
_DECIDED = {
    Decision.ALLOW: "It ran without asking",
    Decision.ASK: "It asks",
    Decision.DENY: "It was refused",
    Decision.PARK: "It was put aside for you",
}


def explain_lines(
    call: CallView,
    state: SessionState,
    cells: int,
    *,
    rules: Sequence[str] = (),
    carets: bool = False,
) -> list[Line]:
    """Everything behind a verdict; `rules` are standing permissions that would cover the call."""
    lines: list[Line] = [
        (Part(sanitize(call.tool, lines=False), "strong"), Part("  "), Part(target(call.args)))
    ]
    for heading, body in (
        ("What it is", _what(call, cells - 2, carets=carets)),
        ("What decided", _decided(call, state, cells - 2)),
        ("What holds it", _held(call, state, cells - 2)),
        ("What your yes means", _bound(call, cells - 2)),
        ("What would not ask", _milder(call, cells - 2, rules)),
    ):
        found = list(body)
        if found:
            lines += [EMPTY, (Part(heading, "strong"),)]
            lines += [(Part("  "), *line) for line in found]
    return lines


def _what(call: CallView, cells: int, *, carets: bool) -> Iterator[Line]:
    category = call.category or Category.UNKNOWN
    yield (category_part(category), Part(f": {_MEANS[category]}"))
    command = call.args.get("command")
    text = command if isinstance(command, str) else ""
    spans = spans_of(call, text) if text else []
    if spans:
        yield from marked_lines(text, spans, cells, "plain", carets=carets)
    for reason in call.reasons:
        words = sanitize(reason.text, lines=False)
        if reason.span and text:
            words = f"{sanitize(text[slice(*reason.span)], lines=False)}: {words}"
        yield from prose(f"· {words}", cells)
    for part in fact_parts(call):
        yield (Part("· ", "muted"), part)
    for name, value in call.facts.items():
        if isinstance(value, list) and value and name not in ("hosts", "env_set"):
            fact = f"{name.replace('_', ' ')}: {json.dumps(value, ensure_ascii=False, default=str)}"
            yield from verbatim(sanitize(fact, lines=False), cells, "muted", 2)


def _decided(call: CallView, state: SessionState, cells: int) -> Iterator[Line]:
    if call.verdict is None:
        yield from prose("Nothing has decided about it yet.", cells)
        return
    yield from prose(f"{_DECIDED[call.verdict]}: {sanitize(call.rule, lines=False)}.", cells)
    name = LEVEL_NAMES.get(call.level, "")
    means = LEVEL_MEANS.get(call.level, "")
    yield from prose(f"Level {call.level}, {name}: {means}.", cells, "muted")
    if call.rule.startswith(FLOOR):
        yield from prose("The hard floor holds at every level, whatever any rule allows.", cells)
    if call.grant_id:
        views = [view for view in state.grants if view.grant.grant_id == call.grant_id]
        match = views[0].grant.rule.match if views else call.grant_id
        yield from prose(f"The standing permission {sanitize(match, lines=False)} did.", cells)
    if state.taint:
        source = sanitize(state.taint, lines=False)
        text = (
            f"Outside content came in through {source} in step {state.taint_step}. Until you write"
            " to the agent, network and destructive calls ask at every level."
        )
        yield from prose(text, cells, "waiting")


def _held(call: CallView, state: SessionState, cells: int) -> Iterator[Line]:
    if call.facts.get("outside_sandbox"):
        yield from prose("It runs outside the sandbox: nothing holds it.", cells, "fail")
    elif call.facts.get("sandboxed"):
        backend = sanitize(state.sandbox or "", lines=False)
        text = f"The sandbox {backend}".rstrip()
        yield from prose(
            f"{text}: it reaches no network and changes nothing outside the workspace.", cells
        )
    elif call.tool != "shell":
        yield from prose("Loopdeck's own tool does this and no more; no shell runs.", cells)
    elif state.sandbox == "":
        says = f": {sanitize(state.sandbox_says, lines=False)}" if state.sandbox_says else ""
        yield from prose(f"Nothing: no sandbox works here{says}.", cells, "fail")
    else:
        yield from prose("Nothing but your answer: it runs with your own rights.", cells, "waiting")


def _bound(call: CallView, cells: int) -> Iterator[Line]:
    if not call.binding:
        return
    text = (
        f"Exactly this may run, once. Bound to {sanitize(call.binding, lines=False)[:16]}: the"
        " tool, its arguments, the folder, the program and the files it begins from. If any of"
        " them changes before it runs, you are asked again."
    )
    yield from prose(text, cells)


def _milder(call: CallView, cells: int, rules: Sequence[str]) -> Iterator[Line]:
    if call.status is not CallStatus.WAITING:
        return
    for rule in rules:
        yield from prose(f"· the standing permission {sanitize(rule, lines=False)}", cells)
    if not rules:
        yield from prose("· no standing permission can cover it", cells)
    careful = call.facts.get("outside_workspace") or call.facts.get("sensitive")
    if call.category is Category.WRITE and call.level < SANDBOXED and not careful:
        yield from prose(f"· level {SANDBOXED}, where the sandbox can hold it", cells)
