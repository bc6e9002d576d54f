"""A command with the places marked in it that its verdict speaks of."""

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len

from loopdeck.app.paint.lines import Ink, Line, Part, chop, plain, slice_parts
from loopdeck.app.sanitize import sanitize
from loopdeck.session.calls import CallView

Span = tuple[int, int]
CARET = "^"


def spans_of(call: CallView, text: str) -> list[Span]:
    """Where in a text that holds the call's command its reasons point."""
    command = call.args.get("command")
    at = text.find(command) if isinstance(command, str) and command else -1
    if at < 0:
        return []
    spans = [reason.span for reason in call.reasons if reason.span is not None]
    inside = [(max(0, low), min(len(str(command)), high)) for low, high in spans]
    return merged((at + low, at + high) for low, high in inside if low < high)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order; those that touch or overlap are one."""
    found: list[Span] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def marked_lines(
    text: str, spans: Sequence[Span], cells: int, ink: Ink = "strong", *, carets: bool = False
) -> list[Line]:
    """All of a text from outside, wrapped; `carets` points from below, where ink may not show."""
    return [line for row in _rows(text, spans, ink) for line in _wrapped(row, cells, carets=carets)]


def _rows(text: str, spans: Sequence[Span], ink: Ink) -> list[list[Part]]:
    rows: list[list[Part]] = [[]]
    at = 0
    for low, high in (*spans, (len(text), len(text))):
        pieces: tuple[tuple[str, Ink], ...] = ((text[at:low], ink), (text[low:high], "mark"))
        for piece, style in pieces:
            for number, bit in enumerate(sanitize(piece).split("\n")):
                if number:
                    rows.append([])
                if bit:
                    rows[-1].append(Part(bit, style))
        at = high
    return rows


def _wrapped(row: list[Part], cells: int, *, carets: bool) -> Iterator[Line]:
    at = 0
    for piece in chop(plain(row), cells):
        line = tuple(slice_parts(row, at, at + len(piece)))
        at += len(piece)
        yield line
        if carets and any(part.ink == "mark" for part in line):
            signs = "".join(
                (CARET if part.ink == "mark" else " ") * cell_len(part.text) for part in line
            )
            yield (Part(signs.rstrip(), "mark"),)
