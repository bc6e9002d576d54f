"""The verdict on a whole command: read it, follow it, and fail closed wherever that stops."""

import re
from dataclasses import replace

from loopdeck.permissions.shell.build import read_script
from loopdeck.permissions.shell.feed import NOTHING
from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.hygiene import MAX_TEXT
from loopdeck.permissions.shell.known import is_interpreter
from loopdeck.permissions.shell.looks import note_looks
from loopdeck.permissions.shell.parts import Part
from loopdeck.permissions.shell.place import Place
from loopdeck.permissions.shell.rough import is_destructive, rough_parts
from loopdeck.permissions.shell.scope import Scope
from loopdeck.permissions.shell.script import NotUnderstood
from loopdeck.permissions.shell.simple import Context
from loopdeck.permissions.shell.walk import walk
from loopdeck.session.values import Assessment, Category


def classify(command: str, place: Place) -> Assessment:
    """The verdict on a command."""
    return _judged(command, place)[0].assessment()


def read(command: str, place: Place) -> tuple[Assessment, tuple[Part, ...]]:
    """The verdict, and every simple command inside, from one reading."""
    found, parts = _judged(command, place)
    return found.assessment(), parts


def parts_of(command: str, place: Place) -> tuple[Part, ...]:
    """Every simple command inside."""
    return _judged(command, place)[1]


def _judged(command: str, place: Place) -> tuple[Findings, tuple[Part, ...]]:
    parts: list[Part] = []
    scope = Scope(place, (place.start,))
    context = Context(scope, NOTHING, parts=parts, shell=_shell, walk=walk)
    try:
        found = walk(read_script(command), context)
        found.settle()
        if not found.reasons:
            found.add(Category.UNKNOWN, "there is no command")
    except (NotUnderstood, RecursionError) as stop:
        found = _not_understood(command, stop, place)
        parts = [
            Part(words, Category.UNKNOWN, (0, len(command)), False)
            for words in rough_parts(command)
        ]
    if found.category is Category.UNKNOWN:
        _look_for_destruction(command, found)
    return found, tuple(parts)


def _shell(text: str, context: Context) -> Findings:
    """What another shell does with a text: it starts in the same folder, without our variables."""
    inner = replace(context, scope=Scope(context.scope.place, context.scope.folders))
    try:
        return walk(read_script(text), inner)
    except NotUnderstood as stop:
        found = _not_understood(text, stop, context.scope.place)
        _look_for_destruction(text, found)
        return found


def _not_understood(command: str, stop: Exception, place: Place) -> Findings:
    found = Findings()
    span = stop.span if isinstance(stop, NotUnderstood) else None
    text = str(stop) if isinstance(stop, NotUnderstood) else "the command is nested too deep"
    found.add(Category.UNKNOWN, text, span)
    shown = command[:MAX_TEXT]
    note_looks(found, {re.sub(r"['\"\\]", "", word) for word in shown.split()[:2_000]}, place)
    if any(is_interpreter(part[0]) for part in rough_parts(command)):
        found.flags.add("runs_code")
    return found


def _look_for_destruction(command: str, found: Findings) -> None:
    """What is not understood may still be known to destroy; nothing is hidden by being unclear."""
    for part in rough_parts(command):
        if is_destructive(part):
            at = re.search(rf"(?<![\w.-]){re.escape(part[0])}(?![\w-])", command)
            found.add(Category.DESTRUCTIVE, f"`{part[0]}` destroys", at.span() if at else None)
            return
