"""How bad a shell command can get: one pure function over its text.

Only a short list of plain reads counts as a read; what is not understood to the last character is
unknown. Nothing here runs or opens anything.
"""

import re
from dataclasses import dataclass, field

from loopdeck.permissions.names import is_sensitive
from loopdeck.permissions.parts import WRAPPERS, Part, program, rough_parts
from loopdeck.permissions.programs import (
    NUMBER,
    READS,
    Grammar,
    is_destructive,
    is_interpreter,
    is_network,
    runs_code,
)
from loopdeck.permissions.words import Reading, Word, read
from loopdeck.session.values import Assessment, Category, JsonObject, Reason

_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*://)(?:[^/@\s]*@)?([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])")
_HARMLESS_DEVICES = frozenset({"/dev/null", "/dev/stdin", "/dev/stdout", "/dev/stderr"})
_REMOTE = re.compile(r"[\w.-]+@([A-Za-z0-9.-]+)(?::.*)?")


@dataclass(slots=True)
class _Findings:
    """What the walk over the arguments of a plain read turned up."""

    paths: list[str] = field(default_factory=list[str])
    trouble: list[Reason] = field(default_factory=list[Reason])


def classify(command: str) -> Assessment:
    """Judge a command by its text alone. Never raises; fails closed."""
    reading = read(command)
    if reading.plain:
        return _plain(command, reading)
    parts = rough_parts(command)
    facts = _word_facts(reading.words)
    if any(runs_code(part[0]) for part in parts):
        facts["runs_code"] = True
    for part in parts:
        if is_destructive(part):
            return Assessment(
                category=Category.DESTRUCTIVE,
                reasons=(_destroys(part[0], command), *reading.trouble),
                facts=facts,
            )
    return Assessment(category=Category.UNKNOWN, reasons=tuple(reading.trouble), facts=facts)


def plain_words(command: str) -> tuple[str, ...] | None:
    """The words of a command that is nothing but plain words; None for any other."""
    reading = read(command)
    return tuple(word.text for word in reading.words) if reading.plain else None


def _plain(command: str, reading: Reading) -> Assessment:
    first, *rest = reading.words
    facts = _word_facts(rest)
    parts = likely_parts(command, reading)
    grammar = READS.get(first.text)
    if grammar is not None:
        findings = _arguments(grammar, rest)
        if findings.paths:
            facts["paths"] = findings.paths
        category = Category.UNKNOWN if findings.trouble else Category.READ
        why = findings.trouble or [Reason(text=f"`{first.text}` only reads", span=first.span)]
        return Assessment(category=category, reasons=tuple(why), facts=facts)
    if any(runs_code(part[0]) for part in parts) or "/" in first.text:
        facts["runs_code"] = True
    for part in parts:
        if is_destructive(part):
            reason = Reason(text=f"`{part[0]}` destroys", span=_span_of(part[0], reading))
            return Assessment(category=Category.DESTRUCTIVE, reasons=(reason,), facts=facts)
    if is_network((program(first.text), *(word.text for word in rest))):
        if hosts := _hosts(rest):
            facts["hosts"] = hosts
        reason = Reason(text=f"`{first.text}` talks to other machines", span=first.span)
        return Assessment(category=Category.NETWORK, reasons=(reason,), facts=facts)
    return Assessment(category=Category.UNKNOWN, reasons=(_stranger(first),), facts=facts)


def likely_parts(command: str, reading: Reading) -> tuple[Part, ...]:
    """Every command the text may hold; quoted words count where something may run them."""
    first = program(reading.words[0].text) if reading.words else ""
    if reading.plain and first not in WRAPPERS and not is_interpreter(first):
        return rough_parts(" ".join(_requote(word) for word in reading.words))
    return rough_parts(command)


def _stranger(first: Word) -> Reason:
    if "=" in first.text:
        text = "a variable set before the command can change what it does"
    elif "/" in first.text:
        text = f"`{first.text}` is a program by its path"
    elif first.text == "git":
        text = "`git` may run programs that the repository's own settings name"
    else:
        text = f"`{first.text}` is not one of the known reads"
    return Reason(text=text, span=first.span)


def _destroys(name: str, command: str) -> Reason:
    found = re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", command)
    return Reason(text=f"`{name}` destroys", span=found.span() if found else None)


def _span_of(name: str, reading: Reading) -> tuple[int, int] | None:
    return next((word.span for word in reading.words if program(word.text) == name), None)


def _requote(word: Word) -> str:
    """The word for the rough reading: what was quoted and odd can no longer split a command."""
    return re.sub(r"[^\w@%+=:,./~^-]", "_", word.text) if word.quoted else word.text


def _word_facts(words: list[Word]) -> JsonObject:
    """Facts that any command has by the look of its words."""
    facts: JsonObject = {}
    for word in words:
        for text in {word.text, word.text.partition("=")[2]}:
            bare = text.lstrip("-")
            if _leaves(text) or (bare != text and _leaves(bare[1:])):
                facts["outside_workspace"] = True
            if is_sensitive(text):
                facts["sensitive"] = True
    if any(is_sensitive(piece) for piece in _pieces(words)):
        facts["sensitive"] = True
    return facts


def _pieces(words: list[Word]) -> list[str]:
    return [piece for word in words for piece in re.split(r"[^\w.~/-]+", word.text) if piece]


def _leaves(text: str) -> bool:
    """True where a path, by its look, may be outside the workspace."""
    if text.startswith("~"):
        return True
    if _HOST.match(text) or text in _HARMLESS_DEVICES:
        return False
    return text.startswith("/") or ".." in text.split("/")


def _hosts(words: list[Word]) -> list[str]:
    hosts: list[str] = []
    for word in words:
        found = _HOST.match(word.text) or _REMOTE.fullmatch(word.text)
        if found:
            hosts.append(found.group(1).lower())
    return hosts


def _arguments(grammar: Grammar, words: list[Word]) -> _Findings:
    """Check every argument against the program's grammar."""
    findings = _Findings()
    pattern_due = grammar.words == "pattern"
    options = grammar.words != "text"
    at = 0
    while at < len(words):
        word = words[at]
        if options and word.text == "--":
            options = False
        elif options and word.text.startswith("-") and word.text != "-":
            took = _option(grammar, word, words[at + 1 : at + 2], findings)
            at += took
            pattern_due = pattern_due and not _gives_pattern(grammar, word)
        elif pattern_due:
            pattern_due = False
        else:
            _operand(grammar, word, findings)
        at += 1
    return findings


def _gives_pattern(grammar: Grammar, word: Word) -> bool:
    return not word.text.startswith("--") and any(c in grammar.texts for c in word.text[1:])


def _operand(grammar: Grammar, word: Word, findings: _Findings) -> None:
    if grammar.words in ("paths", "pattern") and word.text != "-":
        findings.paths.append(word.text)
    elif grammar.words == "none":
        findings.trouble.append(Reason(text=f"`{word.text}` is not expected", span=word.span))


def _option(grammar: Grammar, word: Word, after: list[Word], findings: _Findings) -> int:
    """Check one option word; returns how many further words it takes."""
    text = word.text
    unknown = Reason(text=f"the option `{text}` is not known to be safe", span=word.span)
    if text.startswith("--"):
        if text not in grammar.long:
            findings.trouble.append(unknown)
        return 0
    if grammar.bare_number and NUMBER.fullmatch(text[1:]):
        return 0
    for at, letter in enumerate(text[1:], start=2):
        if letter in grammar.flags:
            continue
        value = text[at:] or (after[0].text if after else "")
        right = letter in grammar.texts or (
            letter in grammar.numbers and NUMBER.fullmatch(value) is not None
        )
        if not right:
            findings.trouble.append(unknown)
            return 0
        return 0 if text[at:] else 1
    return 0
