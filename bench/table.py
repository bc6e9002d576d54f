"""The table of the bench: what was measured, beside its floor, and whether it reaches its goal."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.stats import median

START, END = "<!-- bench:start -->", "<!-- bench:end -->"
HEADINGS = ("figure", "floor", "Loopdeck", "ratio", "goal", "met?")


@dataclass(frozen=True)
class Figure:
    """One row. `ok` is `None` where there is no goal and the row is for the record."""

    name: str
    floor: str
    value: str
    ratio: str = ""
    goal: str = ""
    ok: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text."""
        met = "" if self.ok is None else "yes" if self.ok else "NO"
        return (self.name, self.floor, self.value, self.ratio, self.goal, met)


def versus(
    name: str,
    values: Sequence[float],
    floors: Sequence[float],
    *,
    most: float | None,
    unit: str = "ms",
    against: str = "",
) -> Figure:
    """A figure that is judged by its ratio: the middle of the rounds' ratios."""
    ratio = median([value / floor for value, floor in zip(values, floors, strict=True)])
    floor = f"{number(median(floors))} {unit}".strip()
    return Figure(
        name,
        f"{floor} ({against})" if against else floor,
        f"{number(median(values))} {unit}".strip(),
        f"{number(ratio)}×",
        "" if most is None else f"≤ {most:g}×",
        None if most is None else ratio <= most,
    )


def within(
    name: str, values: Sequence[float], *, most: float, unit: str, floors: Sequence[float] = ()
) -> Figure:
    """A figure that is judged by itself; a floor may stand beside it."""
    value = median(values)
    floor = f"{number(median(floors))} {unit}" if floors else ""
    return Figure(
        name, floor, f"{number(value)} {unit}", "", f"≤ {most:g} {unit}".strip(), value <= most
    )


def added(
    name: str, values: Sequence[float], floors: Sequence[float], *, most: float, unit: str = "ms"
) -> Figure:
    """A figure that is judged by what it adds to its floor."""
    more = median([value - floor for value, floor in zip(values, floors, strict=True)])
    return Figure(
        name,
        f"{number(median(floors))} {unit}",
        f"{number(median(values))} {unit}",
        f"+{number(more)} {unit}",
        f"≤ +{most:g} {unit}",
        more <= most,
    )


def number(value: float) -> str:
    """Three figures that count, no more."""
    if math.isnan(value):
        return "?"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def as_text(figures: Sequence[Figure]) -> str:
    """The table for a terminal."""
    rows = [HEADINGS, *(figure.cells for figure in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADINGS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "  ".join("─" * width for width in widths), *lines[1:]])


def as_markdown(figures: Sequence[Figure], footnote: str) -> str:
    """The table for the README."""
    rows = [HEADINGS, ("---", "---:", "---:", "---:", "---:", "---")]
    rows += [figure.cells for figure in figures]
    return "\n".join([*(f"| {' | '.join(row)} |" for row in rows), "", footnote])


def write_between(path: Path, text: str) -> None:
    """Put the text between the markers of a file. Raises `ValueError` when they are not there."""
    before, start, rest = path.read_text("utf-8").partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"{path.name} has no lines {START} and {END}.")
    path.write_text(f"{before}{START}\n{text}\n{END}{after}", "utf-8")
