"""The table of keys as lines: one column where it is narrow, more where there is room."""

from collections.abc import Mapping, Sequence

from loopdeck.app.keys.keymap import Key, Scope, groups
from loopdeck.app.paint.lines import EMPTY, Line, Part, columns, cut_line
from loopdeck.app.paint.track import LEGEND

COLUMN = 48  # cells that the longest line of a column needs
GAP = 4


def help_lines(
    cells: int, changes: Mapping[str, str] | None = None, first: Sequence[Scope] = ()
) -> list[Line]:
    """Every key in groups, side by side as far as they fit; those of `first` come first.

    A comparison is a screen of its own, whose keys are shown on it alone.
    """
    shown = [
        group
        for group in groups(changes, first)
        if group[2][0].scope is not Scope.COMPARE or Scope.COMPARE in first
    ]
    blocks = [*(_block(*group) for group in shown), _legend()]
    number = max(1, min(3, (cells + GAP) // (COLUMN + GAP)))
    piles = _piles(blocks, number)
    if len(piles) == 1:
        return [cut_line(line, cells) for line in piles[0]]
    size = (cells - GAP * (len(piles) - 1)) // len(piles)
    height = max(map(len, piles))
    full = [pile + [EMPTY] * (height - len(pile)) for pile in piles]
    return [_beside(row, size) for row in zip(*full, strict=True)]


def _block(heading: str, when: str, keys: list[Key]) -> list[Line]:
    head = (Part(heading, "strong"), Part(f"  {when}" if when else "", "muted"))
    return [head, *((Part(f"{key.label:<12}  ", "accent"), Part(key.words)) for key in keys)]


def _legend() -> list[Line]:
    head = (Part("On the bar", "strong"), Part("  below everything", "muted"))
    return [head, *((Part(f"{sign:<12}  ", ink), Part(words)) for sign, ink, words in LEGEND)]


def _piles(blocks: list[list[Line]], number: int) -> list[list[Line]]:
    """The blocks in order, in at most so many piles of the least height that holds them all."""
    height = max(map(len, blocks))
    while len(found := _stack(blocks, height)) > number:
        height += 1
    return found


def _stack(blocks: list[list[Line]], height: int) -> list[list[Line]]:
    piles: list[list[Line]] = [[]]
    for block in blocks:
        pile = piles[-1]
        if pile and len(pile) + 1 + len(block) > height:
            piles.append([*block])
        else:
            pile += [EMPTY, *block] if pile else block
    return piles


def _beside(row: tuple[Line, ...], size: int) -> Line:
    *first, last = row
    parts: list[Part] = []
    for line in first:
        parts += [*columns(line, size), Part(" " * GAP)]
    return (*parts, *cut_line(last, size))
