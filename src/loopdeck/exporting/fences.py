"""Text from outside in Markdown: quoted, fenced or escaped so that it can only ever be text."""

import json
import re
from typing import Any

from loopdeck.visible import expose

MOST_LINES = 80
MOST_CHARS = 6_000
_FOLD_LINES = 12  # what is longer is folded away behind its summary

_MARKUP = re.compile(r"([\\`*_\[\]|~$])")
_NAMES = re.compile(r"([@#])(?=\w)")  # would call a person, or point at an issue
_LINE_START = re.compile(r"^(\s*)([-+=:]|\d+(?=[.)]))")
_TICKS = re.compile(r"`+")


def inline(text: str) -> str:
    """One line of outside text within a sentence."""
    line = " ".join(expose(text).split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _NAMES.sub(r"\1<!-- -->", _MARKUP.sub(r"\\\1", line))


def code(text: str) -> str:
    """One line of outside text as code within a sentence."""
    line = " ".join(expose(text).split())
    if not line:
        return ""
    ticks = "`" * (_longest(line) + 1)
    return f"{ticks} {line} {ticks}" if "`" in line else f"`{line}`"


def cell(text: str) -> str:
    """Code in a table, whose columns no letter of it may part."""
    return code(text).replace("|", "\\|")


def quote(text: str) -> str:
    """Outside prose, a line a line, as a quotation."""
    lines = [_quoted(line) for line in expose(text).strip("\n").split("\n")]
    followed = [
        bool(line) and bool(after) for line, after in zip(lines, [*lines[1:], ""], strict=True)
    ]
    ended = [f"{line}\\" if more else line for line, more in zip(lines, followed, strict=True)]
    return "\n".join(f"> {line}".rstrip() for line in ended)


def fence(text: str, language: str = "") -> str:
    """Outside text as a block of code; a fence inside it cannot close this one."""
    shown = clipped(expose(text).strip("\n"))
    ticks = "`" * max(3, _longest(shown) + 1)
    return f"{ticks}{language}\n{shown}\n{ticks}"


def folded(summary: str, text: str, language: str = "") -> str:
    """A block of code; a long one behind its summary, which must be words of our own."""
    block = fence(text, language)
    if block.count("\n") <= _FOLD_LINES:
        return f"{summary}:\n\n{block}"
    return f"<details><summary>{summary}</summary>\n\n{block}\n\n</details>"


def as_json(value: Any) -> str:
    """A JSON value for people to read."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def clipped(text: str) -> str:
    """The beginning and the end of a long text, and how much is missing between them."""
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        half = MOST_LINES // 2
        missing = len(lines) - 2 * half
        text = "\n".join([*lines[:half], f"[… {missing:,} lines left out …]", *lines[-half:]])
    if len(text) > MOST_CHARS:
        half = MOST_CHARS // 2
        missing = len(text) - 2 * half
        text = f"{text[:half]}\n[… {missing:,} characters left out …]\n{text[-half:]}"
    return text


def _quoted(line: str) -> str:
    text = inline(line)
    start = _LINE_START.match(text)
    if start:
        sign = start[2]
        rest = text[start.end() :]
        text = f"{sign}\\{rest}" if sign.isdigit() else f"\\{sign}{rest}"
    return text


def _longest(text: str) -> int:
    return max((len(ticks) for ticks in _TICKS.findall(text)), default=0)
