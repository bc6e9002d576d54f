"""One simple command: its program's table, the paths it touches, and the command it may wrap."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from loopdeck.errors import ConfigError
from loopdeck.permissions.shell.bringing import BRINGS, bring
from loopdeck.permissions.shell.builtins import is_builtin, judge_builtin
from loopdeck.permissions.shell.feed import NOTHING, Feed
from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.interpreters import program_of_input, runs_its_input
from loopdeck.permissions.shell.known import STANDARD_FOLDERS, is_interpreter, table_name
from loopdeck.permissions.shell.little import APART, OF_WORDS, judge_text, judge_words, nested_words
from loopdeck.permissions.shell.looks import note_looks
from loopdeck.permissions.shell.modules import note_module
from loopdeck.permissions.shell.options import Argument, Usage, understand
from loopdeck.permissions.shell.parts import Part
from loopdeck.permissions.shell.place import UNKNOWN_FOLDER
from loopdeck.permissions.shell.rows import note_rows
from loopdeck.permissions.shell.scope import Scope
from loopdeck.permissions.shell.script import Script
from loopdeck.permissions.shell.tables import Table, load
from loopdeck.permissions.shell.touch import raise_category, touch
from loopdeck.permissions.shell.variables import judge_variable
from loopdeck.permissions.shell.writing import WRITES
from loopdeck.permissions.shell.xargs import appended
from loopdeck.session.values import Category

MAX_DEPTH = 5
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)


def _nobody(script: object, context: object) -> Findings:
    del script, context
    found = Findings()
    found.add(Category.UNKNOWN, "a script inside a command is not followed here")
    return found


@dataclass(frozen=True, slots=True)
class Context:
    """Where a command stands: what the shell knows there, and how deep it is wrapped.

    `shell` judges a text that another shell runs, `walk` a script of this one. `scattered` says
    that the scope's folders are only where it is started from; `assigned` are the variables that
    steer the program.
    """

    scope: Scope
    feed: Feed = NOTHING
    depth: int = 0
    parts: list[Part] = field(default_factory=list[Part])
    scattered: bool = False
    assigned: tuple[tuple[str, str], ...] = ()
    shell: "Callable[[str, Context], Findings]" = _nobody
    walk: "Callable[[Script, Context], Findings]" = _nobody


def judge_words_of(words: list[Argument], context: Context, *, alone: bool = True) -> Findings:
    """Judge a command by its words. `alone` is false where a redirect or variable adds to it."""
    found = Findings()
    if not words:
        return found
    name = words[0]
    own, nested = Findings(folders=context.scope.folders), list[list[Argument]]()
    if context.depth > MAX_DEPTH:
        own.add(Category.UNKNOWN, "too many commands wrapped into each other", name.span)
    elif not name.known or not name.text:
        own.add(Category.UNKNOWN, "what runs here is known only when it runs", name.span)
        note_looks(own, [word.text for word in words], context.scope.place)
    else:
        own.note("programs", posixpath.basename(name.text))
        nested = _program(words, context, own)
        note_rows(words, own)
    span = (name.span[0], max(name.span[1], words[-1].span[1]))
    texts = tuple(word.text for word in words)
    complete = alone and all(word.known for word in words)
    clear = not (context.scattered or UNKNOWN_FOLDER in own.folders)
    folders = own.folders if clear else ()
    steering = (*context.scope.steering.items(), *context.assigned)
    context.parts.append(Part(texts, own.category, span, complete, folders, steering))
    found.merge(own)
    scattered = context.scattered or own.scatters
    for command in nested:
        inner = replace(context, depth=context.depth + 1, scattered=scattered)
        found.merge(judge_words_of(command, inner, alone=alone))
    return found


def _program(words: list[Argument], context: Context, found: Findings) -> list[list[Argument]]:
    name = words[0]
    if "/" in name.text:
        return _by_path(words, context, found)
    if is_builtin(name.text):
        found.merge(judge_builtin(words, context.scope, context.feed))
        return []
    return _by_name(name.text, words, context, found)


def _by_path(words: list[Argument], context: Context, found: Findings) -> list[list[Argument]]:
    """A program named by its path: the system's own, or code of the workspace."""
    name, place = words[0], context.scope.place
    folder, base = posixpath.split(name.text)
    if folder in STANDARD_FOLDERS:
        return _by_name(base, words, context, found)
    found.flags.add("runs_code")
    where = found.path("reads", name.text, context.scope.folders, place)
    inside = bool(where) and not any(one.outside for one in where)
    if _table(base) is None or not (inside or is_interpreter(base)):
        if inside:
            found.add(Category.WRITE, f"`{name.text}` is a program of the workspace", name.span)
        else:
            found.add(Category.UNKNOWN, f"`{name.text}` is a program by its path", name.span)
        note_looks(found, [word.text for word in words[1:]], place)
        return []
    found.add(Category.WRITE, f"`{name.text}` is a program by its path", name.span)
    return _by_name(base, words, context, found)


def _table(name: str) -> Table | None:
    return load(table_name(name))


def _by_name(
    name: str, words: list[Argument], context: Context, found: Findings
) -> list[list[Argument]]:
    try:
        table = _table(name)
    except ConfigError as error:
        found.add(Category.UNKNOWN, str(error), words[0].span)
        return []
    if table is None:
        found.add(Category.UNKNOWN, f"`{name}` is not one of the known programs", words[0].span)
        note_looks(found, [word.text for word in words[1:]], context.scope.place)
        return []
    if table.language in OF_WORDS:
        return _expression(table, words, context, found)
    usage = understand(table, words[1:], words[0])
    for reason in usage.trouble:
        found.add(Category.UNKNOWN, reason.text, reason.span)
    if usage.trouble:
        note_looks(found, [word.text for word in words[1:]], context.scope.place)
    scope = _gone_to(usage, context.scope, found)
    raise_category(usage, scope, found)
    touch(usage, scope, found)
    if usage.table.dashless or usage.facts & BRINGS:
        bring(usage, words[0], context.feed, scope, found)
    if found.category is Category.NETWORK:
        note_looks(found, [word.text for word in words[1:]], context.scope.place)
    _missing(name, usage, words, context, found)
    return _wrapped(name, usage, words, context, found)


def _gone_to(usage: Usage, scope: Scope, found: Findings) -> Scope:
    """What holds where the program goes first; links on the way are the kernel's to follow."""
    for kind, word in usage.operands:
        if kind != "folder":
            continue
        found.path("reads", word.text, scope.folders, scope.place)
        clear = word.known and not word.stands_in and word.text[:1] != "~"
        clear = clear and UNKNOWN_FOLDER not in scope.folders
        scope = scope.copy()
        scope.folders = (
            tuple(posixpath.join(folder, word.text) for folder in scope.folders)
            if clear
            else (UNKNOWN_FOLDER,)
        )
    found.folders = scope.folders
    return scope


def _told_by_input(usage: Usage, name: Argument, context: Context, found: Findings) -> bool:
    """A database takes statements from its input; they are known where the command holds them."""
    language = usage.table.language
    if language not in APART or "script" not in usage.missing:
        return False
    text = _statements(name, context, found)
    if text is not None:
        judge_text(language, (Argument(text, name.span),), context.scope, found)
    return text is not None


def _statements(name: Argument, context: Context, found: Findings) -> str | None:
    """What comes in, where the command holds it or a file that will be the same by then."""
    feed, scope = context.feed, context.scope
    if feed.kind == "text":
        return feed.text
    if feed.kind != "file" or not feed.file or len(scope.folders) != 1:
        return None
    path = scope.place.real(posixpath.join(scope.folders[0], feed.file))
    found.relied[path] = name.span
    return scope.place.content(path) if path.startswith("/") else None


def _missing(
    name: str, usage: Usage, words: list[Argument], context: Context, found: Findings
) -> None:
    """What a program was not told: its input says it, or nobody does."""
    span = words[0].span
    if is_interpreter(name) and runs_its_input(name, usage, words):
        _run_input(name, words[0], context, found)
        if len(words) == 1 and context.feed.kind == "nothing":
            found.add(Category.UNKNOWN, f"`{name}` waits for somebody to type", span)
        return
    if usage.command or _told_by_input(usage, words[0], context, found):
        return
    if name == "xargs" or usage.missing & {"script", "command", "code"} or _lacks_verb(usage):
        found.add(Category.UNKNOWN, f"`{name}` is not told what to do", span)
    if usage.missing & {*WRITES, "changes"}:
        found.add(Category.WRITE, f"`{name}` writes what it is given", span)
    if "host" in usage.missing:
        found.add(Category.NETWORK, f"`{name}` talks to other machines", span)


def _lacks_verb(usage: Usage) -> bool:
    return bool(usage.missing and usage.table.subcommands)


def _expression(
    table: Table, words: list[Argument], context: Context, found: Findings
) -> list[list[Argument]]:
    found.flags.update(table.facts)
    found.add(table.category, f"`{table.name}` {table.about}", words[0].span)
    rest = words[1:]
    if words[0].text == "[" and rest and rest[-1].text == "]":
        rest = rest[:-1]
    inner = judge_words(table.language, words[0], rest, context.scope, found)
    found.scatters = any(nested.scattered for nested in inner)
    return [nested_words(nested, rest) for nested in inner]


def _wrapped(
    name: str, usage: Usage, words: list[Argument], context: Context, found: Findings
) -> list[list[Argument]]:
    """Commands inside the words: behind a wrapper, in `sh -c`, behind `python -m`."""
    scripts = [word for kind, word in usage.operands if kind == "script"]
    if scripts and usage.table.language == "sh":
        for script in _joined(scripts, usage):
            found.merge(_shell_text(script, context), script.span)
    elif scripts:
        inner = judge_text(usage.table.language, scripts, context.scope, found)
        return [nested_words(nested, scripts) for nested in inner]
    if not usage.command:
        return []
    command = list(usage.command)
    if usage.module and not _known_module(usage, context.scope, found):
        return []
    if name == "env":
        command = _environment(command, found)
    if name == "xargs":
        command = appended(words[1:], command, context.feed, context.scope)
    return [command] if command else []


def _joined(scripts: list[Argument], usage: Usage) -> list[Argument]:
    """Bare words that a shell is given are one text there (`watch ls -l`)."""
    if not any(slot.kind == "script" for slot in usage.table.operands):
        return scripts
    text = " ".join(word.text for word in scripts)
    span = (scripts[0].span[0], scripts[-1].span[1])
    return [Argument(text, span, many=any(word.many for word in scripts))]


def _known_module(usage: Usage, scope: Scope, found: Findings) -> bool:
    name = usage.command[0]
    known = name.known and _table(name.text) is not None
    note_module(name, scope, found, usual=known and not usage.operands)
    return known


def _environment(command: list[Argument], found: Findings) -> list[Argument]:
    while command and (assigned := _ASSIGNMENT.fullmatch(command[0].text)):
        word = command.pop(0)
        category, text = judge_variable(assigned[1], assigned[2])
        found.note("env_set", assigned[1])
        found.add(category, text, word.span)
    return command


def _run_input(name: str, word: Argument, context: Context, found: Findings) -> None:
    """The input is the program: known only where the script itself holds it."""
    text = program_of_input(name, word.span, context.feed, found)
    if text is not None:
        script = Argument(text, word.span)
        found.merge(_shell_text(script, context), word.span)


def _shell_text(script: Argument, context: Context) -> Findings:
    if not script.known or context.depth >= MAX_DEPTH:
        found = Findings()
        found.add(Category.UNKNOWN, "what the shell is given is not clear", script.span)
        return found
    return context.shell(script.text, replace(context, depth=context.depth + 1))
