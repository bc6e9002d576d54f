"""A verdict in sentences: what the call is, what decided, what holds it, what would not ask."""

from collections.abc import Iterator, Sequence

from loopdeck.app.paint.facts import category_part, fact_parts, listed_facts
from loopdeck.app.paint.lines import EMPTY, Line, Part, prose
from loopdeck.app.paint.marked import Span, marked_lines, spans_of
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.words import target
from loopdeck.session.calls import CallStatus, CallView
from loopdeck.session.levels import LEVEL_MEANS, LEVEL_NAMES, SANDBOXED
from loopdeck.session.state import SessionState
from loopdeck.session.values import Category, Decision, Reason

_MEANS = {
    Category.READ: "it changes nothing",
    Category.WRITE: "it makes or changes files",
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
    lines: list[Line] = [_title(call)]
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


def _title(call: CallView) -> Line:
    """The tool and what it is about; a command stands below, with its marks."""
    tool = Part(sanitize(call.tool, lines=False), "strong")
    return (tool,) if _command(call)[1] else (tool, Part("  "), Part(target(call.args)))


def _command(call: CallView) -> tuple[str, list[Span]]:
    """The command, and the places that its reasons point at; nothing without such places."""
    command = call.args.get("command")
    text = command if isinstance(command, str) else ""
    return text, spans_of(call, text) if text else []


def _what(call: CallView, cells: int, *, carets: bool) -> Iterator[Line]:
    category = call.category or Category.UNKNOWN
    yield (category_part(category), Part(f": {_meaning(call, category)}"))
    text, spans = _command(call)
    if spans:
        yield from marked_lines(text, spans, cells, "plain", carets=carets)
    for reason in call.reasons:
        yield from prose(f"· {_pointed(reason, text)}", cells)
    for part in fact_parts(call):
        yield (Part("· ", "muted"), part)
    for words in listed_facts(call):
        yield from prose(f"· {words}", cells, "muted")


def _meaning(call: CallView, category: Category) -> str:
    if category is Category.WRITE and call.facts.get("runs_code"):
        return "it runs code of the project, which can change files"
    return _MEANS[category]


def _pointed(reason: Reason, command: str) -> str:
    """A reason, behind the words that it points at where it does not repeat them."""
    words = sanitize(reason.text, lines=False)
    if reason.span is None or not command:
        return words
    place = sanitize(command[slice(*reason.span)], lines=False)
    return words if f"`{place}`" in words else f"{place}: {words}"


def _decided(call: CallView, state: SessionState, cells: int) -> Iterator[Line]:
    if call.verdict is None:
        yield from prose("Nothing has decided about it yet.", cells)
        return
    yield from prose(f"{_DECIDED[call.verdict]}: {sanitize(call.rule, lines=False)}.", cells)
    name = LEVEL_NAMES.get(call.level, "")
    means = LEVEL_MEANS.get(call.level, "")
    yield from prose(f"Level {call.level}, {name}: {means}.", cells, "muted")
    if call.floor:
        yield from prose("The hard floor holds at every level, whatever any rule allows.", cells)
    if call.grant_id:
        views = [view for view in state.grants if view.grant.grant_id == call.grant_id]
        match = " and ".join(views[0].grant.matches) if views else call.grant_id
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
        reach = "reaches the network" if call.assessment.wants_network else "reaches no network"
        held = f"it {reach} and changes nothing here outside the workspace."
        yield from prose(f"The sandbox {backend}".rstrip() + f": {held}", cells)
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
        "Exactly this may run, once: this tool with these arguments, in this folder, and with the"
        " programs and files as they are now. If any of them changes before it runs, you are"
        " asked again."
    )
    yield from prose(text, cells)


def _milder(call: CallView, cells: int, rules: Sequence[str]) -> Iterator[Line]:
    if call.status is not CallStatus.WAITING:
        return
    for rule in rules:
        yield from prose(f"· a standing permission: {sanitize(rule, lines=False)}", cells)
    if not rules:
        yield from prose("· no standing permission can cover it", cells)
    careful = call.facts.get("outside_workspace") or call.facts.get("sensitive")
    if call.category is Category.WRITE and call.level < SANDBOXED and not careful:
        held = ", where the sandbox can hold it" if call.tool == "shell" else ""
        yield from prose(f"· level {SANDBOXED}{held}", cells)
