"""Sizes and counts in words."""


def amount(size: int) -> str:
    """A number of bytes for people: `31 bytes`, `1.4 kB`, `104.9 MB`."""
    if size < 1000:
        return plural(size, "byte")
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 1000:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:.1f} TB"


def plural(count: int, noun: str) -> str:
    """A count with its noun: `1 line`, `3 lines`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
