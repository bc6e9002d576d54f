"""Follows a script as the shell would: folders and variables go along, every part is judged."""

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import assert_never

from loopdeck.permissions.shell.commands import (
    judge_command,
    judge_inside,
    judge_redirects,
    judge_test,
)
from loopdeck.permissions.shell.feed import Feed
from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.marks import LISTED, UNSEEN
from loopdeck.permissions.shell.options import Argument
from loopdeck.permissions.shell.place import UNKNOWN_FOLDER
from loopdeck.permissions.shell.scope import Scope
from loopdeck.permissions.shell.script import (
    Assignment,
    Background,
    Case,
    Choice,
    Command,
    For,
    Group,
    If,
    Node,
    Not,
    Pipeline,
    Redirected,
    Script,
    Test,
    While,
    Word,
    everything_in,
    plain_text,
)
from loopdeck.permissions.shell.simple import Context
from loopdeck.permissions.shell.variables import is_plain_name
from loopdeck.session.values import Category

_LEAVES = frozenset({"exit", "return", "break", "continue"})


def walk(script: Script, context: Context) -> Findings:
    """Judge a script. The context's scope is what holds after it."""
    found = Findings()
    for part in script.parts:
        before = context.scope.copy()
        context.scope.visited = ()
        found.merge(_node(part, context))
        if not _cannot_fail(part, before, context):
            _may_have_failed(part, before, context.scope)
    return found


def _cannot_fail(part: Node, before: Scope, context: Context) -> bool:
    """Whether a folder is gone to that is there, and that nothing on the way can take away."""
    if not isinstance(part, Command) or any(
        other.category is not Category.READ for other in context.parts
    ):
        return False
    place, texts = before.place, [plain_text(word) for word in part.words]
    if len(texts) != 2 or texts[0] not in ("cd", "pushd") or not texts[1].strip("-+"):
        return False
    paths = [posixpath.join(folder, texts[1]) for folder in before.folders]
    return all(path.startswith("/") and place.folder(place.real(path)) for path in paths)


def _may_have_failed(part: Node, before: Scope, after: Scope) -> None:
    """Nobody waits for success between statements, so every folder on the way may be the one."""
    if isinstance(part, Choice) and part.operator == "||" and _is_exit(part.second):
        return  # what comes next comes after success
    if isinstance(part, Choice):
        after.join(before)
        names = list(_assigned(part))
        after.forget(name for name in names if names.count(name) > 1)
    after.join_folders((*before.folders, *after.visited))
    after.visited = (*before.visited, *after.visited)


def _node(node: Node, context: Context) -> Findings:
    match node:
        case Command():
            return judge_command(node, context)
        case Test():
            return judge_test(node, context)
        case Redirected():
            return _redirected(node, context)
        case Pipeline():
            return _pipeline(node, context)
        case Choice():
            return _choice(node, context)
        case Background():
            return _background(node, context)
        case _:
            return _compound(node, context)


def _compound(node: Not | Group | For | While | If | Case, context: Context) -> Findings:
    match node:
        case Not(body):
            return _node(body, context)
        case Group(body, subshell):
            return walk(body, _apart(context) if subshell else context)
        case For():
            return _for(node, context)
        case While(condition, body):
            return _loop(lambda inner: _both(condition, body, inner), node, context)
        case If(branches):
            return _if(branches, context)
        case Case(word, bodies):
            return _case(word, bodies, context)
        case _:
            assert_never(node)


def _apart(context: Context, feed: Feed | None = None) -> Context:
    return replace(context, scope=context.scope.copy(), feed=feed or context.feed)


def _both(first: Script, second: Script, context: Context) -> Findings:
    found = walk(first, context)
    found.merge(walk(second, context))
    return found


def _choice(node: Choice, context: Context) -> Findings:
    """The scope goes on as it is after success."""
    before = context.scope.copy()
    found = _node(node.first, context)
    if node.operator == "&&":
        found.merge(_node(node.second, context))
        return found
    inner = _apart(context)
    inner.scope.join_folders((*before.folders, *context.scope.visited))
    inner.scope.forget(_assigned(node.first))
    found.merge(_node(node.second, inner))
    if not _is_exit(node.second):
        context.scope.join(inner.scope)
    return found


def _is_exit(node: Node) -> bool:
    match node:
        case Command(words=(word, *_)):
            return plain_text(word) in _LEAVES
        case Group(body) if body.parts:
            return _is_exit(body.parts[-1])
        case _:
            return False


def _background(node: Background, context: Context) -> Findings:
    """What is left running ends with the command; until then it runs beside what follows."""
    found = _node(node.body, _apart(context))
    found.unordered = True
    if found.category is not Category.READ:
        found.flags.add("background")
    return found


def _pipeline(node: Pipeline, context: Context) -> Findings:
    found = Findings()
    feed = context.feed
    for at, part in enumerate(node.parts):
        inner = _node(part, _apart(context, feed))
        found.merge(inner)
        network = feed.network or "hosts" in inner.lists or inner.category is Category.NETWORK
        parts, folders = node.parts[: at + 1], context.scope.folders
        feed = Feed("pipe", parts=parts, network=network, folders=folders)
    return found


def _for(node: For, context: Context) -> Findings:
    found = Findings()
    values: list[str] = []
    for binding in context.scope.bindings(node.words):
        for word in node.words:
            found.merge(judge_inside(word, context))
            values.extend(_value(argument) for argument in context.scope.expand(word, binding))
    if not is_plain_name(node.name, context.scope.place):
        found.add(Category.UNKNOWN, f"the loop changes `{node.name}`", node.span)

    def once(inner: Context) -> Findings:
        inner.scope.assign(node.name, values or [UNSEEN])
        return walk(node.body, inner)

    found.merge(_loop(once, node, context))
    return found


def _value(argument: Argument) -> str:
    """What a loop's variable may hold: of a pattern only what stands before its first sign."""
    text = argument.text
    for sign in "*?[":
        text = text.replace(sign, LISTED) if argument.many else text
    return text


def _loop(once: Callable[[Context], Findings], node: Node, context: Context) -> Findings:
    """A body may run never or often: what it changes is not known before its second turn."""
    inner = _apart(context)
    inner.scope.forget(_assigned(node))
    found = once(inner)
    if inner.scope.folders != context.scope.folders:
        inner.scope.folders = (UNKNOWN_FOLDER,)
        inner.scope.forget(_assigned(node))
        found.merge(once(inner))
    context.scope.join(inner.scope)
    return found


def _if(branches: tuple[tuple[Script, Script], ...], context: Context) -> Findings:
    found = Findings()
    ends: list[Scope] = []
    for condition, body in branches:
        found.merge(walk(condition, context))
        inner = _apart(context)
        found.merge(walk(body, inner))
        ends.append(inner.scope)
    for scope in ends:
        context.scope.join(scope)
    return found


def _case(word: Word, bodies: tuple[Script, ...], context: Context) -> Findings:
    found = judge_inside(word, context)
    ends: list[Scope] = []
    for body in bodies:
        inner = _apart(context)
        found.merge(walk(body, inner))
        ends.append(inner.scope)
    for scope in ends:
        context.scope.join(scope)
    return found


def _redirected(node: Redirected, context: Context) -> Findings:
    found = Findings()
    for redirect in node.redirects:
        if isinstance(redirect.target, Word):
            found.merge(judge_inside(redirect.target, context))
    feed = judge_redirects(node.redirects, {}, context, found)
    inner = replace(context, feed=feed or context.feed)
    found.merge(_node(node.body, inner))
    return found


def _assigned(node: Node) -> Iterator[str]:
    """Every variable that a part of a script may change."""
    for part in everything_in(node):
        match part:
            case Assignment(name) | For(name):
                yield name
            case Command(words) if words and plain_text(words[0]) == "read":
                yield from (plain_text(word) for word in words[1:])
            case _:
                pass
