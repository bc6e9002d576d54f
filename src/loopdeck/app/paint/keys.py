"""A line of keys with the word each of them stands for."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from loopdeck.app.paint.account import ANSWERS
from loopdeck.app.paint.approval import Item
from loopdeck.app.paint.lines import Line, Part, cut_line, width_of
from loopdeck.app.view.guard import may_be_unstored
from loopdeck.session.calls import CallView
from loopdeck.session.confirming import needs_typing, word_to_type

CLOSE = 84  # cells below which keys stand closer together
Label = Callable[[str], str]
"""What to press for a key of the table, by its id."""

BoxKind = Literal["word", "reason", "answer"]
BOXES: tuple[BoxKind, ...] = ("word", "reason", "answer")


class KeyWord(NamedTuple):
    """A key, what it does, and whether it would do it now."""

    key: str
    word: str
    on: bool = True


def key_lines(keys: Sequence[KeyWord], cells: int) -> list[Line]:
    """Every key, on as many lines as that takes: what is not named cannot be found."""
    lines: list[Line] = []
    left = list(keys)
    while left:
        line, count = _fitting(left, cells)
        lines.append(cut_line(line, cells))
        del left[:count]
    return lines


def box_keys(kind: BoxKind, item: Item) -> list[KeyWord]:
    """The keys while something is typed: no other key does what it does elsewhere."""
    does = {"word": "approve", "reason": "deny", "answer": "send"}[kind]
    keys = [KeyWord("enter", does), KeyWord("escape", "back")]
    if kind != "word" or not isinstance(item, CallView):
        return keys
    return [KeyWord("type", word_to_type(item)), *keys]


def answer_keys(
    item: Item, label: Label, *, seen_all: bool, more: bool, style: str = ""
) -> list[KeyWord]:
    """The keys that answer a request, the most needed first; `style` is another form of a diff."""
    turn = f"{label('next_waiting')}/{label('previous_waiting')}"
    last = [KeyWord(turn, "next")] if more else []
    if isinstance(item, CallView):
        other = [KeyWord(label("diff_style"), style)] if style else []
        return [*_call_keys(item, label, last, seen_all=seen_all), *other]
    if item.kind == "limit":
        return [
            KeyWord(label("raise_limit"), "raise it"),
            KeyWord(label("finish_up"), "one closing turn"),
            KeyWord(label("stop_here"), "stop here"),
            *last,
        ]
    if item.kind == "unknown":
        names = [ANSWERS.get(option, (option,))[0] for option in item.options]
        return [*(KeyWord(str(at), name) for at, name in enumerate(names, start=1)), *last]
    choose = [KeyWord(f"1–{len(item.options)}", "choose")] if len(item.options) > 1 else []
    choose = choose or [KeyWord("1", "choose")] * bool(item.options)
    if item.form:
        named = (KeyWord(str(at), word) for at, word in enumerate(item.options, start=1))
        return [KeyWord(label("write"), "fill it in"), *named, *last]
    return [*choose, KeyWord(label("write"), "write an answer"), *last]


def _call_keys(
    call: CallView, label: Label, last: list[KeyWord], *, seen_all: bool
) -> list[KeyWord]:
    yes = "approve, typed" if needs_typing(call) else "approve"
    unstored = [KeyWord(label("approve_unstored"), "do not store", seen_all)]
    return [
        KeyWord(label("approve"), yes, seen_all),
        KeyWord(label("deny"), "deny"),
        KeyWord(label("deny_why"), "say why"),
        *(unstored if may_be_unstored(call) else ()),
        *last,
        KeyWord(label("edit"), "edit", seen_all),
        *(() if needs_typing(call) else (KeyWord(label("approve_scope"), "scope", seen_all),)),
        KeyWord(label("explain"), "explain"),
        KeyWord(label("full_view"), "whole"),
    ]


def _fitting(keys: Sequence[KeyWord], cells: int) -> tuple[Line, int]:
    """As many keys as a line has room for, one at least, and how many these are."""
    parts: list[Part] = []
    for count, (key, word, on) in enumerate(keys):
        gap = "  " if parts and cells < CLOSE else "   " if parts else ""
        found = (
            Part(f"{gap}{key}", "accent" if on else "muted"),
            Part(f" {word}", "plain" if on else "muted"),
        )
        if parts and width_of(parts) + width_of(found) > cells:
            return tuple(parts), count
        parts += found
    return tuple(parts), len(keys)
