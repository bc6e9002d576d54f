"""A shell script as we understand it: a small tree of commands and words, nothing hidden in it."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Literal, cast

Span = tuple[int, int]


class NotUnderstood(Exception):
    """The text holds something outside the part of the shell's language that is understood."""

    def __init__(self, text: str, span: Span | None = None) -> None:
        super().__init__(text)
        self.span = span


@dataclass(frozen=True, slots=True)
class Text:
    """Characters of a word with their quotes taken off; unquoted ones may still be a pattern."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$name`; `changed` where an operator makes something else of it.

    Of a path, `${name%.py}` leaves out the `end` of its last name, `${name%/*}` and `${name##*/}`
    are `whole` names of it, and all else may be any `other` text.
    """

    name: str
    quoted: bool
    changed: Literal["", "end", "whole", "other"] = ""


@dataclass(frozen=True, slots=True)
class Substitution:
    """`$(…)`: the output of a script."""

    script: "Script"
    quoted: bool


@dataclass(frozen=True, slots=True)
class Process:
    """`<(…)` or `>(…)`: a file that is a script's output or input."""

    script: "Script"


@dataclass(frozen=True, slots=True)
class Braces:
    """`{1..3}` or `{a,b}`: one word for each."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """`$((…))`: some number, as long as the variables in it are plain numbers."""

    names: tuple[str, ...]


Piece = Text | Parameter | Substitution | Process | Braces | Number


@dataclass(frozen=True, slots=True)
class Word:
    """Adjacent pieces that make one word, or several after expansion."""

    pieces: tuple[Piece, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A text given as input. `literal` when nothing in it is expanded."""

    body: str
    literal: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Redirect:
    """`> file`, `2>&1`, `<<< word`, `<<EOF`."""

    operator: str
    target: Word | Heredoc
    span: Span


@dataclass(frozen=True, slots=True)
class Assignment:
    """`NAME=value`."""

    name: str
    value: Word
    span: Span
    appends: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One program with its words, or assignments alone. `exports` for `export NAME=value`."""

    words: tuple[Word, ...]
    assignments: tuple[Assignment, ...]
    redirects: tuple[Redirect, ...]
    span: Span
    exports: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """`[ … ]` or `[[ … ]]`: operators as text, all else as words."""

    parts: tuple[str | Word, ...]
    double: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Redirected:
    """Redirects around something that is more than one command."""

    body: "Node"
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands that feed each other."""

    parts: tuple["Node", ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Choice:
    """`first && second` or `first || second`."""

    operator: Literal["&&", "||"]
    first: "Node"
    second: "Node"


@dataclass(frozen=True, slots=True)
class Background:
    """`body &`."""

    body: "Node"
    span: Span


@dataclass(frozen=True, slots=True)
class Not:
    """`! body`."""

    body: "Node"


@dataclass(frozen=True, slots=True)
class Group:
    """`( … )` or `{ …; }`."""

    body: "Script"
    subshell: bool


@dataclass(frozen=True, slots=True)
class For:
    """`for name in words; do body; done`."""

    name: str
    words: tuple[Word, ...]
    body: "Script"
    span: Span


@dataclass(frozen=True, slots=True)
class While:
    """`while condition; do body; done`, and `until`."""

    condition: "Script"
    body: "Script"


@dataclass(frozen=True, slots=True)
class If:
    """Conditions and bodies in order; a body without a condition has an empty one."""

    branches: tuple[tuple["Script", "Script"], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """`case word in … esac`."""

    word: Word
    bodies: tuple["Script", ...]


@dataclass(frozen=True, slots=True)
class Script:
    """Statements one after the other."""

    parts: tuple["Node", ...]


Node = (
    Command
    | Test
    | Redirected
    | Pipeline
    | Choice
    | Background
    | Not
    | Group
    | For
    | While
    | If
    | Case
)


@cache
def _fields_of(kind: type) -> tuple[str, ...]:
    if not is_dataclass(kind):
        return ()
    return tuple(field.name for field in reversed(fields(kind)) if field.name != "span")


def everything_in(node: object) -> Iterator[object]:
    """A part of a script and all parts inside it."""
    left = [node]
    while left:
        part = left.pop()
        if isinstance(part, tuple):
            left.extend(reversed(cast("tuple[object, ...]", part)))
        elif names := _fields_of(type(part)):
            yield part
            left.extend(getattr(part, name) for name in names)


def plain_text(word: Word) -> str:
    """The characters of a word; empty where some of them are known only when it runs."""
    texts = [piece.text for piece in word.pieces if isinstance(piece, Text)]
    return "".join(texts) if len(texts) == len(word.pieces) else ""
