"""Puts statements right where the grammar binds pipes and redirects otherwise than bash does."""

from loopdeck.permissions.shell.script import (
    Choice,
    Command,
    Node,
    Not,
    Pipeline,
    Redirect,
    Redirected,
    Span,
)


def piped(first: Node, others: tuple[Node, ...], span: Span) -> Node:
    """`a && b 2>&1 | c` pipes `b` alone, whatever the grammar makes of it."""
    if isinstance(first, Choice):
        return Choice(first.operator, first.first, piped(first.second, others, span))
    return Pipeline((first, *others), span)


def attached(node: Node, redirects: tuple[Redirect, ...]) -> Node:
    """Redirects behind a statement belong to its last command."""
    match node:
        case Command():
            both = (*node.redirects, *redirects)
            return Command(node.words, node.assignments, both, node.span, node.exports)
        case Choice():
            return Choice(node.operator, node.first, attached(node.second, redirects))
        case Pipeline():
            last = attached(node.parts[-1], redirects)
            return Pipeline((*node.parts[:-1], last), node.span)
        case Not():
            return Not(attached(node.body, redirects))
        case _:
            return Redirected(node, redirects)


def closes_early(body: str) -> bool:
    """Whether a `)` in a text has no partner before it."""
    depth = 0
    for char in body:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return True
    return False
