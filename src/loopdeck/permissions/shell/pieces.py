"""Words of the grammar to words of ours: bash's quoting rules, written down once more.

The grammar says where a word begins and ends; what its characters mean is decided here.
"""

import re
import shlex
from collections.abc import Callable, Iterator
from typing import Literal

from loopdeck.permissions.shell.grammar import Syntax
from loopdeck.permissions.shell.script import (
    Braces,
    NotUnderstood,
    Number,
    Parameter,
    Piece,
    Process,
    Script,
    Span,
    Substitution,
    Text,
    Word,
)

Scripts = Callable[[Syntax], Script]

MAX_BRACES = 64
MAX_GROUPS = 4
_PLAIN = re.compile(r"[\w@%+=:,./^~*?\[\]{}!#-]*")
_SPECIAL = frozenset(";|&<>()$`'\"\\")
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "'": "'", '"': '"'}
_BRACE = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"(-?\d{1,6})\.\.(-?\d{1,6})")
_EXPANSION = re.compile(
    r"\$\{(#?)(\w+|[?#$!@*-])(?:(:?[-+]|%%?|##?|//?[#%]?|\^\^?|,,?|:)([^\0]*))?\}"
)
_ENDING = re.compile(r"[\w.-]+|\.\*")
_SIMPLE = re.compile(r"\$(\w+|[?#$!@*-])")
_NUMBERS = re.compile(r"\$\(\(([\w\s+*/%()<>$-]*)\)\)")
_COMMANDS = re.compile(r"\$\(|`|[<>]\(|\$\{|\$\[")
WORDS = frozenset(
    {
        "word",
        "number",
        "string",
        "raw_string",
        "ansi_c_string",
        "concatenation",
        "simple_expansion",
        "expansion",
        "command_substitution",
        "process_substitution",
        "arithmetic_expansion",
        "brace_expression",
    }
)


def read_word(node: Syntax, text: str, scripts: Scripts) -> Word:
    """One word; `scripts` reads the commands inside it."""
    if text[node.span[0]] == "#":
        raise NotUnderstood("`#` may start a comment here", node.span)
    pieces = tuple(_pieces(node, text, scripts))
    return Word(_braced(_merged(pieces), node.span), node.span)


def plain_word(text: str, span: Span) -> Word:
    """A word that stands for exactly this text."""
    return Word((Text(text, quoted=True),), span)


def _pieces(node: Syntax, text: str, scripts: Scripts) -> Iterator[Piece]:
    source = text[slice(*node.span)]
    match node.kind:
        case "word" | "number":
            yield from _bare(source, node.span)
        case "raw_string":
            yield Text(source[1:-1], quoted=True)
        case "ansi_c_string":
            yield Text(_escaped(source[2:-1], node.span), quoted=True)
        case "string":
            yield from _string(node, text, scripts)
        case "concatenation":
            yield from (p for child in _adjacent(node) for p in _pieces(child, text, scripts))
        case _:
            yield _expansion(node, text, scripts, quoted=False)


def _expansion(node: Syntax, text: str, scripts: Scripts, *, quoted: bool) -> Piece:
    source = text[slice(*node.span)]
    match node.kind:
        case "command_substitution":
            return Substitution(scripts(node), quoted)
        case "process_substitution":
            return Process(scripts(node))
        case "brace_expression":
            return Braces(_range(source[1:-1], node.span))
        case "arithmetic_expansion":
            piece = _number(source)
        case _:
            piece = _parameter(source, quoted=quoted)
    if piece is None:
        shown = source[:40]
        raise NotUnderstood(f"`{shown}` expands to something that is not clear", node.span)
    return piece


def _number(source: str) -> Number | None:
    found = _NUMBERS.fullmatch(source)
    if found is None or re.search(r"\+\+|--|\$\W", found.group(1)):
        return None
    return Number(tuple(dict.fromkeys(re.findall(r"[A-Za-z_]\w*", found.group(1)))))


def _parameter(source: str, *, quoted: bool) -> Parameter | None:
    if found := _SIMPLE.fullmatch(source):
        return Parameter(found.group(1), quoted)
    found = _EXPANSION.fullmatch(source)
    if found is None or not _is_plain(found):
        return None
    return Parameter(found.group(2), quoted, _changed(found))


def _changed(expansion: re.Match[str]) -> Literal["", "end", "whole", "other"]:
    operator, rest = expansion.group(3) or "", expansion.group(4) or ""
    if expansion.group(1):
        return "other"
    if operator in ("%", "%%") and _ENDING.fullmatch(rest):
        return "end"
    if operator + rest in ("%/*", "##*/"):
        return "whole"
    return "other" if operator else ""


def _is_plain(expansion: re.Match[str]) -> bool:
    """True for operators that only change text; an offset is arithmetic, so it must be digits."""
    operator, rest = expansion.group(3) or "", expansion.group(4) or ""
    if operator == ":" and not re.fullmatch(r" ?-?\d+(?::\d+)?", rest):
        return False
    return not _COMMANDS.search(rest)


def _bare(source: str, span: Span) -> Iterator[Piece]:
    """Unquoted characters; a backslash quotes the one behind it."""
    if _PLAIN.fullmatch(source):
        yield Text(source, quoted=False)
        return
    at = 0
    while at < len(source):
        char = source[at]
        if char == "\\":
            following = source[at + 1 : at + 2]
            if following != "\n":
                yield Text(following, quoted=True)
            at += 2
            continue
        if char in _SPECIAL or not char.isprintable() or (char.isspace() and char != " "):
            raise NotUnderstood("a character here is not a plain one", span)
        yield Text(char, quoted=False)
        at += 1


def _string(node: Syntax, text: str, scripts: Scripts) -> Iterator[Piece]:
    """A double-quoted string: what lies between its expansions is decoded from the text."""
    at = node.span[0] + 1
    yield Text("", quoted=True)
    for child in node.children:
        if child.kind in ("string_content", '"', "$") or not child.named:
            continue
        yield Text(_unescaped(text[at : child.span[0]], node.span), quoted=True)
        yield _expansion(child, text, scripts, quoted=True)
        at = child.span[1]
    yield Text(_unescaped(text[at : node.span[1] - 1], node.span), quoted=True)


def _unescaped(source: str, span: Span) -> str:
    """What double quotes leave of a text without expansions."""
    bare = re.sub(r"\\[\\$`\"\n]", "", source)
    if '"' in bare or "`" in bare or re.search(r"\$[\w({\[?#$!@*'-]", bare):
        raise NotUnderstood("a quoted text could not be read", span)
    return re.sub(r"\\([\\$`\"\n])", lambda found: found[1].replace("\n", ""), source)


def _escaped(source: str, span: Span) -> str:
    def one(found: re.Match[str]) -> str:
        if found[1] not in _ESCAPES:
            raise NotUnderstood("`$'…'` spells a character by its number", span)
        return _ESCAPES[found[1]]

    return re.sub(r"\\(.?)", one, source, flags=re.DOTALL)


def _adjacent(node: Syntax) -> Iterator[Syntax]:
    at = node.span[0]
    for child in node.children:
        if child.span[0] != at:
            raise NotUnderstood("a word has a gap in it", node.span)
        at = child.span[1]
        yield child


def _merged(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Neighbouring texts of one kind become one."""
    out: list[Piece] = []
    for piece in pieces:
        last = out[-1] if out else None
        if isinstance(piece, Text) and isinstance(last, Text) and piece.quoted == last.quoted:
            out[-1] = Text(last.text + piece.text, piece.quoted)
        else:
            out.append(piece)
    return tuple(out)


def _braced(pieces: tuple[Piece, ...], span: Span) -> tuple[Piece, ...]:
    """Take `{a,b}` apart; refuse braces that reach over quotes or into each other."""
    bare = "".join(_bare_text(piece) for piece in pieces)
    if not _expands(bare):
        return pieces
    out: list[Piece] = []
    for piece in pieces:
        out.extend(_split(piece, span) if isinstance(piece, Text) and not piece.quoted else [piece])
    many = sum(isinstance(piece, Braces) for piece in out) > MAX_GROUPS
    if many or _expands("".join(_bare_text(piece) for piece in out)):
        raise NotUnderstood("braces expand to something that is not clear", span)
    return tuple(out)


def _expands(bare: str) -> bool:
    inner = bare[bare.find("{") : bare.rfind("}") + 1] if "{" in bare else ""
    return "," in inner or ".." in inner


def _bare_text(piece: Piece) -> str:
    return piece.text if isinstance(piece, Text) and not piece.quoted else "\0"


def _split(piece: Text, span: Span) -> Iterator[Piece]:
    at = 0
    for found in _BRACE.finditer(piece.text):
        inner = found.group(1)
        if "," not in inner and ".." not in inner:
            continue
        yield Text(piece.text[at : found.start()], quoted=False)
        at = found.end()
        yield Braces(tuple(inner.split(",")) if "," in inner else _range(inner, span))
    yield Text(piece.text[at:], quoted=False)


def _range(source: str, span: Span) -> tuple[str, ...]:
    found = _RANGE.fullmatch(source)
    if found is None:
        raise NotUnderstood("braces expand to something that is not clear", span)
    first, last = int(found.group(1)), int(found.group(2))
    if abs(first - last) >= MAX_BRACES:
        raise NotUnderstood("braces expand to too many words", span)
    step = 1 if last >= first else -1
    return tuple(str(number) for number in range(first, last + step, step))


def agrees_with_shlex(source: str, word: Word) -> bool:
    """Whether the standard library reads a word without expansions as we do."""
    if _PLAIN.fullmatch(source) or not all(isinstance(piece, Text) for piece in word.pieces):
        return True
    if "$" in source or "\\\n" in source:
        return True
    ours = "".join(piece.text for piece in word.pieces if isinstance(piece, Text))
    try:
        return shlex.split(source) == [ours]
    except ValueError:
        return False
