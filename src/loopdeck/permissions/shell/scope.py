"""What the shell would know at one point of a script: its folder and its variables."""

import itertools
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from loopdeck.permissions.shell.looking import EVERYTHING
from loopdeck.permissions.shell.marks import LISTED, UNSEEN
from loopdeck.permissions.shell.options import Argument
from loopdeck.permissions.shell.place import UNKNOWN_FOLDER, Place
from loopdeck.permissions.shell.script import (
    Braces,
    NotUnderstood,
    Number,
    Parameter,
    Piece,
    Process,
    Span,
    Substitution,
    Text,
    Word,
)
from loopdeck.permissions.shell.splitting import split_up

MAX_FOLDERS = 4
MAX_VALUES = 64
OWN_JOB = "%!"  # what stands for the number of the last command that was left running
_NUMERIC = frozenset({"?", "#", "$", "!", "RANDOM", "SECONDS", "LINENO", "UID", "EUID", "PPID"})
_GLOBS = re.compile(r"[*?\[]")
_MARKS = re.compile(f"[{UNSEEN}{LISTED}]")
_BELOW = re.compile(f"([\\w.][^{UNSEEN}{LISTED}]*/){LISTED}[^{UNSEEN}]*")  # begins with a folder
_AWAY = re.compile(r"[/~]|(?:.*/)?\.\./")  # nothing is left of it that is known to be below
_SPLITS = re.compile(r"[\s*?\[\0\1]")

Values = tuple[str, ...]
Binding = Mapping[str, str]


@dataclass(slots=True)
class Scope:
    """Every folder the shell may be in, and every text a variable may hold.

    A text may hold `UNSEEN` and `LISTED` for what is not known of it. `outputs` are the texts of
    substitutions, by the identity of their scripts; `visited` the folders of the running statement;
    `left` those that the shell was in and may go back to;
    `born` the files that the command itself makes where none were, by the output of its parts,
    `linked` the links that it makes, `listed` where git may have been told of other files, and
    `steering` what it exports to later programs.
    """

    place: Place
    folders: tuple[str, ...]
    names: dict[str, Values] = field(default_factory=dict[str, Values])
    outputs: dict[int, str] = field(default_factory=dict[int, str])
    visited: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    born: set[str] = field(default_factory=set[str])
    linked: set[str] = field(default_factory=set[str])
    listed: set[str] = field(default_factory=set[str])
    steering: dict[str, str] = field(default_factory=dict[str, str])

    def copy(self) -> "Scope":
        """A scope that may go its own way."""
        names = dict(self.names)
        made = (self.born, self.linked, self.listed, self.steering)
        return Scope(self.place, self.folders, names, self.outputs, self.visited, self.left, *made)

    def enter(self, folders: tuple[str, ...]) -> None:
        """The shell changes its folder."""
        self.left = tuple(dict.fromkeys((*self.left, *self.folders)))
        self.folders = folders
        self.visited = tuple(dict.fromkeys((*self.visited, *folders)))

    def become(self, ends: "Iterable[Scope]") -> None:
        """Any of these is true now, and nothing else."""
        for at, end in enumerate(ends):
            if at == 0:
                self.folders, self.names = end.folders, dict(end.names)
                self.visited, self.left = end.visited, end.left
            else:
                self.join(end)

    def join(self, other: "Scope") -> None:
        """From here on either may be true."""
        self.join_folders(other.folders)
        self.left = tuple(dict.fromkeys((*self.left, *other.left)))
        for name in self.names.keys() | other.names.keys():
            mine = self.names.get(name, (UNSEEN,))
            self.assign(name, (*mine, *other.names.get(name, (UNSEEN,))))

    def join_folders(self, folders: tuple[str, ...]) -> None:
        """The shell may as well be in one of these."""
        both = tuple(dict.fromkeys((*self.folders, *folders)))
        self.folders = both if len(both) <= MAX_FOLDERS else (UNKNOWN_FOLDER,)

    def assign(self, name: str, values: Iterable[str]) -> None:
        """A variable gets one of these values."""
        found = tuple(dict.fromkeys(values))
        self.names[name] = found if 0 < len(found) <= MAX_VALUES else (UNSEEN,)

    def forget(self, names: Iterable[str]) -> None:
        """Variables that may have changed meanwhile."""
        self.names.update(dict.fromkeys(names, (UNSEEN,)))

    def bindings(self, words: Iterable[Word]) -> Iterator[Binding]:
        """Every combination of values of the variables in these words."""
        names = {name for word in words for name in names_in(word)}
        several = {name: self.names[name] for name in sorted(names) if name in self.names}
        count = 1
        for values in several.values():
            count *= len(values)
        if count > MAX_VALUES:
            yield dict.fromkeys(several, UNSEEN)
            return
        for combination in itertools.product(*several.values()):
            yield dict(zip(several, combination, strict=True))

    def expand(self, word: Word, binding: Binding) -> list[Argument]:
        """What a word becomes; empty where it vanishes."""
        if len(word.pieces) == 1 and isinstance(piece := word.pieces[0], Text):
            argument = self._plain(piece, word.span)  # nearly every word
            return [] if argument is None else [argument]
        if len(word.pieces) == 1 and isinstance(piece := word.pieces[0], Parameter):
            value = self._value(piece, binding)
            if not piece.quoted and " " in value and not _GLOBS.search(value):
                return [_argument(part, word.span) for part in value.split()]
        choices = [piece.texts if isinstance(piece, Braces) else ("",) for piece in word.pieces]
        out: list[Argument] = []
        for chosen in itertools.product(*choices):
            if len(out) >= MAX_VALUES:
                raise NotUnderstood("braces expand to too many words", word.span)
            argument = self._one(word, chosen, binding)
            if argument is not None:
                out.append(argument)
        return out

    def _plain(self, piece: Text, span: Span) -> Argument | None:
        text = self._home(piece, piece.text)
        if not text and not piece.quoted:
            return None
        many = not piece.quoted and _GLOBS.search(piece.text) is not None
        loose = many and _may_be_option(text, first=True)
        return Argument(text, span, loose or text[:1] in (UNSEEN, LISTED), many)

    def _one(self, word: Word, chosen: tuple[str, ...], binding: Binding) -> Argument | None:
        text, many, quoted, wild = "", False, False, False
        for at, piece in enumerate(word.pieces):
            part, splits = self._text(piece, chosen[at], binding, word.span)
            if at == 0 and not isinstance(piece, Process):
                part = self._home(piece, part)
            # A pattern at the beginning, and whatever is split at blanks, may become an option.
            first = not text
            wild = wild or (
                splits and _may_be_option(part, first=first) and not (first and self._stays(part))
            )
            # Nothing may be left of a name that lost its end.
            bare = text == LISTED and part[:1] == "/" and _loses_end(word.pieces[at - 1])
            text = UNSEEN if bare else text + part
            many = many or splits
            quoted = quoted or getattr(piece, "quoted", False)
        if not text and not quoted:
            return None
        return Argument(text, word.span, wild or text[:1] in (UNSEEN, LISTED), many)

    def _text(self, piece: Piece, chosen: str, binding: Binding, span: Span) -> tuple[str, bool]:
        """The text of a piece, and whether it may become several words or none."""
        match piece:
            case Text(text, quoted):
                return text, not quoted and bool(_GLOBS.search(text))
            case Braces():
                return chosen, bool(_GLOBS.search(chosen))
            case Parameter(name, quoted):
                value = self._value(piece, binding)
                value = value if quoted else split_up(value, self.place)
                list_of = name in ("@", "*")
                return value, list_of or (not quoted and (not value or bool(_SPLITS.search(value))))
            case Substitution(script, quoted):
                value = self.outputs.get(id(script), UNSEEN)
                value = value if quoted else split_up(value, self.place)
                return value, not quoted and bool(_SPLITS.search(value))
            case Process():
                return "/dev/fd/63", False
            case Number(names):
                self._check_numbers(names, binding, span)
                return "1", False

    def _value(self, piece: Parameter, binding: Binding) -> str:
        name = piece.name
        if name in binding:
            value = binding[name]
        elif name in _NUMERIC:
            value = OWN_JOB if name == "!" else "1"
        elif name == "HOME":
            value = self.place.home or "~"
        elif name == "PWD" and len(self.folders) == 1 and self.folders[0] != UNKNOWN_FOLDER:
            value = self.folders[0]
        else:
            value = UNSEEN
        if piece.changed and name not in _NUMERIC:
            below = LISTED in value and UNSEEN not in value and not _AWAY.match(value)
            return LISTED if below and piece.changed != "other" else UNSEEN
        return value

    def _home(self, piece: Piece, text: str) -> str:
        bare = isinstance(piece, Text) and not piece.quoted
        if bare and self.place.home and (text == "~" or text.startswith("~/")):
            return self.place.home + text[1:]
        here = self.folders[0] if len(self.folders) == 1 else ""
        if bare and here and (text == "~+" or text.startswith("~+/")):
            return here + text[2:]
        return text

    def _stays(self, part: str) -> bool:
        """Whether names that were listed begin with a folder, each word of them."""
        found = _BELOW.fullmatch(part)
        places = [posixpath.join(folder, found[1]) for folder in self.folders] if found else []
        return bool(places) and not any(self.place.dashed_below(at, EVERYTHING) for at in places)

    def _check_numbers(self, names: tuple[str, ...], binding: Binding, span: Span) -> None:
        """A variable in arithmetic is evaluated once more, so it must be a plain number."""
        for name in names:
            value = binding.get(name, "1" if name in _NUMERIC else UNSEEN)
            if not value.isdecimal():
                raise NotUnderstood(f"arithmetic with `{name}` can run commands", span)


def _loses_end(piece: Piece) -> bool:
    return isinstance(piece, Parameter) and piece.changed == "end"


def names_in(word: Word) -> Iterator[str]:
    """The variables a word is made of."""
    for piece in word.pieces:
        if isinstance(piece, Parameter):
            yield piece.name
        elif isinstance(piece, Number):
            yield from piece.names


def _may_be_option(part: str, *, first: bool) -> bool:
    return bool(_MARKS.search(part)) or (first and bool(_GLOBS.match(part)))


def _argument(text: str, span: Span) -> Argument:
    return Argument(text, span, bool(_MARKS.search(text)), bool(_SPLITS.search(text)))
