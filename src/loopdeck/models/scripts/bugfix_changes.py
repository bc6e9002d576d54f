"""The changes that the bugfix script knows: rounding a part before it is split off the whole."""

import re
from dataclasses import dataclass

ROUNDED = re.compile(r"^( +)(\w+) = round\((\w+) / (\d+)\)$", re.MULTILINE)
SPLIT = re.compile(
    r"^( +)(?P<whole>\w+) = (?:round\((?P<a>\w+) / (?P<b>\d+)\)|int\((?P<c>\w+) // (?P<d>\d+)\))\n"
    r" +(?P<rest>\w+) = round\((?P<e>\w+) % (?P<f>\d+)\)$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one place in a file, and why."""

    old: str
    new: str
    why: str


def changes_of(source: str, *, careful: bool) -> list[Change]:
    """Changes that may help, the smallest first; not `careful` goes for the whole at once."""
    small = _floor(source) if careful else None
    return [change for change in (small, _round_first(source)) if change]


def _floor(source: str) -> Change | None:
    found = ROUNDED.search(source)
    if found is None:
        return None
    space, name, value, size = found.groups()
    return Change(
        found[0],
        f"{space}{name} = int({value} // {size})",
        f"`{name}` is rounded, so half of the time it takes one too many. Whole ones are what is "
        "wanted: that is one line.",
    )


def _round_first(source: str) -> Change | None:
    found = SPLIT.search(source)
    if found is None:
        return None
    value, size = found["a"] or found["c"], found["b"] or found["d"]
    if (found["e"], found["f"]) != (value, size):
        return None
    space, whole, rest = found[1], found["whole"], found["rest"]
    return Change(
        found[0],
        f"{space}{whole}, {rest} = divmod(round({value}), {size})",
        f"The order is the reason: `{rest}` is rounded after `{whole}` is split off, and can "
        f"become {size}. Round once, then divide.",
    )
