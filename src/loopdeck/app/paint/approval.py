"""What waits for the human, as lines: what, why, and the whole of what would happen."""

import json
import re
from dataclasses import dataclass

from loopdeck.app.paint.account import ANSWERS, account_lines
from loopdeck.app.paint.calls import (
    diff_summary,
    fitted,
    preview_lines,
    why,
)
from loopdeck.app.paint.diff import DiffStyle, diff_size
from loopdeck.app.paint.facts import can_be_undone, nature
from loopdeck.app.paint.forms import form_lines
from loopdeck.app.paint.lines import EMPTY, Line, Part, cut_line, prose, spread, verbatim, width_of
from loopdeck.app.paint.marked import marked_lines, spans_of
from loopdeck.app.paint.markup import markdown_lines
from loopdeck.app.paint.sides import why_no_sides
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.scene import Runner
from loopdeck.app.view.words import target
from loopdeck.figures import amount, plural, span
from loopdeck.session.calls import CallView
from loopdeck.session.levels import TOOLLESS
from loopdeck.session.likeness import MOVED
from loopdeck.session.standing import OF_SERVERS
from loopdeck.session.state import AskView
from loopdeck.session.values import Losses

Item = CallView | AskView

_TOKEN = re.compile("[\u2400-\u2426]|⟨U\\+")
_ASKS = {
    "question": "The agent asks",
    "limit": "A limit is reached",
    "loop": "The agent may be going in circles",
    "check": "The check keeps failing",
    "model": "The model cannot go on",
    "unknown": "Nobody knows how a call ended",
}
SAME = "it has exactly this content already: nothing would change"
KEPT = "git or the log has all of it"
_LENT = ("answer", "decline")  # by these it is known that a server wants the run's model


_OPTIONS = {  # kind and option -> what choosing it means
    ("loop", "continue"): "continue, it is fine",
    ("loop", "tell"): "tell it to try something else",
    ("loop", "stop"): "stop the run",
    ("check", "go on"): "go on, it may try again",
    ("check", "stop"): "stop the run",
    ("model", "try again"): "try again",
    ("model", "stop"): "stop the run",
    **{("unknown", option): meaning for option, (_, meaning) in ANSWERS.items()},
}


@dataclass(frozen=True, slots=True)
class Answered:
    """How something that waited at the playhead was answered later."""

    words: str
    after_ms: float


def key_of(item: Item) -> str:
    """Tells requests apart: a call that is asked about again is another request."""
    if isinstance(item, CallView):
        return f"{item.call_id} {item.binding} {item.asked}"
    return item.ask_id


def title(item: Item, place: int, total: int, tool: str = "") -> str:
    """The title of the drawer; `tool` is that of the call in which somebody asks."""
    word = "Approve?" if isinstance(item, CallView) else _ASKS.get(item.kind, "Your answer, please")
    if isinstance(item, AskView) and item.form:
        word = "A server asks you to fill in a form"
    elif isinstance(item, AskView) and item.kind == "question" and tool.startswith(OF_SERVERS):
        word = "A server asks the model" if item.options == _LENT else "A server asks"
    return f"{word} {place} of {total}" if total > 1 else word


def head_lines(item: Item, cells: int, *, level: int = 0) -> list[Line]:
    """What it is and why it asks; `level` is that of now, where it may be another."""
    if isinstance(item, AskView):
        return []
    name = (Part(sanitize(item.tool, lines=False), "strong"), Part("  "), Part(target(item.args)))
    kind = nature(item)
    fits = width_of(name) + width_of(kind) + 2 <= cells
    lines = [spread(name, kind, cells)] if fits else [cut_line(name, cells), *fitted(kind, cells)]
    if item.again:
        lines += prose(asked_again(item), cells, "waiting")
    reasons = why(item)
    if reasons:
        lines += prose("asks because " + "; ".join(reasons), cells, "muted")[:3]
    if level and level < item.level:
        lines += prose(_lower(level), cells, "waiting")
    if _has_hidden(item):
        text = "hidden characters are in it, shown as ␛ or ⟨U+…⟩"
        lines += prose(text, cells, "fail")
    return lines


def _lower(level: int) -> str:
    """What a yes is worth where the level was turned down while the call waited."""
    if level <= TOOLLESS:
        return f"the level is {level} now, and no tool runs there: deny it, or turn the level up"
    return f"the level is {level} now: a yes counts for what that lets run"


def payload_text(item: Item) -> str:
    """The text of what would happen, as it came."""
    if isinstance(item, AskView):
        return "\n".join((item.text, *(f"\n{one.name}\n{one.wants}" for one in item.form)))
    if item.preview is not None:
        return item.preview.text
    return "\n".join(_argument(name, value) for name, value in item.args.items())


def payload_lines(
    item: Item, cells: int, style: DiffStyle = "unified", *, carets: bool = False
) -> list[Line]:
    """All of what would happen, wrapped, nothing left out; `carets` where ink may not show."""
    if isinstance(item, AskView):
        return _ask_lines(item, cells)
    if item.preview is None:
        return verbatim(sanitize(payload_text(item)), cells)
    lines: list[Line] = []
    if item.preview.note:
        lines += prose(sanitize(item.preview.note), cells, "muted")
    if item.preview.kind == "command":
        text = item.preview.text.rstrip("\n")
        lines += marked_lines(text, spans_of(item, text), cells, carets=carets)
    elif item.preview.kind == "diff" and not item.preview.text:
        lines += prose(SAME, cells, "muted")
    else:
        lines += preview_lines(item.preview, cells, style)
    if item.preview.losses is not None:
        kept = can_be_undone(item)
        lines += [EMPTY, *losses_lines(item.preview.losses, cells, kept=kept)]
    return lines


def why_no_style(item: Item | None, cells: int) -> str:
    """Why there is no other way to show what would happen; empty if there is one."""
    preview = item.preview if isinstance(item, CallView) else None
    if preview is None or preview.kind != "diff":
        return "only a diff can be shown side by side"
    return why_no_sides(preview.text, cells)


def asked_again(call: CallView) -> str:
    """What has changed since it was asked before, said once that it is asked again."""
    return f"asked again: {sanitize(call.again.removeprefix(MOVED).strip(), lines=False)}"


def in_no_git(losses: Losses) -> str:
    """How many of the files no git keeps."""
    number = losses.untracked or 0
    if losses.count == 1:
        return "it is in no git"
    return f"{number:,} of them {'is' if number == 1 else 'are'} in no git"


def losses_lines(losses: Losses, cells: int, *, kept: bool = False) -> list[Line]:
    """What would be gone: how much, what no git could bring back, and some of it by name.

    Where all of it is `kept` somewhere, nothing is lost.
    """
    size = f"{plural(losses.count, 'file')}, {amount(losses.bytes)}"
    if kept:
        lines = [*prose(f"would be gone: {size}", cells), *prose(KEPT, cells, "muted")]
    else:
        lines = [*prose(f"would be lost: {size}", cells, "fail"), *_unkept(losses, cells)]
    for name in losses.first:
        lines += verbatim(sanitize(name, lines=False), cells, "plain", 2)
    if losses.count > len(losses.first):
        lines += prose(f"and {losses.count - len(losses.first):,} more", cells, "muted", 2)
    return lines


def _unkept(losses: Losses, cells: int) -> list[Line]:
    if losses.untracked is None:
        return prose("no git keeps any of it", cells, "fail")
    if losses.untracked:
        return prose(in_no_git(losses), cells, "fail")
    return prose("git keeps a version of each", cells, "muted")


def measure(item: Item, seen: float) -> str:
    """How much there is to read, and how much of it has been on the screen, once some has been."""
    if isinstance(item, AskView):
        return ""
    text = payload_text(item).rstrip("\n")
    if item.preview is not None and item.preview.kind == "diff":
        size = f"{diff_summary(text)}, {plural(diff_size(text), 'character')}"
    else:
        size = f"{plural(text.count(chr(10)) + 1, 'line')}, {plural(len(text), 'character')}"
    return f"{size}, {max(1, int(seen * 100))} % seen" if seen else size


def foot_line(item: Item, seen: float, note: str, hint: str, cells: int) -> Line:
    """Below the keys: what kept a key from working, what `y` waits for, how much was seen."""
    size = measure(item, seen)
    said: Line = (Part(sanitize(note, lines=False), "waiting"),) if note else ()
    if not note and hint and 0.0 < seen < 1.0:  # before the first paint nobody knows if it fits
        said = (Part(hint, "waiting"),)
    if not said or not size:
        return said or (Part(size, "muted"),)
    return next(
        (
            line
            for short in (size, size.rpartition(", ")[2])
            if width_of(line := (Part(f"{short} · ", "muted"), *said)) <= cells
        ),
        said,
    )


def past_line(item: Item, answered: Answered | None, *, now: bool, runner: Runner) -> Line:
    """Instead of the keys, where no key answers."""
    if answered is not None:
        return (
            Part(sanitize(answered.words, lines=False), "strong"),
            Part(f" after {span(answered.after_ms)}", "muted"),
        )
    if now and runner is Runner.RECORDING:
        return (Part("still waiting where the recording ends", "muted"),)
    if now:
        return (Part("still waiting, and nobody works on it: loopdeck resume goes on", "waiting"),)
    return (Part("not answered yet · ", "muted"), Part("end"), Part(" returns to now", "muted"))


def _ask_lines(ask: AskView, cells: int) -> list[Line]:
    lines = account_lines(ask.text, cells) if ask.kind == "unknown" else _said(ask, cells)
    lines += form_lines(ask.form, cells)
    if ask.options and ask.kind != "limit":
        lines.append(EMPTY)
        for number, option in enumerate(ask.options[:9], start=1):
            words = _OPTIONS.get((ask.kind, option), option)
            body = prose(sanitize(words, lines=False), cells - 4)
            lines += [
                (Part(f" {number}  " if at == 0 else "    ", "accent"), *line)
                for at, line in enumerate(body)
            ]
    return lines


def _said(ask: AskView, cells: int) -> list[Line]:
    return markdown_lines(sanitize(ask.text.strip()), cells)


def _has_hidden(call: CallView) -> bool:
    texts = [value for value in call.args.values() if isinstance(value, str)]
    raw = "".join((payload_text(call), call.tool, *texts))
    return len(_TOKEN.findall(sanitize(raw))) > len(_TOKEN.findall(raw))


def _argument(name: str, value: object) -> str:
    if isinstance(value, str):
        return f"{name}: {value}" if "\n" not in value else f"{name}:\n{value}"
    return f"{name}: {_short(value)}"


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
