"""JSON as a tree of lines whose branches fold."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from loopdeck.app.paint.blobs import blob_name
from loopdeck.app.paint.lines import Ink, Line, Part, cut, cut_line, verbatim, width_of
from loopdeck.app.sanitize import sanitize
from loopdeck.figures import plural

LARGEST = 2_000_000  # characters
_OPEN_AT = 12  # branches below the first with no more twigs than this begin open
_PAGE = 100  # twigs of a branch that are shown at once
_INDENT = 2
_PEEKED, _PEEK = 3, 24  # values of a folded object that are shown, and the cells of each
_DEEPEST = 24  # cells that indentation may take


class Word(str):
    """A number, or one of the words of JSON, as it was written."""

    __slots__ = ()


Pairs = tuple[tuple[str, object], ...]  # an object: a key that comes twice is seen twice


@dataclass(frozen=True, slots=True)
class Object:
    """The pairs of a JSON object in their order."""

    pairs: Pairs


@dataclass(frozen=True, slots=True)
class Twig:
    """A line of the tree: where it hangs, and whether it is open; `None` cannot be folded."""

    path: str
    open: bool | None
    line: Line


def parsed(text: str) -> object | None:
    """A text that is a JSON object or list, or `None`."""
    if len(text) > LARGEST or text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(
            text,
            object_pairs_hook=lambda pairs: Object(tuple(pairs)),
            parse_int=Word,
            parse_float=Word,
            parse_constant=Word,
        )
    except (ValueError, RecursionError):
        return None


def twigs(value: object, cells: int, flipped: frozenset[str]) -> Iterator[Twig]:
    """The lines of a value; `flipped` names the branches that are not as they begin."""
    yield from _twigs((), value, "$", 0, cells, flipped)


def _twigs(
    label: Line, value: object, path: str, depth: int, cells: int, flipped: frozenset[str]
) -> Iterator[Twig]:
    pad = Part(" " * min(_DEEPEST, depth * _INDENT))
    branch = _branch(value)
    if branch is None:
        yield from _leaf(pad, label, value, path, cells, flipped)
        return
    children = _children(branch)
    begins = bool(children) and (depth == 0 or (depth == 1 and len(children) <= _OPEN_AT))
    is_open = begins != (path in flipped)
    sign = Part(f"{'▾' if is_open else '▸'} ", "accent") if children else Part("  ")
    yield Twig(
        path,
        is_open if children else None,
        cut_line(
            (pad, sign, *label, Part(_sum(branch), "muted"), *_peek(branch, is_open=is_open)), cells
        ),
    )
    if not is_open:
        return
    most = _PAGE * (1 + sum(f"{path}+{page}" in flipped for page in range(len(children) // _PAGE)))
    for at, (key, child) in enumerate(children[:most]):
        yield from _twigs(_label(key), child, f"{path}.{at}", depth + 1, cells, flipped)
    if len(children) > most:
        more = f"… {plural(len(children) - most, 'more')}".removesuffix("s")
        line = (Part(f"{pad.text}  "), Part("▸ ", "accent"), Part(more, "muted"))
        yield Twig(f"{path}+{most // _PAGE - 1}", False, cut_line(line, cells))


def _branch(value: object) -> Object | list[object] | None:
    if isinstance(value, list):
        return cast("list[object]", value)
    return value if isinstance(value, Object) else None


def _children(value: Object | list[object]) -> Sequence[tuple[str, object]]:
    if isinstance(value, Object):
        return value.pairs
    return [(str(at), child) for at, child in enumerate(value)]


def _label(key: str) -> Line:
    return (Part(f"{sanitize(key, lines=False)}  ", "word"),)


def _sum(value: Object | list[object]) -> str:
    if isinstance(value, Object):
        return f"{{{plural(len(value.pairs), 'key')}}}"
    return f"[{plural(len(value), 'item')}]"


def _peek(value: Object | list[object], *, is_open: bool) -> Line:
    """A little of what a folded object holds, so that one is told from its neighbours."""
    if is_open or not isinstance(value, Object):
        return ()
    found = [(key, child) for key, child in value.pairs if isinstance(child, str)][:_PEEKED]
    words = [f"{key} {_written(child)[0]}" for key, child in found]
    return tuple(Part(f"  {sanitize(cut(text, _PEEK), lines=False)}", "muted") for text in words)


def _leaf(
    pad: Part, label: Line, value: object, path: str, cells: int, flipped: frozenset[str]
) -> Iterator[Twig]:
    """A value on its line; a long text folds out into lines of its own."""
    text, ink = _written(value)
    line: Line = (pad, Part("  "), *label, Part(text, ink))
    if not isinstance(value, str) or (width_of(line) <= cells and "\n" not in value):
        yield Twig(path, None, cut_line(line, cells))
        return
    is_open = path in flipped
    head = (pad, Part(f"{'▾' if is_open else '▸'} ", "accent"), *label)
    if not is_open:
        yield Twig(path, False, cut_line((*head, Part(text, ink)), cells))
        return
    yield Twig(path, True, cut_line((*head, Part(plural(len(value), "character"), "muted")), cells))
    indent = len(pad.text) + 2 * _INDENT
    for row in verbatim(sanitize(value), cells, ink, indent):
        yield Twig(path, True, row)


def _written(value: object) -> tuple[str, Ink]:
    match value:
        case Word():
            return sanitize(value, lines=False), "value"
        case str():
            blob = blob_name(value)
            return (f"⟦{blob}⟧", "muted") if blob else (sanitize(value, lines=False), "string")
        case True | False:
            return str(value).lower(), "value"
        case _:
            return "null", "value"
