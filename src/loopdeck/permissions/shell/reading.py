"""Commands of the grammar to commands of ours: their words, variables and redirects."""

from collections.abc import Callable, Iterator

from loopdeck.permissions.shell.grammar import Syntax
from loopdeck.permissions.shell.heredocs import MARK, Extracted
from loopdeck.permissions.shell.pieces import WORDS, agrees_with_shlex, plain_word, read_word
from loopdeck.permissions.shell.script import (
    Assignment,
    Command,
    NotUnderstood,
    Redirect,
    Script,
    Word,
)
from loopdeck.permissions.shell.shape import closes_early

MAX_COMMANDS = 64
WHAT = {
    "function_definition": "a function is defined, which may take another's name",
    "declaration_command": "a declaration changes what names mean",
    "unset_command": "`unset` changes what names mean",
    "c_style_for_statement": "a loop that counts by arithmetic",
    "array": "an array",
    "subscript": "an array",
    "heredoc_redirect": "a here-document that could not be read",
}


class Reader:
    """Reads the commands of one text; `scripts` reads statements, for those inside words."""

    def __init__(
        self, extracted: Extracted, scripts: Callable[[tuple[Syntax, ...]], Script]
    ) -> None:
        self._text = extracted.text
        self._heredocs = extracted.found
        self._strings = extracted.strings
        self._scripts = scripts
        self._seen: set[int] = set()
        self._count = 0

    def source(self, node: Syntax) -> str:
        """The text of a node."""
        return self._text[slice(*node.span)]

    def word(self, node: Syntax) -> Word:
        """One word."""
        if node.kind == "command_name" and len(node.children) == 1:
            node = node.children[0]
        if node.kind not in WORDS:
            what = WHAT.get(node.kind, f"`{self.source(node)[:40]}`")
            raise NotUnderstood(f"{what} is not understood as a word", node.span)
        word = read_word(node, self._text, self._inner)
        if not agrees_with_shlex(self.source(node), word):
            raise NotUnderstood("the quotes of a word can be read in two ways", node.span)
        return word

    def command(self, node: Syntax) -> Command:
        """A program with all that stands around its name."""
        self._count += 1
        if self._count > MAX_COMMANDS:
            raise NotUnderstood(f"more than {MAX_COMMANDS} commands in one", node.span)
        words: list[Word] = []
        assignments: list[Assignment] = []
        redirects: list[Redirect] = []
        for child in node.children:
            if child.kind == "variable_assignment":
                assignments.append(self._assignment(child))
            elif child.kind.endswith("redirect"):
                redirects.extend(self.redirect(child))
            else:
                words.append(self.word(child))
        return Command(tuple(words), tuple(assignments), tuple(redirects), node.span)

    def assignments(self, node: Syntax) -> Command:
        """Variables alone, one or several."""
        nodes = (node,) if node.kind == "variable_assignment" else node.children
        return Command((), tuple(self._assignment(child) for child in nodes), (), node.span)

    def declaration(self, node: Syntax) -> Command:
        """`export NAME=value`, and what only shows (`declare -p`); all else is not understood."""
        kinds = {child.kind for child in node.children[1:]}
        if kinds <= {"word"}:
            name = plain_word(node.children[0].kind, node.children[0].span)
            return Command((name, *map(self.word, node.children[1:])), (), (), node.span)
        if node.children[0].kind != "export" or kinds != {"variable_assignment"}:
            raise NotUnderstood(f"{WHAT[node.kind]}", node.span)
        found = tuple(self._assignment(child) for child in node.children[1:])
        return Command((), found, (), node.span, exports=True)

    def redirect(self, node: Syntax) -> Iterator[Redirect]:
        """A redirect; none where it only closes something."""
        children = [child for child in node.children if child.kind != "file_descriptor"]
        if node.kind not in ("file_redirect", "herestring_redirect") or not children:
            raise NotUnderstood(f"{WHAT['heredoc_redirect']}", node.span)
        operator, targets = children[0], children[1:]
        if operator.kind in (">&-", "<&-") and not targets:
            return
        if len(targets) != 1:
            raise NotUnderstood("a redirect that is not clear", node.span)
        heredoc = self._heredocs.get(operator.span[0])
        if heredoc is not None and operator.kind == "<":
            self._seen.add(operator.span[0])
            yield Redirect("<<", heredoc, node.span)
            return
        kind = operator.kind
        if kind == "<" and operator.span[0] in self._strings:
            self._seen.add(operator.span[0])
            kind = "<<<"
        yield Redirect(kind, self.word(targets[0]), node.span)

    def check_heredocs(self) -> None:
        """Both readings of the text must have found the same here-documents."""
        if self._seen != self._heredocs.keys() | self._strings:
            raise NotUnderstood("a here-document that could not be read")

    def _assignment(self, node: Syntax) -> Assignment:
        name, value = node.child("name"), node.child("value")
        if node.kind != "variable_assignment" or name is None or name.kind != "variable_name":
            raise NotUnderstood("an assignment that is not plain", node.span)
        word = plain_word("", node.span) if value is None else self.word(value)
        appends = any(child.kind == "+=" for child in node.children)
        return Assignment(self.source(name), word, node.span, appends)

    def _inner(self, node: Syntax) -> Script:
        """The script inside `$(…)`, backticks or `<(…)`."""
        source = self.source(node)
        if source.startswith("`") and ("\\" in source or MARK in source):
            raise NotUnderstood("backticks with a backslash in them", node.span)
        for at, heredoc in self._heredocs.items():
            if node.span[0] <= at < node.span[1] and closes_early(heredoc.body):
                # Older shells end the substitution at the first `)` that has no partner.
                raise NotUnderstood("a bracket inside a here-document", heredoc.span)
        return self._scripts(node.children)
