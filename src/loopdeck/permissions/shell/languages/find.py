"""What a `find` can do: its tests and prints are reads, its other actions are named one by one."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from loopdeck.permissions.shell.known import SHELLS
from loopdeck.permissions.shell.languages.report import UNSEEN, Nested, Report, Span
from loopdeck.permissions.shell.marks import LISTED
from loopdeck.session.values import Category

_LEADING = re.compile(r"-[HLPE]+|-O[0-3]")
_STARTS_EXPRESSION = re.compile(r"-.|[(!,)]$", re.DOTALL)
_BARE_WORDS = """
    ( ) ! , -not -a -and -o -or -true -false -print -print0 -ls -prune -quit -depth -d -mount
    -xdev -daystart -follow -noleaf -ignore_readdir_race -noignore_readdir_race -warn -nowarn
    -empty -executable -readable -writable -nogroup -nouser -help --help -version --version
"""
_VALUED_WORDS = """
    -name -iname -path -ipath -wholename -iwholename -regex -iregex -lname -ilname -type -xtype
    -size -maxdepth -mindepth -mtime -mmin -atime -amin -ctime -cmin -perm -user -group -uid
    -gid -links -inum -fstype -regextype -used -printf -context
"""
_BARE = frozenset(_BARE_WORDS.split())
_VALUED = frozenset(_VALUED_WORDS.split())
_NAMED = frozenset({"-name", "-iname", "-path", "-ipath", "-wholename", "-iwholename"})
_COMPARES_FILE = re.compile(r"-[ac]?newer|-samefile|-newer[aBcm][aBcm]")
_COMPARES_TIME = re.compile(r"-newer[aBcm]t")
_WRITES = {"-fprint": 1, "-fprint0": 1, "-fls": 1, "-fprintf": 2}
_ACTS = re.compile(r"-f?print|-fls$|-ls$|-exec|-ok|-delete$|-quit$")
_TAKES_COMMAND = re.compile(r"-(?:exec|ok)(?:dir)?")
_RUNS = frozenset({"-exec", "-execdir"})
_JOINS = frozenset({"(", ")", "!", ",", "-not", "-o", "-or"})
_PLAIN_PATTERN = re.compile(r"[^\\\[\0]*[^\\\[\0*?.][^\\\[\0]*")
_WILD = re.compile(r"[*?\[\]\\]")
_PATH_WITH_BRACES = re.compile(r"[\w./{}+-]*")
_SCRIPT_FOLLOWS = re.compile(r"-\w*c")
NAME_ENDS = re.compile(r"\*[\w.-]{2,20}")
_MAX_STAND_INS = 16


def check(words: Sequence[str]) -> Report:
    """Judge the words behind `find`."""
    return _Expression(words).read()


def told(words: Sequence[str], test: str) -> str:
    """The value of a test that each name has passed; empty where there is none.

    What stands behind an action comes too late for it, except for another branch.
    """
    depth, top, acts = 0, list[str](), False
    for word in _without_commands(words):
        depth += (word == "(") - (word == ")")
        if depth < 0 or (depth == 0 and word in ("-o", "-or", ",")):
            return ""
        acts = acts or _ACTS.match(word) is not None
        top += [word] if depth == 0 and not acts else []
    at = top.index(test) if test in top else -1
    denied = at > 0 and top[at - 1] in ("!", "-not")
    return top[at + 1] if 0 <= at < len(top) - 1 and not denied else ""


def _without_commands(words: Sequence[str]) -> Iterator[str]:
    """The words of the expression itself: those of a command in it are another program's."""
    inside, before = False, ""
    for word in words:
        if not inside:
            yield word
        ends = word == ";" or (word == "+" and before == "{}")
        inside = not ends if inside else _TAKES_COMMAND.fullmatch(word) is not None
        before = word


class _Expression:
    """One pass over the words."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._at = 0
        self._report = Report()
        self._runs: list[Span] = []
        self._names: list[str] = []
        self._roots: list[str] = []
        self._joined = False
        self._picked = ""
        self._empty = False

    def read(self) -> Report:
        """Read the folders, then the expression, then what it runs."""
        report = self._report
        while self._at < len(self._words) and _LEADING.fullmatch(self._words[self._at]):
            self._report.follows = self._words[self._at] == "-L"
            self._at += 1
        self._folders()
        while self._at < len(self._words):
            self._primary(self._words[self._at])
        for span in self._runs:
            self._nested(span)
        if any(effect.category is Category.DESTRUCTIVE for effect in report.effects):
            report.deletes.extend(self._roots)
        return report

    def _folders(self) -> None:
        while self._at < len(self._words):
            word = self._words[self._at]
            if _STARTS_EXPRESSION.match(word):
                break
            if word.startswith(UNSEEN):
                self._doubt("may turn out to be more than a folder")
            self._roots.append(word)
            self._at += 1
        self._roots = self._roots or ["."]
        self._report.reads.extend(self._roots)

    def _primary(self, word: str) -> None:
        if word in _BARE:
            self._joined = self._joined or word in _JOINS
            self._empty = self._empty or word == "-empty"
            self._report.follows = self._report.follows or word == "-follow"
            self._at += 1
        elif word in _VALUED or _COMPARES_TIME.fullmatch(word):
            self._valued(word)
        elif word in _RUNS:
            self._command()
        elif word == "-delete":
            self._delete()
        elif word in _WRITES:
            self._write(_WRITES[word])
        elif _COMPARES_FILE.fullmatch(word):
            self._report.reads.extend(self._words[self._at + 1 : self._at + 2])
            self._at += 2
        else:
            self._doubt("is not known to be safe in find")
            self._at += 1

    def _valued(self, word: str) -> None:
        if word in _NAMED:
            self._names.extend(self._words[self._at + 1 : self._at + 2])
        self._narrow(word, *self._words[self._at + 1 : self._at + 2])
        self._at += 2
        if self._at > len(self._words):
            self._at -= 2
            self._doubt("lacks its value")
            self._at = len(self._words)

    def _narrow(self, word: str, value: str = "") -> None:
        """What all that is found has in common, as far as it tells what a deletion takes."""
        if word == "-name" and _PLAIN_PATTERN.fullmatch(value):
            self._picked = value
        # A folder is deleted only if nothing is left in it.
        self._empty = self._empty or (word == "-type" and value == "d")

    def _delete(self) -> None:
        """Only what stands in front of it, and holds all together, says what is deleted."""
        plain = not (self._joined or self._report.follows or self._runs)
        if plain and self._empty:
            self._note(Category.WRITE, "deletes what is empty", 1)
            return
        self._report.picked = self._picked if plain else ""
        self._note(Category.DESTRUCTIVE, "deletes what is found", 1)

    def _write(self, taken: int) -> None:
        self._report.writes.extend(self._words[self._at + 1 : self._at + 2])
        self._note(Category.WRITE, "writes the list to a file", 1 + taken)

    def _command(self) -> None:
        """The words up to `;`, or up to a `+` behind `{}`, as find itself looks for the end."""
        start = self._at + 1
        for end in range(start, len(self._words)):
            word = self._words[end]
            if word == ";" or (word == "+" and end > start and self._words[end - 1] == "{}"):
                self._runs.append((start, end))
                self._at = end + 1
                return
        self._doubt("has no end to its command")
        self._at = len(self._words)

    def _nested(self, span: Span) -> None:
        """The command once for every kind of path that may stand in for `{}`."""
        words = self._words[span[0] : span[1]]
        if not words or "{}" in words[0]:
            self._report.unknown("the found files themselves would be run", (span[0] - 1, span[1]))
            return
        shell = any(word.rpartition("/")[2] in SHELLS for word in words)
        for before, word in pairwise(words):
            script = shell and _SCRIPT_FOLLOWS.fullmatch(before)
            if "{}" in word and (script or not _PATH_WITH_BRACES.fullmatch(word)):
                self._report.unknown("a found name becomes part of a script", span)
        stand_ins = self._stand_ins()
        if not any("{}" in word for word in words):
            stand_ins = [""]
        scattered = self._words[span[0] - 1] == "-execdir"
        examples = frozenset(at for at, word in enumerate(words) if "{}" in word)
        whole = all(words[at] == "{}" for at in examples)
        for path in stand_ins:
            command = tuple(word.replace("{}", path) for word in words)
            found = self._found(path, whole=whole)
            self._report.commands.append(Nested(command, span, scattered, examples, found))

    def _found(self, path: str, *, whole: bool) -> str:
        """The pattern of the names that `path` is an example of; empty where none is a link's."""
        if told(self._words, "-type") == "f" and not self._report.follows:
            return ""
        root = next((root for root in self._roots if path.startswith(f"{root.rstrip('/')}/")), ".")
        name = told(self._words, "-name")
        ending = name[1:] if whole and NAME_ENDS.fullmatch(name) else ""
        return f"{root.rstrip('/')}/{LISTED}{ending}"

    def _stand_ins(self) -> list[str]:
        """Paths that may be found: below each folder, each name that is asked for."""
        names = [_WILD.sub("", name).lstrip("/") or "found" for name in self._names] or ["found"]
        folders = [path for path in self._roots if path]
        paths = [f"{folder.rstrip('/')}/{name}" for folder in folders for name in names]
        if len(paths) > _MAX_STAND_INS:
            self._report.unknown("this looks for more things than can be judged one by one")
        return paths[:_MAX_STAND_INS]

    def _note(self, category: Category, text: str, length: int) -> None:
        span = (self._at, min(self._at + length, len(self._words)))
        self._report.add(category, f"`{self._words[self._at]}` {text}", span)
        self._at = span[1]

    def _doubt(self, text: str) -> None:
        shown = self._words[self._at].replace(UNSEEN, "…")
        self._report.unknown(f"`{shown}` {text}", (self._at, self._at + 1))
