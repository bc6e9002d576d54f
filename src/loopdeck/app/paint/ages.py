"""How long ago something was, in words that fit a column."""

_UNITS = ((31_536_000, "y"), (86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def age(ns: int) -> str:
    """How long ago, in the largest unit that fits: 12 s, 5 min, 3 h, 2 d."""
    seconds = max(0, ns) // 1_000_000_000
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return "now"
