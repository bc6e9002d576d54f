"""Numbers as people read them: times, counts, sizes and money, in one way everywhere."""

from math import isfinite

_LEAST = 0.0005  # dollars, below which a sum would be shown as none
_AGES = ((31_536_000, "y"), (86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def span(ms: float) -> str:
    """How long something took: 12 ms, 4.2 s, 1:05 min, 2:04:31 h."""
    if not isfinite(ms):
        return "an unknown time"  # a number in an imported file can be anything
    if ms < 1:
        return "<1 ms"
    if ms < 999.5:
        return f"{ms:.0f} ms"
    if ms < 59_950:
        return f"{ms / 1000:.1f} s"
    seconds = round(ms / 1000)
    return f"{_clock(seconds)} {'min' if seconds < 3_600 else 'h'}"


def clock(ns: int) -> str:
    """A running clock: 0:12, 4:05, 1:02:03."""
    return _clock(max(0, ns) // 1_000_000_000)


def age(ns: int) -> str:
    """How long ago, in the largest unit that fits: 12 s, 5 min, 3 h, 2 d."""
    seconds = max(0, ns) // 1_000_000_000
    for unit, name in _AGES:
        if seconds >= unit:
            return f"{seconds // unit} {name}"
    return "now"


def count(number: int, *, known: bool = True) -> str:
    """A number of tokens, short: 950, 12.4k, 1.3M; `≥` where nobody told of all."""
    least = "" if known else "≥"
    if number < 1_000:
        return f"{least}{number}"
    if number < 99_950:
        return f"{least}{number / 1_000:.1f}k"
    if number < 999_500:
        return f"{least}{number / 1_000:.0f}k"
    return f"{least}{number / 1_000_000:,.1f}M"


def plural(number: int, noun: str, many: str = "") -> str:
    """A count with its noun: `1 line`, `1,234 lines`, `2 entries` where `many` says so."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def amount(number: int) -> str:
    """A number of bytes: 1 byte, 950 bytes, 12.4 kB, 1.3 MB."""
    if number < 1_000:
        return plural(number, "byte")
    value = float(number)
    for unit in ("kB", "MB", "GB"):
        value /= 1_000
        if value < 999.95:  # what is longer would be rounded to a thousand of it
            return f"{value:.1f} {unit}"
    return f"{value / 1_000:,.1f} TB"


def money(usd: float, *, known: bool = True) -> str:
    """A sum in dollars; `≥` where a part of it has no known price. A little is not nothing."""
    if not isfinite(usd) or (not known and usd < _LEAST):
        return "$ unknown"
    if 0 < usd < _LEAST:
        return "<$0.001"
    places = 2 if usd >= 0.1 or usd == 0 else 3
    return f"{'' if known else '≥ '}${usd:,.{places}f}"


def _clock(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
