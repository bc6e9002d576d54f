"""Numbers as people read them: spans of time, tokens, money."""

_LEAST = 0.0005  # dollars, below which a sum would be shown as none


def span(ms: float) -> str:
    """How long something took."""
    if ms < 1:
        return "<1 ms"
    if ms < 999.5:
        return f"{ms:.0f} ms"
    if ms < 59_950:
        return f"{ms / 1000:.1f} s"
    return f"{clock(int(ms * 1e6))} min" if ms < 3_600_000 else f"{clock(int(ms * 1e6))} h"


def clock(ns: int) -> str:
    """A running clock: 0:12, 4:05, 1:02:03."""
    seconds = max(0, ns) // 1_000_000_000
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def count(number: int) -> str:
    """A number of tokens or bytes, short: 950, 12.4k, 1.3M."""
    if number < 1_000:
        return str(number)
    if number < 99_950:
        return f"{number / 1000:.1f}k"
    if number < 999_500:
        return f"{number / 1000:.0f}k"
    return f"{number / 1_000_000:.1f}M"


def money(usd: float, *, known: bool = True) -> str:
    """A sum in dollars; `≥` where a part of it has no known price. A little is not nothing."""
    if not known and usd == 0:
        return "$ unknown"
    if 0 < usd < _LEAST:
        return "<$0.001" if known else "$ unknown"
    places = 2 if usd >= 0.1 or usd == 0 else 3
    return f"{'' if known else '≥ '}${usd:.{places}f}"


def plural(number: int, word: str) -> str:
    """`1 line`, `1,234 lines`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def size_words(size: int) -> str:
    """A number of bytes: 950 bytes, 12.4 kB, 1.3 MB."""
    if size < 1_000:
        return plural(size, "byte")
    if size < 999_950:
        return f"{size / 1_000:.1f} kB"
    return f"{size / 1_000_000:,.1f} MB"
