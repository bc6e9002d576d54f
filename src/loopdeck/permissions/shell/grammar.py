"""Shell text to a syntax tree by the real grammar; the only place that knows tree-sitter."""

import re
from collections.abc import Sequence
from functools import lru_cache
from threading import get_ident
from typing import TYPE_CHECKING, NamedTuple

from loopdeck.permissions.shell.script import NotUnderstood, Span

if TYPE_CHECKING:
    import tree_sitter

# What bash ends at a line break, though the grammar may read on.
_ONE_LINE = frozenset(
    {"command", "test_command", "unary_expression", "binary_expression", "parenthesized_expression"}
    | {"file_redirect", "herestring_redirect", "redirected_statement", "declaration_command"}
    | {"variable_assignment", "variable_assignments", "negated_command", "concatenation"}
)
_APART = frozenset(
    {"command", "test_command", "unary_expression", "binary_expression", "for_statement"}
    | {"declaration_command", "variable_assignments"}
)
_MAX_NODES = 4_000


class Syntax(NamedTuple):
    """A node of the grammar. Its span counts characters of the text that was parsed.

    There are dozens of them in each command, and a named tuple is made four times as fast.
    """

    kind: str
    role: str
    named: bool
    span: Span
    children: tuple["Syntax", ...]

    def child(self, role: str) -> "Syntax | None":
        """The first child with this role."""
        return next((child for child in self.children if child.role == role), None)


def parse(text: str) -> Syntax:
    """The tree of a text. Raises `NotUnderstood` where the grammar does."""
    tree = _parser(get_ident()).parse(text.encode("utf-8"))
    offsets = None if text.isascii() else _offsets(text)
    root = tree.root_node
    if root.has_error:
        raise NotUnderstood("the command is no shell text that can be understood")
    if root.descendant_count > _MAX_NODES:
        raise NotUnderstood("the command has too many parts")
    syntax = _convert(root.walk(), offsets)
    _check_gaps(syntax, text, 0, len(text))
    return syntax


@lru_cache(maxsize=16)
def _parser(_thread: int) -> "tree_sitter.Parser":
    # One for each thread: a parser is in the middle of a text while it parses.
    # Imported on first use: the screen must not wait for a parser that it may never need.
    import tree_sitter
    import tree_sitter_bash

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))


def _convert(cursor: "tree_sitter.TreeCursor", offsets: Sequence[int] | None) -> Syntax:
    node = cursor.node
    assert node is not None
    role = cursor.field_name or ""
    children: list[Syntax] = []
    if cursor.goto_first_child():
        children.append(_convert(cursor, offsets))
        while cursor.goto_next_sibling():
            children.append(_convert(cursor, offsets))
        cursor.goto_parent()
    start, end = node.start_byte, node.end_byte
    span = (start, end) if offsets is None else (offsets[start], offsets[end])
    return Syntax(node.type, role, node.is_named, span, tuple(children))


def _offsets(text: str) -> list[int]:
    """For every byte of the text in UTF-8, the number of its character."""
    offsets: list[int] = []
    for at, char in enumerate(text):
        offsets.extend([at] * len(char.encode("utf-8")))
    return [*offsets, len(text)]


def _check_gaps(node: Syntax, text: str, start: int, end: int) -> None:
    """What lies between the nodes must be blank: nothing may hide from the tree."""
    if node.kind in _APART:
        _check_apart(node, text)
    at = start
    blanks = " \t" if node.kind in _ONE_LINE else " \t\n"
    for child in node.children:
        _blank(text, at, child.span[0], blanks)
        at = child.span[1]
        if child.children and child.kind not in ("string", "heredoc_redirect"):
            _check_gaps(child, text, *child.span)
    _blank(text, at, end, blanks)


def _check_apart(node: Syntax, text: str) -> None:
    """Two words without a blank between them are one word to bash."""
    for one, other in zip(node.children, node.children[1:], strict=False):
        if not (one.named and other.named) or other.kind.endswith("_redirect"):
            continue
        if not text[one.span[1] : other.span[0]].replace("\\\n", ""):
            raise NotUnderstood("two words touch each other", (one.span[0], other.span[1]))


def _blank(text: str, start: int, end: int, blanks: str) -> None:
    """A line may go on behind a blank; elsewhere it could join what the grammar keeps apart."""
    gap = text[start:end]
    if not gap:
        return
    joins = "\\" in gap and any(
        not text[start + at - 1].isspace() for at in _continuations(gap) if start + at
    )
    if joins or gap.replace("\\\n", "").strip(blanks):
        raise NotUnderstood("a part of the command could not be read", (start, end))


def _continuations(gap: str) -> list[int]:
    return [found.start() for found in re.finditer(r"\\\n", gap)]
