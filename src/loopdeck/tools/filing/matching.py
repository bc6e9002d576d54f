"""Replacing a text that must occur exactly once, and saying what is there where it does not."""

from difflib import get_close_matches

from loopdeck.errors import ToolError

_MAX_LINES = 5_000
_MAX_SHOWN = 160


def replace_once(text: str, old: str, new: str, name: str) -> str:
    """The text with `old` replaced. Raises `ToolError` unless it occurs exactly once."""
    if old == new:
        raise ToolError("old and new are the same; there is nothing to change.")
    first = text.find(old)
    if first < 0:
        raise ToolError(f"old does not occur in {name}. {_nearest(text, old)}".rstrip())
    if text.find(old, first + 1) >= 0:
        raise ToolError(_too_often(text, old, name))
    return text[:first] + new + text[first + len(old) :]


def _too_often(text: str, old: str, name: str) -> str:
    """Where the text occurs; occurrences that overlap count too, as each could be meant."""
    lines: list[int] = []
    at = text.find(old)
    count = 0
    while at >= 0 and count < 1_000:
        count += 1
        if len(lines) < 5:
            lines.append(text.count("\n", 0, at) + 1)
        at = text.find(old, at + 1)
    where = ", ".join(str(line) for line in lines) + (", …" if count > len(lines) else "")
    return (
        f"old occurs {count} times in {name} (lines {where}). "
        "Give more of the text around it, so that it occurs once."
    )


def _nearest(text: str, old: str) -> str:
    """A hint at what was probably meant."""
    if "\r\n" in text and "\r\n" not in old and old.replace("\n", "\r\n") in text:
        return "The file ends its lines with \\r\\n; write old and new that way."
    lines = text.split("\n")[:_MAX_LINES]
    wanted = [line.strip() for line in old.strip("\n").split("\n")]
    stripped = [line.strip() for line in lines]
    for at in range(len(stripped) - len(wanted) + 1):
        if stripped[at : at + len(wanted)] == wanted:
            return f"Line {at + 1} is the same but for spaces: {_shown(lines[at])}"
    key = next((line for line in wanted if line), "")[:_MAX_SHOWN]
    pool = {line[:_MAX_SHOWN]: number for number, line in reversed(list(enumerate(stripped, 1)))}
    close = get_close_matches(key, list(pool), n=1, cutoff=0.6)
    if not close:
        return "Read the file again; nothing in it looks like this."
    return f"Nearest is line {pool[close[0]]}: {_shown(lines[pool[close[0]] - 1])}"


def _shown(line: str) -> str:
    return repr(line if len(line) <= _MAX_SHOWN else line[:_MAX_SHOWN] + "…")
