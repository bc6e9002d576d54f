"""What a `find` can do: its tests and prints are reads, its other actions are named one by one."""

import re
from collections.abc import Sequence
from itertools import pairwise

from loopdeck.permissions.shell.known import SHELLS
from loopdeck.permissions.shell.languages.findwords import (
    Expression,
    Kind,
    Passed,
    Primary,
    common,
    expression,
)
from loopdeck.permissions.shell.languages.report import UNSEEN, Nested, Report
from loopdeck.permissions.shell.marks import LISTED
from loopdeck.session.values import Category

_NAMED = frozenset({"-name", "-iname", "-path", "-ipath", "-wholename", "-iwholename"})
_PLAIN_PATTERN = re.compile(r"[^\\\[\0]*[^\\\[\0*?.][^\\\[\0]*")
_WILD = re.compile(r"[*?\[\]\\]")
_PATH_WITH_BRACES = re.compile(r"[\w./{}+-]*")
_SCRIPT_FOLLOWS = re.compile(r"-\w*c")
NAME_ENDS = re.compile(r"\*[\w.-]{2,20}")
_MAX_STAND_INS = 16
_TANGLED = frozenset({"(", ",", "-o", "-or"})


def check(words: Sequence[str]) -> Report:
    """Judge the words behind `find`."""
    return _Check(words, expression(words)).read()


def told(words: Sequence[str], test: str) -> str:
    """The value of a test that each name has passed; empty where there is none."""
    return common(expression(words).shown(), test)


class _Check:
    """One pass over what an expression is made of."""

    def __init__(self, words: Sequence[str], found: Expression) -> None:
        self._words = words
        self._found = found
        self._report = Report()
        self._roots = list(found.roots) or ["."]
        self._picked: list[str] = []
        self._bounded = True

    def read(self) -> Report:
        """Read the folders, then the expression, then what it runs."""
        report, found = self._report, self._found
        options = self._words[: found.leading]
        report.follows = options[-1:] == ["-L"] or any(
            one.word == "-follow" for one in found.primaries
        )
        for at, root in enumerate(found.roots, found.leading):
            if root.startswith(UNSEEN):
                self._doubt(at, "may turn out to be more than a folder")
        report.reads.extend(self._roots)
        for one in found.primaries:
            self._primary(one)
        for one in found.primaries:
            if one.kind is Kind.RUNS and one.whole:
                self._nested(one)
        report.picked = tuple(self._picked) if self._bounded else ()
        if any(effect.category is Category.DESTRUCTIVE for effect in report.effects):
            report.deletes.extend(self._roots)
        return report

    def _primary(self, one: Primary) -> None:
        match one.kind:
            case Kind.BARE | Kind.VALUED | Kind.RUNS:
                lacks = "the end of its command" if one.kind is Kind.RUNS else "its value"
                if not one.whole:
                    self._doubt(one.start, f"lacks {lacks}")
            case Kind.DELETES:
                self._delete(one)
            case Kind.WRITES:
                self._report.writes.extend(self._words[one.start + 1 : one.start + 2])
                self._note(Category.WRITE, "writes the list to a file", one)
            case Kind.COMPARES:
                self._report.reads.extend(self._words[one.start + 1 : one.end])
            case Kind.STRANGE:
                self._doubt(one.start, "is not known to be safe in find")

    def _delete(self, one: Primary) -> None:
        """What all that comes to it has in common says what is deleted."""
        ran = any(each.kind is Kind.RUNS for each in self._found.primaries)
        plain = not (self._report.follows or ran)
        if plain and all(map(_takes_nothing, one.passed)):
            self._note(Category.WRITE, "deletes what is empty", one)
            return
        names = [each.get("-name", "") for each in one.passed if not _takes_nothing(each)]
        self._bounded = self._bounded and plain and all(map(_PLAIN_PATTERN.fullmatch, names))
        self._picked += names
        self._note(Category.DESTRUCTIVE, "deletes what is found", one)

    def _nested(self, one: Primary) -> None:
        """The command once for every kind of path that may stand in for `{}`."""
        span = (one.start + 1, one.end - 1)
        words = self._words[span[0] : span[1]]
        if not words or "{}" in words[0]:
            self._report.unknown("the found files themselves would be run", (one.start, span[1]))
            return
        shell = any(word.rpartition("/")[2] in SHELLS for word in words)
        for before, word in pairwise(words):
            script = shell and _SCRIPT_FOLLOWS.fullmatch(before)
            if "{}" in word and (script or not _PATH_WITH_BRACES.fullmatch(word)):
                self._report.unknown("a found name becomes part of a script", span)
        stand_ins = self._stand_ins()
        if not any("{}" in word for word in words):
            stand_ins = [""]
        scattered = one.word == "-execdir"
        examples = frozenset(at for at, word in enumerate(words) if "{}" in word)
        whole = all(words[at] == "{}" for at in examples)
        for path in stand_ins:
            command = tuple(word.replace("{}", path) for word in words)
            found = self._example(path, one.passed, whole=whole)
            self._report.commands.append(Nested(command, span, scattered, examples, found))

    def _example(self, path: str, passed: tuple[Passed, ...], *, whole: bool) -> str:
        """The pattern of the names that `path` is an example of; empty where none is a link's."""
        if whole and common(passed, "-type") == "f" and not self._report.follows:
            return ""  # what stands beside a file, as `{}.bak`, may be a link all the same
        root = next((root for root in self._roots if path.startswith(f"{root.rstrip('/')}/")), ".")
        name = common(passed, "-name")
        ending = name[1:] if whole and NAME_ENDS.fullmatch(name) else ""
        return f"{root.rstrip('/')}/{LISTED}{ending}"

    def _stand_ins(self) -> list[str]:
        """Paths that may be found: below each folder, each name that is asked for."""
        asked = [
            word
            for one in self._found.primaries
            if one.word in _NAMED and not self._is_left_out(one)
            for word in self._words[one.start + 1 : one.end]
        ]
        names = [_WILD.sub("", name).lstrip("/") or "found" for name in asked] or ["found"]
        folders = [path for path in self._roots if path]
        paths = [f"{folder.rstrip('/')}/{name}" for folder in folders for name in names]
        if len(paths) > _MAX_STAND_INS:
            self._report.unknown("this looks for more things than can be judged one by one")
        return paths[:_MAX_STAND_INS]

    def _is_left_out(self, one: Primary) -> bool:
        """Whether such names are told not to be found, plainly."""
        before = [*self._words[: one.start]][-2:]
        negated = before[-1:] == ["!"] or before[-1:] == ["-not"]
        return negated and before[0] not in ("!", "-not") and _TANGLED.isdisjoint(self._words)

    def _note(self, category: Category, text: str, one: Primary) -> None:
        self._report.add(category, f"`{one.word}` {text}", (one.start, one.end))

    def _doubt(self, at: int, text: str) -> None:
        shown = self._words[at].replace(UNSEEN, "…")
        self._report.unknown(f"`{shown}` {text}", (at, at + 1))


def _takes_nothing(passed: Passed) -> bool:
    """Whether only what is empty can be deleted: a folder is, if nothing is left in it."""
    return "-empty" in passed or passed.get("-type") == "d"
