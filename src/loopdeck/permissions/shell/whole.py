"""Files whose whole content stands in a command: `cat > f <<'EOF'`, `echo … > f`, `printf`."""

import posixpath
from collections.abc import Iterator

from loopdeck.permissions.shell.build import read_script
from loopdeck.permissions.shell.script import (
    Choice,
    Command,
    Heredoc,
    Node,
    NotUnderstood,
    Redirect,
    Script,
    Text,
    Word,
    plain_text,
)

_OPEN = frozenset("*?[~{")  # characters that mean something where they are not quoted


def written_whole(command: str) -> dict[str, str]:
    """Paths, from where the command begins, and what they hold once all of it has run well."""
    try:
        script = read_script(command)
    except NotUnderstood:
        return {}
    return dict(_walk(script))


def _walk(script: Script) -> Iterator[tuple[str, str]]:
    folder = ""
    for command in (found for part in script.parts for found in _in_turn(part)):
        words = [_literal(word) for word in command.words]
        if words and words[0] in ("cd", "popd", "pushd"):
            if len(words) != 2 or words[1][:1] in ("", "-"):
                return  # from here on nobody knows where a path leads
            folder = posixpath.join(folder, words[1])
        elif (target := _target(command.redirects)) and (content := _content(command, words)):
            yield posixpath.join(folder, target), content


def _in_turn(node: Node) -> Iterator[Command]:
    """The commands that run one after the other as long as each of them succeeds."""
    if isinstance(node, Command):
        yield node
    elif isinstance(node, Choice) and node.operator == "&&":
        yield from _in_turn(node.first)
        yield from _in_turn(node.second)


def _target(redirects: tuple[Redirect, ...]) -> str:
    """The one file that the output goes to."""
    files = [each for each in redirects if each.operator not in ("<<", "<<<")]
    if len(files) != 1 or files[0].operator not in (">", ">|"):
        return ""
    target = files[0].target
    return _literal(target) if isinstance(target, Word) else ""


def _content(command: Command, words: list[str]) -> str:
    match words:
        case ["cat"]:
            bodies = [each.target for each in command.redirects if each.operator == "<<"]
            return "".join(
                body.body for body in bodies[-1:] if isinstance(body, Heredoc) and body.literal
            )
        case ["echo", *rest] if rest and all(rest) and not rest[0].startswith("-"):
            return f"{' '.join(rest)}\n"
        case ["printf", text] if "%" not in text and "\\" not in text.replace("\\n", ""):
            return text.replace("\\n", "\n")
        case _:
            return ""


def _literal(word: Word) -> str:
    """The characters of a word; empty where the shell would make something else of them."""
    for piece in word.pieces:
        if isinstance(piece, Text) and not piece.quoted and _OPEN.intersection(piece.text):
            return ""
    return plain_text(word)
