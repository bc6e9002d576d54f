"""The grammar's tree to a script of ours: a white list of constructs, and nothing else."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from loopdeck.permissions.shell.grammar import Syntax, parse
from loopdeck.permissions.shell.heredocs import Extracted, extract, without_strings
from loopdeck.permissions.shell.hygiene import check_command, check_hidden, check_length
from loopdeck.permissions.shell.pieces import plain_word
from loopdeck.permissions.shell.reading import WHAT, Reader
from loopdeck.permissions.shell.script import (
    Background,
    Case,
    Choice,
    Command,
    For,
    Group,
    If,
    Node,
    Not,
    NotUnderstood,
    Script,
    Test,
    While,
    Word,
)
from loopdeck.permissions.shell.shape import attached, piped

_REMEMBERED = 8_192  # characters; hardly anything longer is ever understood
_SEPARATORS = frozenset(
    {";", "\n", "(", ")", "{", "}", "do", "done", "$(", "`", "<(", ">(", "then"}
)
_EXPANDS = re.compile(r"\$[\w({\[?#$!@*'\"-]|`|[<>]")
_TEST_NODES = frozenset({"binary_expression", "unary_expression", "parenthesized_expression"})
_TEST_TOKENS = frozenset({"&&", "||", "!", "=", "==", "!=", "=~", "(", ")", "-a", "-o"})


def read_script(text: str) -> Script:
    """Read a shell text to its last character. Raises `NotUnderstood`."""
    return _remembered(text) if len(text) <= _REMEMBERED else _read(text)


@lru_cache(maxsize=64)
def _remembered(text: str) -> Script:
    """One verdict reads its text several times: for itself, the floor, the rules, the files."""
    return _read(text)


def _read(text: str) -> Script:
    check_length(text)
    check_hidden(text)
    extracted = extract(text)
    check_command(text, sum(len(heredoc.body) for heredoc in extracted.found.values()))
    try:
        tree = parse(extracted.text)
    except NotUnderstood:
        if "<<<" not in extracted.text:
            raise
        extracted = without_strings(extracted)
        tree = parse(extracted.text)
    builder = _Builder(extracted)
    script = builder.script(tree.children)
    builder.check()
    return script


class _Builder:
    """Reads one text; every method takes nodes of its grammar."""

    def __init__(self, extracted: Extracted) -> None:
        self._text = extracted.text
        self._read = Reader(extracted, self.script)
        self._kinds: dict[str, Callable[[Syntax], Node]] = {
            "command": self._read.command,
            "redirected_statement": self._redirected,
            "pipeline": self._pipeline,
            "list": self._list,
            "negated_command": lambda node: Not(self._last(node)),
            "subshell": lambda node: Group(self.script(node.children), subshell=True),
            "compound_statement": lambda node: Group(self.script(node.children), subshell=False),
            "for_statement": self._for,
            "while_statement": self._while,
            "if_statement": self._if,
            "case_statement": self._case,
            "test_command": self._test,
            "variable_assignment": self._read.assignments,
            "variable_assignments": self._read.assignments,
            "declaration_command": self._read.declaration,
        }

    def script(self, children: tuple[Syntax, ...]) -> Script:
        """Statements between separators; `&` sends the one before it to the background."""
        parts: list[Node] = []
        for child in children:
            if child.kind == "&" and parts:
                parts[-1] = Background(parts[-1], child.span)
            elif child.kind == "comment":
                self._comment(child)
            elif child.named:
                parts.append(self._node(child))
            elif child.kind not in _SEPARATORS:
                raise NotUnderstood(f"`{child.kind}` is not understood here", child.span)
        return Script(tuple(parts))

    def check(self) -> None:
        """Both readings of the text must have found the same here-documents."""
        self._read.check_heredocs()

    def _node(self, node: Syntax) -> Node:
        build = self._kinds.get(node.kind)
        if build is None:
            what = WHAT.get(node.kind, f"`{self._read.source(node)[:40]}`")
            raise NotUnderstood(f"{what} is not understood", node.span)
        return build(node)

    def _comment(self, node: Syntax) -> None:
        before = self._text[node.span[0] - 1 : node.span[0]]
        if before and before not in " \t\n;&|()":
            raise NotUnderstood("a comment that could not be read", node.span)

    def _last(self, node: Syntax) -> Node:
        return self._node(node.children[-1])

    def _redirected(self, node: Syntax) -> Node:
        body = node.child("body")
        redirects = [
            redirect
            for child in node.children
            if child is not body
            for redirect in self._read.redirect(child)
        ]
        if body is None:
            return Command((), (), tuple(redirects), node.span)
        return attached(self._node(body), tuple(redirects))

    def _pipeline(self, node: Syntax) -> Node:
        first, *others = [self._node(child) for child in node.children if child.named]
        if any(isinstance(part, Choice) for part in others):
            raise NotUnderstood("a pipeline that is not clear", node.span)
        return piped(first, tuple(others), node.span)

    def _list(self, node: Syntax) -> Node:
        children = [child for child in node.children if child.kind != "comment"]
        first, operator, second = children if len(children) == 3 else (node,) * 3
        if operator.kind == "&&":
            return Choice("&&", self._node(first), self._node(second))
        if operator.kind == "||":
            return Choice("||", self._node(first), self._node(second))
        raise NotUnderstood("a list of commands that is not clear", node.span)

    def _for(self, node: Syntax) -> Node:
        name, body = node.child("variable"), node.child("body")
        if name is None or body is None or node.children[0].kind != "for":
            raise NotUnderstood("a loop that is not clear", node.span)
        words = tuple(self._read.word(child) for child in node.children if child.role == "value")
        return For(self._read.source(name), words, self.script(body.children), node.span)

    def _while(self, node: Syntax) -> Node:
        body = node.child("body")
        condition = tuple(child for child in node.children if child.role == "condition")
        if body is None:
            raise NotUnderstood("a loop that is not clear", node.span)
        return While(self.script(condition), self.script(body.children))

    def _if(self, node: Syntax) -> Node:
        return If(tuple(self._branches(node)))

    def _branches(self, node: Syntax) -> Iterator[tuple[Script, Script]]:
        clauses = [child for child in node.children if child.kind.endswith("_clause")]
        plain = [child for child in node.children[1:] if child not in clauses]
        plain = [child for child in plain if child.kind != "fi"]
        at = next((at for at, child in enumerate(plain) if child.kind == "then"), 0)
        yield self.script(tuple(plain[:at])), self.script(tuple(plain[at:]))
        for clause in clauses:
            yield from self._branches(clause)

    def _case(self, node: Syntax) -> Node:
        value = node.child("value")
        if value is None:
            raise NotUnderstood("a choice that is not clear", node.span)
        items = [child for child in node.children if child.kind == "case_item"]
        return Case(self._read.word(value), tuple(self._case_body(item) for item in items))

    def _case_body(self, node: Syntax) -> Script:
        patterns = [child for child in node.children if child.role == "value"]
        if any(set("$`(") & set(self._read.source(child)) for child in patterns):
            raise NotUnderstood("a pattern that is not plain", node.span)
        left = (child for child in node.children if child not in patterns)
        skipped = ("|", ")", ";;", ";&", ";;&")
        return self.script(tuple(child for child in left if child.kind not in skipped))

    def _test(self, node: Syntax) -> Node:
        first = node.children[0].kind
        if first not in ("[", "[["):
            raise NotUnderstood("arithmetic can run commands", node.span)
        parts = [part for child in node.children[1:-1] for part in self._test_parts(child)]
        return Test(tuple(parts), first == "[[", node.span)

    def _test_parts(self, node: Syntax) -> Iterator[str | Word]:
        if node.kind in _TEST_NODES:
            for child in node.children:
                yield from self._test_parts(child)
        elif node.kind == "test_operator" or node.kind in _TEST_TOKENS:
            yield self._read.source(node)
        elif node.kind in ("extglob_pattern", "regex"):
            if _EXPANDS.search(self._read.source(node)):
                raise NotUnderstood("a pattern that is not plain", node.span)
            yield plain_word(self._read.source(node), node.span)
        else:
            yield self._read.word(node)
