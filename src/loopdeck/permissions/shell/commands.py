"""Commands with their redirects and variables, tests, and the commands inside words."""

import re
from dataclasses import replace

from loopdeck.permissions.shell.committed import of_commits
from loopdeck.permissions.shell.feed import NOTHING, Feed
from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.languages.test import COMPARES_NUMBERS
from loopdeck.permissions.shell.listings import listed
from loopdeck.permissions.shell.little import judge_words
from loopdeck.permissions.shell.marks import UNSEEN
from loopdeck.permissions.shell.options import Argument
from loopdeck.permissions.shell.redirects import judge_redirect
from loopdeck.permissions.shell.scope import Binding, Scope
from loopdeck.permissions.shell.script import (
    Assignment,
    Command,
    Heredoc,
    Node,
    Pipeline,
    Process,
    Redirect,
    Script,
    Substitution,
    Test,
    Word,
    plain_text,
)
from loopdeck.permissions.shell.simple import Context, judge_words_of
from loopdeck.permissions.shell.variables import (
    is_plain_name,
    judge_variable,
    means_nothing,
    steers,
)
from loopdeck.session.values import Category

_NEW_NAME = "/tmp/tmp.XXXXXXXXXX"
_TEMPLATE = re.compile(r"/tmp/[\w.-]*XXX")


def judge_command(node: Command, context: Context) -> Findings:
    words = [*node.words, *(a.value for a in node.assignments)]
    words += [r.target for r in node.redirects if isinstance(r.target, Word)]
    found = Findings()
    for word in words:
        if any(isinstance(piece, Substitution | Process) for piece in word.pieces):
            found.merge(judge_inside(word, context))
    bindings = list(context.scope.bindings(words))
    if len(bindings) == 1:
        _bound(node, bindings[0], context, found)
        return found
    ends: list[Scope] = []
    for binding in bindings:
        inner = replace(context, scope=context.scope.copy())
        _bound(node, binding, inner, found)
        ends.append(inner.scope)
    context.scope.become(ends)
    return found


def _bound(node: Command, binding: Binding, context: Context, found: Findings) -> None:
    """The command with one choice of values for its variables."""
    scope = context.scope
    arguments = [a for word in node.words for a in scope.expand(word, binding)]
    feed = judge_redirects(node.redirects, binding, context, found) or context.feed
    added = Findings()
    for assignment in node.assignments:
        _assign(assignment, binding, node, scope, added)
    if arguments:
        alone = not node.assignments and not _writes(node.redirects)
        inner = replace(context, feed=feed, assigned=_steering(node, binding, scope))
        judged = judge_words_of(arguments, inner, alone=alone)
        found.merge(judged)
    found.merge(added)


def _steering(node: Command, binding: Binding, scope: Scope) -> tuple[tuple[str, str], ...]:
    """The variables in front of a command that can change what its program does."""
    if not node.assignments:
        return ()
    pairs = ((each, scope.expand(each.value, binding)) for each in node.assignments)
    texts = ((each.name, " ".join(value.text for value in values)) for each, values in pairs)
    return tuple((name, text) for name, text in texts if steers(name, text))


def _writes(redirects: tuple[Redirect, ...]) -> bool:
    return any(redirect.operator not in ("<", "<<", "<<<") for redirect in redirects)


def _assign(
    node: Assignment, binding: Binding, command: Command, scope: Scope, found: Findings
) -> None:
    values = scope.expand(node.value, binding)
    text = " ".join(value.text for value in values)
    if not command.words and not command.exports:
        if not is_plain_name(node.name, scope.place):
            found.add(Category.UNKNOWN, f"`{node.name}` may steer later programs", node.span)
        scope.assign(node.name, (UNSEEN,) if node.appends else (text,))
        found.add(Category.READ, f"`{node.name}` gets a value", node.span)
        return
    if node.name == "IFS" and command.words and plain_text(command.words[0]) == "read":
        return  # how one line is split, and no more
    category, why = judge_variable(node.name, text)
    found.note("env_set", node.name)
    if command.exports:
        if steers(node.name, text):
            scope.steering[node.name] = text
        scope.assign(node.name, (UNSEEN,) if node.appends else (text,))
        if means_nothing(node.name, text):
            category, why = Category.READ, f"`{node.name}` is exported, and no program obeys it"
    if category is Category.WRITE:
        found.flags.add("runs_code")
    found.add(category, why, node.span)


def judge_redirects(
    redirects: tuple[Redirect, ...], binding: Binding, context: Context, found: Findings
) -> Feed | None:
    feed: Feed | None = None
    for redirect in redirects:
        if isinstance(redirect.target, Heredoc):
            text = redirect.target.body if redirect.target.literal else None
            feed = Feed("text", text)
            continue
        if redirect.operator == "<" and (script := _only_process(redirect.target)):
            network = "hosts" in found.lists or Category.NETWORK in found.reasons.values()
            feed = Feed("pipe", parts=_pipe(script), network=network)
            continue
        words = context.scope.expand(redirect.target, binding)
        feed = judge_redirect(redirect.operator, words, redirect.span, context.scope, found) or feed
    return feed


def _only_process(word: Word) -> Script | None:
    """The script whose output comes in (`< <(…)`), judged with the word."""
    [*others, piece] = word.pieces or (None,)
    return piece.script if isinstance(piece, Process) and not others else None


def _pipe(script: Script) -> tuple[Node, ...]:
    parts = script.parts
    if len(parts) == 1 and isinstance(parts[0], Pipeline):
        return parts[0].parts
    return parts if len(parts) == 1 else ()


def judge_inside(word: Word, context: Context) -> Findings:
    """The commands inside a word, and what is known of their output."""
    found = Findings()
    for piece in word.pieces:
        if isinstance(piece, Substitution | Process):
            inner = replace(context, scope=context.scope.copy(), feed=NOTHING)
            found.merge(context.walk(piece.script, inner))
            context.scope.outputs[id(piece.script)] = _output(piece.script, context)
    return found


def _output(script: Script, context: Context) -> str:
    folders = context.scope.folders
    if len(script.parts) != 1:
        return UNSEEN
    part = script.parts[0]
    if isinstance(part, Command):
        texts = [plain_text(word) for word in part.words]
        if texts == ["pwd"] and len(folders) == 1:
            return folders[0] or UNSEEN
        if texts[:1] == ["mktemp"]:
            return _temporary(texts[1:], context.scope)
    parts = part.parts if isinstance(part, Pipeline) else (part,)
    return of_commits(listed(parts), parts, folders, context.scope.place)


def _temporary(words: list[str], scope: Scope) -> str:
    """The new name that `mktemp` prints, where such places are the command's own."""
    names = [word for word in words if word not in ("-d", "--directory")] or [_NEW_NAME]
    plain = len(names) == 1 and _TEMPLATE.fullmatch(names[0])
    own = scope.place.private(names[0]) and not scope.place.exported("TMPDIR")
    return names[0] if plain and own else UNSEEN


def judge_test(node: Test, context: Context) -> Findings:
    found = Findings()
    words = [part for part in node.parts if isinstance(part, Word)]
    for word in words:
        found.merge(judge_inside(word, context))
    for binding in context.scope.bindings(words):
        arguments: list[Argument] = []
        for part in node.parts:
            if isinstance(part, Word):
                arguments += context.scope.expand(part, binding) or [Argument("", part.span)]
            else:
                arguments.append(Argument(part, node.span))
        if (
            node.double
            and any(a.text in COMPARES_NUMBERS for a in arguments)
            and not _numeric(arguments)
        ):
            found.add(Category.UNKNOWN, "numbers compared in `[[` can run commands", node.span)
        name = Argument("[", (node.span[0], node.span[0] + 1))
        if node.double:
            arguments = [Argument(a.text, a.span) for a in arguments]  # `[[` splits nothing
        judge_words("test", name, arguments, context.scope, found)
    found.add(Category.READ, "`[` only asks", node.span)
    return found


def _numeric(arguments: list[Argument]) -> bool:
    """Whether everything compared as a number is one."""
    for at, argument in enumerate(arguments):
        if argument.text in COMPARES_NUMBERS:
            sides = arguments[max(at - 1, 0) : at] + arguments[at + 1 : at + 2]
            if not all(side.known and side.text.lstrip("-").isdecimal() for side in sides):
                return False
    return True
