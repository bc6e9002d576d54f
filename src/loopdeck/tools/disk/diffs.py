"""Unified diffs that stay quick on large files and never leave out what would be written."""

from collections.abc import Iterator
from difflib import SequenceMatcher

MAX_OLD = 1_000_000  # characters of old text that are shown
_MAX_MATCHED = 4_000  # lines on either side that are still matched with each other
_CONTEXT = 3

Op = tuple[str, int, int, int, int]


def unified(old: str | None, new: str | None, name: str, *, old_note: str = "") -> str:
    """The change of `name` from `old` to `new`; None is a file that does not exist.

    `old_note` stands for old content that cannot be shown.
    """
    if old == new and not old_note:
        return ""
    before = [] if old is None or old_note else _lines(old)
    after = [] if new is None else _lines(new)
    head = [
        "--- /dev/null" if old is None and not old_note else f"--- a/{name}",
        "+++ /dev/null" if new is None else f"+++ b/{name}",
    ]
    note = [f"-[{old_note}]"] if old_note else []
    return "\n".join([*head, *note, *_hunks(before, after)]) + "\n"


def _lines(text: str) -> list[str]:
    """Lines at `\\n` only, each with its end, so that no other control character hides in one."""
    pieces = text.split("\n")
    lines = [f"{piece}\n" for piece in pieces[:-1]]
    return [*lines, pieces[-1]] if pieces[-1] else lines


def _hunks(old: list[str], new: list[str]) -> Iterator[str]:
    for group in _groups(_opcodes(old, new)):
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@"
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from _marked(" ", old[i1:i2])
            else:
                yield from _marked("-", old[i1:i2])
                yield from _marked("+", new[j1:j2])


def _marked(mark: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        if line.endswith("\n"):
            yield mark + line[:-1]
        else:
            yield mark + line
            yield "\\ No newline at end of file"


def _range(start: int, stop: int) -> str:
    count = stop - start
    begin = start + 1 if count else start
    return f"{begin}" if count == 1 else f"{begin},{count}"


def _opcodes(old: list[str], new: list[str]) -> list[Op]:
    """What changed. The common head and tail are cut off first; they are most of a large file."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    i2, j2 = len(old) - tail, len(new) - tail
    ops: list[Op] = [("equal", 0, head, 0, head)] if head else []
    if max(i2, j2) - head > _MAX_MATCHED:
        ops.append(("replace", head, i2, head, j2))
    else:
        matcher = SequenceMatcher(None, old[head:i2], new[head:j2])
        ops += [
            (tag, a + head, b + head, c + head, d + head)
            for tag, a, b, c, d in matcher.get_opcodes()
        ]
    if tail:
        ops.append(("equal", i2, len(old), j2, len(new)))
    return ops


def _groups(ops: list[Op]) -> Iterator[list[Op]]:
    """Changes with three lines around them; what is far apart becomes hunks of its own."""
    group: list[Op] = []
    for index, (tag, i1, i2, j1, j2) in enumerate(ops):
        if tag != "equal":
            group.append((tag, i1, i2, j1, j2))
            continue
        size = i2 - i1
        if group and (index == len(ops) - 1 or size > 2 * _CONTEXT):
            keep = min(_CONTEXT, size)
            group.append((tag, i1, i1 + keep, j1, j1 + keep))
            yield group
            group = []
        elif group:
            group.append((tag, i1, i2, j1, j2))
        if not group and index < len(ops) - 1:
            keep = min(_CONTEXT, size)
            group = [(tag, i2 - keep, i2, j2 - keep, j2)]
    if any(op[0] != "equal" for op in group):
        yield group
