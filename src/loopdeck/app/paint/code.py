"""Source code as lines in the inks of its words, strings and numbers."""

from collections.abc import Iterator

from pygments.lexers import get_lexer_by_name  # pyright: ignore[reportUnknownVariableType] # its options may be anything
from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, String
from pygments.util import ClassNotFound

from loopdeck.app.paint.lines import Ink, Line, Part
from loopdeck.app.paint.tints import LONGEST

Kind = tuple[str, ...]  # a kind of token; one that begins with another is a case of it

_INKS: tuple[tuple[Kind, Ink], ...] = (  # the first that holds the kind decides
    (Comment.Preproc, "value"),
    (Comment, "muted"),
    (Keyword.Constant, "value"),
    (Keyword, "word"),
    (Operator.Word, "word"),
    (String, "string"),
    (Number, "value"),
    (Name.Function, "strong"),
    (Name.Class, "strong"),
    (Name.Tag, "word"),
    (Name.Attribute, "value"),
    (Name.Decorator, "value"),
    (Generic.Heading, "strong"),
    (Generic.Subheading, "strong"),
    (Generic.Strong, "strong"),
)


def code_lines(text: str, language: str) -> list[Line]:
    """Every line of a safe text, not wrapped; in one ink where the language is not its own."""
    rows = text.split("\n")
    plain: list[Line] = [(Part(row),) if row else () for row in rows]
    if any(len(row) > LONGEST for row in rows):
        return plain
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return plain
    lines = list(_lines(lexer.get_tokens(text)))
    same = ["".join(part.text for part in line) for line in lines] == rows
    return lines if same else plain  # a lexer that loses anything is not believed


def _lines(tokens: Iterator[tuple[Kind, str]]) -> Iterator[Line]:
    line: list[Part] = []
    for kind, text in tokens:
        ink = _ink(kind)
        first, *more = text.split("\n")
        if first:
            line.append(Part(first, ink))
        for piece in more:
            yield tuple(line)
            line = [Part(piece, ink)] if piece else []
    yield tuple(line)


def _ink(kind: Kind) -> Ink:
    for parent, ink in _INKS:
        if kind[: len(parent)] == parent:
            return ink
    return "plain"
