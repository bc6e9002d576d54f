"""The words behind a program's name, read by its table: what each one is, and what it raises."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from loopdeck.permissions.shell.looking import EVERYTHING, Range
from loopdeck.permissions.shell.marks import LISTED, UNSEEN
from loopdeck.permissions.shell.tables import Option, Slot, Table
from loopdeck.session.values import Category

REST_KINDS = frozenset({"command", "module"})
_NUMBER = re.compile(r"[+-]?[\d.]{1,20}[A-Za-z%]{0,3}|%!")  # or that of a command left running
_DIGITS = re.compile(r"-\d{1,18}[bkmKMGT]?")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Argument:
    """A word as its program gets it, as far as that can be told from the text.

    `loose` words may turn out to be options, `many` words may be none or several, and one that
    `stands_in` is an example of those that will be found, by a pattern in `found` if they may be
    those of links. What is `unlinked` names no link, and `within` is where it was listed.
    """

    text: str
    span: Span
    loose: bool = False
    many: bool = False
    stands_in: bool = False
    unlinked: bool = False
    found: str = ""
    within: Range = EVERYTHING

    @property
    def known(self) -> bool:
        """True when the program gets exactly this text."""
        return not (self.many or UNSEEN in self.text or LISTED in self.text)


@dataclass(frozen=True, slots=True)
class Raised:
    """A category and the sentence that says what makes it so; an option, or the rest."""

    category: Category
    text: str
    span: Span
    by_option: bool = False


@dataclass(slots=True)
class Usage:
    """How a program is used. Nothing is certain where `trouble` is not empty.

    `due` are the kinds of bare words it takes here, `missing` those of them that it was not given.
    `direct` says that a subcommand stands right behind the program, with no option between them.
    """

    table: Table
    operands: list[tuple[str, Argument]] = field(default_factory=list[tuple[str, Argument]])
    raised: list[Raised] = field(default_factory=list[Raised])
    facts: set[str] = field(default_factory=set[str])
    trouble: list[Raised] = field(default_factory=list[Raised])
    command: tuple[Argument, ...] = ()
    module: bool = False
    due: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    direct: bool = True


def understand(table: Table, words: Sequence[Argument], name: Argument) -> Usage:
    """Read the words behind `name` by its table. Never raises."""
    reader = _Reader(table, tuple(words), name)
    reader.read()
    return reader.usage


class _Reader:
    """One pass over the words of one program."""

    def __init__(self, table: Table, words: tuple[Argument, ...], name: Argument) -> None:
        self.usage = Usage(table)
        self._words, self._name = words, name
        self._at = self._depth = 0
        self._ended = table.plain
        self._bare: list[Argument] = []
        self._parent: Table | None = None
        self._filled: set[str] = set()
        self._slots: tuple[Slot, ...] | None = None
        self._instead: Category | None = None

    def read(self) -> None:
        """Take every word, then give the bare ones their meaning."""
        while self._at < len(self._words):
            word = self._words[self._at]
            self._at += 1
            if self._is_option(word):
                self._option(word)
            else:
                self._operand(word)
        table = self.usage.table
        if self._words and self._words[-1].span[1] == self._name.span[1]:
            self._instead = self._instead or table.bare  # nothing stands behind it
        if self._instead is None:
            self.usage.facts.update(table.facts)
        self.usage.raised.append(self._by_table(table))
        self._settle()

    def _by_table(self, table: Table) -> Raised:
        about = table.about or (self._parent.about if self._parent else "") or "is known"
        if self._instead is not None:
            return Raised(self._instead, f"`{table.name}` does no more here", self._name.span)
        return Raised(table.category, f"`{table.name}` {about}", self._name.span)

    def _is_option(self, word: Argument) -> bool:
        first = self.usage.table.dashless and not self._bare and self._at == 1
        if self._ended or word.loose or len(word.text) < (1 if first else 2):
            return False
        if word.text[0] == "+":
            return self._find(word.text) is not None
        return word.text[0] == "-" or (first and self._find(f"-{word.text[0]}") is not None)

    def _find(self, spelling: str) -> Option | None:
        found = self.usage.table.options.get(spelling)
        # Where a program explains itself, it does so behind each of its subcommands.
        if found is None and self._parent and (self._parent.shared or spelling == "--help"):
            return self._parent.options.get(spelling)
        return found

    def _operand(self, word: Argument) -> None:
        table = self.usage.table
        if word.loose and not (self._ended or table.harmless):
            self._doubt(word, "may turn out to be an option")
        if table.subcommands:
            self._descend(word)
            return
        self._bare.append(word)
        slots = self._open_slots()
        at = len(self._bare) - 1
        if at < len(slots) and slots[at].kind in REST_KINDS and not self._many_before(slots, at):
            self._bare.pop()
            self._take_rest((word,))
        elif table.options_first:
            self._ended = True

    def _many_before(self, slots: tuple[Slot, ...], at: int) -> bool:
        return any(slot.many for slot in slots[:at])

    def _descend(self, word: Argument) -> None:
        table = self.usage.table
        child = table.subcommands.get(word.text)
        if child is None:
            self._doubt(word, f"is no known subcommand of `{table.name}`")
            self._at = len(self._words)
            return
        self.usage.direct = self.usage.direct and self._words[self._depth] is word
        self._depth += 1
        self._parent, self.usage.table = table, child
        self._name = Argument(child.name, (self._name.span[0], word.span[1]))
        self._slots, self._filled, self._ended, self._instead = None, set(), child.plain, None

    def _take_rest(self, first: tuple[Argument, ...], *, module: bool = False) -> None:
        self.usage.command = (*first, *self._words[self._at :])
        self.usage.module = module
        self._filled |= REST_KINDS
        self._at = len(self._words)

    def _option(self, word: Argument) -> None:
        text = word.text
        if text == "--":
            self._ended = True
            return
        if text[0] not in "-+":
            text = f"-{text}"
        if (exact := self._find(text)) is not None:
            self._apply(text, exact, word, None)
            return
        name, equals, value = text.partition("=")
        attached = equals and (text.startswith("--") or not self.usage.table.bundles)
        if attached and (option := self._find(name)) is not None:
            self._apply(name, option, word, value)
        elif self.usage.table.digits and _DIGITS.fullmatch(text):
            return
        elif text.startswith("--") or not self.usage.table.bundles:
            self._doubt(word, f"is no known option of `{self.usage.table.name}`")
        else:
            self._bundle(text, word)

    def _bundle(self, text: str, word: Argument) -> None:
        """`-la`, `-n5`, `-rn5`: letters until one takes the rest as its value."""
        for at in range(1, len(text)):
            spelling = f"-{text[at]}"
            option = self._find(spelling)
            if option is None:
                self._doubt(word, f"holds the unknown option `{spelling}`")
                return
            rest = text[at + 1 :]
            if option.kind != "flag":
                if rest and word.text[0] != "-":
                    self._doubt(word, f"takes the value of `{spelling}` from elsewhere")
                self._apply(spelling, option, word, rest or None)
                return
            self._apply(spelling, option, word, None)

    def _apply(self, spelling: str, option: Option, word: Argument, value: str | None) -> None:
        if option.category is not None:
            why = option.why or f"makes `{self.usage.table.name}` do more"
            raised = Raised(option.category, f"`{spelling}` {why}", word.span, by_option=True)
            self.usage.raised.append(raised)
        self.usage.facts.update(option.facts)
        if option.operands is not None:
            self._slots = option.operands
        if option.instead is not None:
            self._instead = option.instead
        if option.fills:
            self._filled.add(option.fills)
        if option.kind == "flag":
            if value is not None:
                self._doubt(word, f"gives `{spelling}` a value that it does not take")
            return
        self._value(spelling, option, word, value)
        if option.then:
            self._value(spelling, Option(option.then), word, None)

    def _value(self, spelling: str, option: Option, word: Argument, value: str | None) -> None:
        if option.kind in ("optional", "suffix"):
            given = Argument(value, word.span) if value is not None else None
        elif value is not None:
            given = Argument(value, word.span)
        elif self._at < len(self._words):
            given = self._words[self._at]
            self._at += 1
        else:
            self._doubt(word, "lacks its value")
            return
        if given is None:
            return
        if option.kind in REST_KINDS:
            self._take_rest((given,), module=option.kind == "module")
            return
        if given.many and not self.usage.table.harmless:
            self._doubt(given, f"may be several words behind `{spelling}`")
        fits = not option.only or (given.known and option.only.fullmatch(given.text))
        if not fits or not _is_kind(option.kind, given):
            self._doubt(given, f"is no value of `{spelling}` that is known to be harmless")
        self.usage.operands.append((option.kind, given))

    def _open_slots(self) -> tuple[Slot, ...]:
        slots = self.usage.table.operands if self._slots is None else self._slots
        return tuple(slot for slot in slots if slot.kind not in self._filled)

    def _settle(self) -> None:
        """Give each bare word its place, from both ends around the one that repeats."""
        slots, words = self._open_slots(), self._bare
        at = next((index for index, slot in enumerate(slots) if slot.many), len(slots))
        many = slots[at] if at < len(slots) else None
        behind = len(slots) - at - 1 if many else 0
        middle = max(len(words) - at - behind, 0)
        for index, word in enumerate(words):
            if index < at:
                self._place(slots[index], word)
            elif many is None:
                self._doubt(word, f"is one word more than `{self.usage.table.name}` takes")
            elif index < at + middle:
                self._place(many, word)
            else:
                self._place(slots[index - middle + 1], word)
        due = slots[len(words) :] if many is None else slots[:at][len(words) :]
        self.usage.due = frozenset(slot.kind for slot in slots)
        self.usage.missing = frozenset(slot.kind for slot in due if not slot.optional)

    def _place(self, slot: Slot, word: Argument) -> None:
        if word.many and not slot.many and not self.usage.table.harmless:
            self._doubt(word, "may be several words where one belongs")
        if not _is_kind(slot.kind, word):
            self._doubt(word, "is no number")
        if slot.only and not (word.known and slot.only.fullmatch(word.text)):
            self._doubt(word, slot.why or "is not known to be harmless here")
        if slot.category is not None:
            why = f"`{_shown(word)}` {slot.why or 'makes it do more'}"
            self.usage.raised.append(Raised(slot.category, why, word.span))
        self.usage.operands.append((slot.kind, word))

    def _doubt(self, word: Argument, text: str) -> None:
        said = f"`{_shown(word)}` {text}"
        self.usage.trouble.append(Raised(Category.UNKNOWN, said, word.span))


def _shown(word: Argument) -> str:
    return word.text.replace(UNSEEN, "…").replace(LISTED, "…")


def _is_kind(kind: str, word: Argument) -> bool:
    """A number has to look like one; the shell's own numbers are taken on trust."""
    return kind != "number" or not word.known or _NUMBER.fullmatch(word.text) is not None
