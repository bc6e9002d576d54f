"""A filter of the loop in words, as a choice and as the chip that says it is on."""

from loopdeck.app.paint.lines import Line, Part, spread
from loopdeck.app.sanitize import Safe, clip, sanitize
from loopdeck.app.view.filtering import Filter

_WORDS = {
    "errors": "only errors",
    "writes": "only writes",
    "asked": "only asked",
}
_LONGEST = 24  # cells of a tool's name in the chip


def filter_words(filter_: Filter | None) -> Safe:
    """What is shown."""
    if filter_ is None:
        return Safe("every row")
    if filter_.what == "tool":
        return Safe(f"only {clip(sanitize(filter_.tool, lines=False), _LONGEST)}")
    return Safe(_WORDS[filter_.what])


def heading_line(cells: int) -> Line:
    """The names of the columns."""
    return spread((Part("show", "muted"),), (Part("rows", "muted"),), cells)


def choice_line(filter_: Filter | None, passing: int, cells: int) -> Line:
    """One filter and how many rows pass it."""
    return spread((Part(filter_words(filter_)),), (Part(f"{passing:,}", "muted"),), cells)


def chip(filter_: Filter | None, passing: int) -> str:
    """The title of the loop: which rows it shows, and how to see all again."""
    if filter_ is None:
        return "Loop"
    return f"Loop ▸ {filter_words(filter_)} ({passing:,}) · esc clears"
