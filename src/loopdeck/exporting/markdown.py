"""A session as a Markdown document that a person would paste into a pull request."""

from collections.abc import Iterator, Sequence

from loopdeck.exporting import words
from loopdeck.exporting.fences import as_json, cell, code, folded, inline, quote
from loopdeck.exporting.story import Between, Call, Step, Story, story_of
from loopdeck.figures import money, plural, span
from loopdeck.session.calls import CallStatus, about, telling
from loopdeck.session.codec import format_ts
from loopdeck.session.events import CallFinished, CheckFinished, SessionEnded
from loopdeck.session.netdiff import net_diff
from loopdeck.session.records import Record
from loopdeck.session.spent import waited_ns

_BOXES = {"todo": "[ ]", "doing": "[ ] (in work)", "done": "[x]", "dropped": "[ ] (dropped)"}
_TITLE = 100
_QUIET = frozenset({"sandbox_checked", "check_started"})


def markdown(records: Sequence[Record], *, removed: int = 0, version: str = "") -> str:
    """The document. `removed` is how many secrets were taken out on the way."""
    story = story_of(records)
    parts = [
        *_head(story),
        *_outcome(story, waited_ns(records)),
        *_plan(story),
        *_changes(story, records),
        *_steps(story),
        *_errors(story),
        _foot(story, removed, version),
    ]
    return "\n\n".join(parts) + "\n"


def _head(story: Story) -> Iterator[str]:
    goal = story.state.goal
    first = goal.strip().split("\n")[0]
    title = inline(first if len(first) <= _TITLE else f"{first[: _TITLE - 1]}…")
    yield f"# {title or 'A session'}"
    if "\n" in goal.strip() or len(goal) > _TITLE:
        yield quote(goal)


def _outcome(story: Story, waited: int) -> Iterator[str]:
    state, totals = story.state, story.state.totals
    tokens, least = totals.usage, "≥ " if totals.cut else ""
    rows = [
        ("Outcome", inline(words.outcome(state))),
        ("Check", cell(state.check.command) if state.check else ""),
        ("Model", cell(state.model)),
        ("Level", words.level(state.level)),
        ("Workspace", cell(state.workspace)),
        ("Forked from", inline(words.forked(story.start))),
        ("Began", format_ts(state.started_ts)[:19].replace("T", " ") + " UTC"),
        ("Time at work", span(state.elapsed_ns / 1e6)),
        ("Waited for a person", span(waited / 1e6)),
        ("Steps", f"{len(story.steps):,} with {plural(totals.calls, 'call')}"),
        ("Errors", f"{totals.errors:,}"),
        ("Approvals", _approvals(story)),
        ("Tokens", f"{tokens.total - tokens.output:,} in, {least}{tokens.output:,} out"),
        ("Cost", money(totals.cost_usd, known=totals.cost_is_all)),
    ]
    table = [f"| {name} | {value} |" for name, value in rows if value]
    yield "\n".join(["| | |", "|---|---|", *table])
    if state.closing_text.strip():
        yield "## Outcome"
        yield quote(state.closing_text)


def _approvals(story: Story) -> str:
    totals = story.state.totals
    if not totals.asked:
        return "none needed"
    return f"{totals.asked:,} asked, {totals.approved:,} approved, {totals.denied:,} denied"


def _plan(story: Story) -> Iterator[str]:
    if story.state.plan:
        yield "## Plan"
        yield "\n".join(f"- {_BOXES[item.state]} {inline(item.text)}" for item in story.state.plan)


def _changes(story: Story, records: Sequence[Record]) -> Iterator[str]:
    """What became of each file, as one diff where it can be told as one."""
    diffs: dict[str, list[str]] = {}
    for record in records:
        if isinstance(record.event, CallFinished) and record.event.diff:
            diffs.setdefault(_file_of(record.event.diff), []).append(record.event.diff)
    if not diffs:
        return
    yield "## Changes"
    for name, changes in diffs.items():
        net = net_diff(changes)
        if net == "":
            yield f"{code(name)}: changed and changed back"
        elif net is None and len(changes) > 1:
            yield f"{code(name)}: {len(changes)} changes, with others between them"
            yield folded("Changes", "\n".join(changes), "diff")
        else:
            yield code(name)
            yield folded("Diff", net or changes[0], "diff")
    if any(call.view.started and call.view.tool == "shell" for call in story.calls):
        yield "Commands ran too; what they changed by themselves is in no diff."


def _file_of(diff: str) -> str:
    old, _, rest = diff.partition("\n")
    new = rest.partition("\n")[0]
    if new.startswith("+++ b/"):
        return new.removeprefix("+++ b/")
    return old.removeprefix("--- a/")


def _steps(story: Story) -> Iterator[str]:
    if story.parts:
        yield "## Steps"
    for part in story.parts:
        match part:
            case Step():
                yield from _step(part)
            case Between():
                yield from _between(part)


def _step(step: Step) -> Iterator[str]:
    notes = [span((step.replied.ts - step.record.ts) / 1e6) if step.replied else "no reply"]
    if step.attempts > 1:
        notes.append(f"{step.attempts} attempts")
    yield f"### Step {step.number} ({', '.join(notes)})"
    for fault in step.faults:
        yield f"The model failed: {inline(fault.error)}"
    if step.thought.strip():
        yield folded("Thought", step.thought)
    text = step.text or (step.draft if step.reply is None else "")
    if text.strip():
        yield quote(text)
    for call in step.calls:
        yield from _call(call)


def _call(call: Call) -> Iterator[str]:
    view = call.view
    aim = words.target(view.args)
    yield f"**{code(view.tool)}**" + (f" {code(aim[:200])}" if aim else "") + f" · {_fate(call)}"
    told = telling(view.args)
    more = {name: value for name, value in view.args.items() if name != told}
    plans = view.tool == "update_plan"  # the plan itself stands above
    changed = aim != about(view.args).strip()  # put on one line
    if (more and not plans) or len(aim) > 200 or changed:
        yield folded("Arguments", as_json(view.args), "json")
    yield from _decisions(call)
    output = view.output or call.streamed
    if output.strip():
        count = output.count("\n") + 1
        yield folded(f"Result, {plural(count, 'line')}", output)
    if view.withheld:
        yield f"{view.withheld:,} characters went to the model and were not stored."


def _fate(call: Call) -> str:
    rule = f", {inline(call.view.rule)}" if call.view.rule and not call.askings else ""
    return f"{words.fate(call)}{rule}"


def _decisions(call: Call) -> Iterator[str]:
    for asking in call.askings:
        lines = [f"- {inline(call.view.rule)}: {words.answer(asking)}"]
        if asking.event.again:
            lines.append(f"- asked again: {inline(asking.event.again)}")
        if asking.answer is not None and asking.answer.reason:
            lines.append(f"- reason: {inline(asking.answer.reason)}")
        yield "\n".join(lines)
        if asking.proposed is not None and asking.answer is not None:
            yield folded("Proposed", as_json(asking.proposed), "json")
            yield folded("Approved instead", as_json(asking.answer.args), "json")
    if call.answer is not None and not call.askings:
        reason = f": {inline(call.answer.reason)}" if call.answer.reason else ""
        yield f"- {words.answered(call.answer)}{reason}"


def _between(part: Between) -> Iterator[str]:
    event = part.event
    if event.type in _QUIET:
        return
    text = words.speech(event).strip()
    line = words.moment(event)
    yield f"*{line[:1].upper()}{line[1:]}*"
    if isinstance(event, CheckFinished) and text:
        yield folded("Output of the check", text)
    elif text and not isinstance(event, SessionEnded):  # its words stand at the top
        yield quote(text)


def _errors(story: Story) -> Iterator[str]:
    """Everything that went wrong, once more in one place."""
    lines = [
        f"- step {call.view.step}: {code(call.view.tool)} {words.fate(call)}"
        for call in story.calls
        if call.view.status in (CallStatus.FAILED, CallStatus.UNKNOWN)
    ]
    for step in story.steps:
        lines += [f"- step {step.number}: the model failed: {inline(f.error)}" for f in step.faults]
    if lines:
        yield "## Errors"
        yield "\n".join(lines)


def _foot(story: Story, removed: int, version: str) -> str:
    by = f"Loopdeck {version}".strip()
    secrets = f" {plural(removed, 'secret')} taken out." if removed else ""
    return f"---\n\n{_named(story.session)} exported by {by}.{secrets}"


def _named(session: str) -> str:
    """The id of a session in a sentence."""
    return f"Session {code(session)}" if session else "An empty session,"
