"""A form that a server asks for: as it waits in the drawer, and as it is filled in."""

from collections.abc import Sequence

from loopdeck.app.paint.lines import EMPTY, Line, Part, cut_line, prose
from loopdeck.app.sanitize import sanitize
from loopdeck.session.forms import FormField


def form_lines(fields: Sequence[FormField], cells: int) -> list[Line]:
    """What is asked for, a field after the other."""
    lines: list[Line] = []
    for field in fields:
        lines += [EMPTY, field_line(field, cells), *prose(sanitize(field.wants), cells, "muted", 2)]
        if field.words:
            lines += prose(sanitize(field.words), cells, "plain", 2)
    return lines


def field_line(field: FormField, cells: int) -> Line:
    """Its name, and whether it has to be filled in."""
    name = Part(sanitize(field.name, lines=False), "accent")
    needed = Part("  has to be filled in" if field.required else "  may be left empty", "muted")
    return cut_line((name, needed), cells)


def label_line(field: FormField, cells: int) -> Line:
    """Above its box: what it is called and what has to stand in it, in short."""
    name = Part(sanitize(field.name, lines=False), "accent")
    words = field.words or field.wants if field.kind in ("boolean", "choice") else field.wants
    sign = Part(" *" if field.required else "", "waiting")
    return cut_line((name, sign, Part(f"  {sanitize(words, lines=False)}", "muted")), cells)


def pick_line(field: FormField, taken: Sequence[str], at: int, cells: int) -> Line:
    """The options side by side, those that are taken marked; the one at the cursor is in sight."""
    parts: list[Part] = []
    for number, (value, shown) in enumerate(zip(field.options, field.shown, strict=True)):
        mark = "●" if value in taken else "○"
        ink = "accent" if number == at else "plain" if value in taken else "muted"
        parts.append(Part(f"{mark} {sanitize(shown, lines=False)}   ", ink))
    room, first = cells, at
    while first > 0 and sum(len(part.text) for part in parts[first - 1 : at + 1]) <= room:
        first -= 1
    return cut_line(tuple(parts[first:]), cells)
