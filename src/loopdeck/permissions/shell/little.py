"""Scripts in little languages, handed to their checkers; what they report, as findings."""

import posixpath
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.languages import awk, dd, find, jq, sed, sql, test
from loopdeck.permissions.shell.languages.report import Nested, Report
from loopdeck.permissions.shell.looking import range_of_find
from loopdeck.permissions.shell.marks import LISTED, UNSEEN
from loopdeck.permissions.shell.options import Argument
from loopdeck.permissions.shell.place import asks_for_secrets, is_socket, is_stream
from loopdeck.permissions.shell.scope import Scope
from loopdeck.permissions.shell.script import Span
from loopdeck.permissions.shell.spared import NOTHING_LOST
from loopdeck.permissions.shell.writing import follow, note_write
from loopdeck.session.values import Category

OF_TEXT: Final[Mapping[str, Callable[[str], Report]]] = {
    "awk": awk.check,
    "jq": jq.check,
    "sed": sed.check,
    "sql": sql.check,
}
APART: Final = frozenset({"sql"})  # each script is run for itself, also behind one with errors
OF_WORDS: Final[Mapping[str, Callable[[Sequence[str]], Report]]] = {
    "dd": dd.check,
    "find": find.check,
    "test": test.check,
}


def judge_text(
    language: str, scripts: Sequence[Argument], scope: Scope, found: Findings
) -> tuple[Nested, ...]:
    """Check the scripts of one program together; returns the commands that are in them."""
    check = OF_TEXT.get(language)
    first = scripts[0]
    if check is None:
        found.add(Category.UNKNOWN, f"nobody here can read its {language or 'script'}", first.span)
        return ()
    commands: list[Nested] = []
    texts = [_plain(script) for script in scripts]
    for text in texts if language in APART else ["\n".join(texts)]:
        report = check(text)
        for effect in report.effects:
            found.add(effect.category, effect.text, first.span)
        _paths(report, scope, found)
        commands += report.commands
    return tuple(commands)


def judge_words(
    language: str, name: Argument, words: Sequence[Argument], scope: Scope, found: Findings
) -> tuple[Nested, ...]:
    """Check words that are an expression; returns the commands that are in it."""
    # In a test a name is a name; `find` would take one that begins with a dash for an action.
    read = _as_name if language == "test" else _as_word
    if language == "test" and (loose := next((word for word in words if word.many), None)):
        text = "a word without quotes may become several, and one of them an operator"
        found.add(Category.UNKNOWN, text, loose.span)
    report = OF_WORDS[language]([read(word) for word in words])
    spared = _spares(report, name, scope, found)
    for effect in report.effects:
        span = name.span
        if effect.span is not None and words[slice(*effect.span)]:
            at = words[slice(*effect.span)]
            span = (at[0].span[0], at[-1].span[1])
        taken = spared and effect.category is Category.DESTRUCTIVE
        found.add(Category.WRITE if taken else effect.category, effect.text, span)
    if spared:
        found.add(Category.WRITE, NOTHING_LOST, name.span)
    _paths(report, scope, found)
    if report.follows:
        follow(report.reads, scope, found)
    if report.commands and any(asks_for_secrets(word.text) for word in words):
        found.flags.add("sensitive")
    return tuple(report.commands)


def _spares(report: Report, name: Argument, scope: Scope, found: Findings) -> bool:
    """Whether nothing is lost with what is deleted, each of which has a name that is known."""
    if not (report.picked and report.deletes) or report.commands:
        return False
    paths = [posixpath.join(at, root) for root in report.deletes for at in scope.folders]
    if not all(path.startswith("/") and UNSEEN not in path for path in paths):
        return False
    reals = [scope.place.real(path) for path in paths]
    if not all(scope.place.spares_named(path, name) for path in reals for name in report.picked):
        return False
    found.spared.update(dict.fromkeys(reals, name.span))
    for path in report.deletes:
        found.path("deletes", path, scope.folders, scope.place)
    report.deletes.clear()
    return True


def nested_words(nested: Nested, words: Sequence[Argument]) -> list[Argument]:
    """The words of a command inside an expression, with the spans they had there."""
    spans: list[Span] = [word.span for word in words[slice(*nested.span)]]
    within = range_of_find([word.text for word in words])
    out: list[Argument] = []
    for at, text in enumerate(nested.words):
        span = spans[at] if at < len(spans) else nested.span
        loose = text[:1] in (UNSEEN, LISTED)
        example = at in nested.examples
        found = nested.found if example else ""
        out.append(Argument(text, span, loose, stands_in=example, found=found, within=within))
    return out


def _as_name(word: Argument) -> str:
    return UNSEEN if word.many and not word.known else word.text


def _as_word(word: Argument) -> str:
    """A pattern that may become several words is certain only where its ending says so."""
    if word.many and not (word.text.startswith("*.") and word.text[2:].isalnum()):
        return UNSEEN if word.loose else _plain(word) + UNSEEN
    return _plain(word)


def _plain(word: Argument) -> str:
    return word.text.replace(LISTED, UNSEEN)


def _paths(report: Report, scope: Scope, found: Findings) -> None:
    for path in report.reads:
        found.path("reads", path, scope.folders, scope.place)
    for path in report.looks:
        found.look(path, scope.folders, scope.place)
    for path in report.deletes:
        found.path("deletes", path, scope.folders, scope.place)
        found.add(Category.DESTRUCTIVE, f"`{path}` is deleted")
    for path in report.writes:
        if is_stream(path):
            continue
        if is_socket(path):
            found.add(Category.UNKNOWN, "a connection is opened")
        found.path("writes", path, scope.folders, scope.place)
        found.add(Category.WRITE, f"`{path.replace(UNSEEN, '…')}` is written")
        note_write("writes", Argument(path, (0, 0)), scope, found)
