"""What a rule would have done among recorded calls, and whether it may stand as a grant."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from loopdeck.errors import RuleError
from loopdeck.permissions.allowing import DANGERS, Pair, covering
from loopdeck.permissions.matching import first_word, reaches, starts_danger
from loopdeck.permissions.rules import Call, Matcher, parse_rule
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.values import Category, Rule

EXAMPLES = 5
_QUOTES = re.compile(r"['\"\\]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The recorded calls that a rule covers, by category, and what their human did with them.

    `saved` is how many of them were asked about; `all` has each of them, in order.
    """

    matched: int
    total: int
    by_category: Mapping[Category, int]
    saved: int = 0
    approved: int = 0
    denied: int = 0
    all: tuple[RecordedCall, ...] = ()

    @property
    def examples(self) -> tuple[RecordedCall, ...]:
        """The first few."""
        return self.all[:EXAMPLES]

    @property
    def dangers(self) -> int:
        """How many of them destroy, or are not understood."""
        return sum(self.by_category.get(category, 0) for category in DANGERS)

    @property
    def sentence(self) -> str:
        """The counts, as a person reads them."""
        kinds = [
            f"{self.by_category.get(category, 0)} {category.value}"
            for category in Category
            if self.by_category.get(category) or category in _ALWAYS_SAID
        ]
        return f"{self.matched} of {self.total} calls: {', '.join(kinds)}"


_ALWAYS_SAID = frozenset({Category.READ, Category.WRITE, Category.DESTRUCTIVE})


def evidence(rule_text: str, calls: Iterable[RecordedCall], *, home: str = "") -> Evidence:
    """Hold a rule, as an allow rule, against recorded calls. Raises `RuleError`."""
    matcher = parse_rule(rule_text)
    pairs = [(Rule(decide="allow", match=rule_text), matcher)]
    total, matched = 0, list[RecordedCall]()
    for call in calls:
        total += 1
        if (
            may_match(matcher, call)
            and call.decidable
            and _matches(matcher, pairs, _as_call(call, home))
        ):
            matched.append(call)
    counts = dict.fromkeys(Category, 0)
    for call in matched:
        counts[call.category] += 1
    return Evidence(
        matched=len(matched),
        total=total,
        by_category=counts,
        saved=sum(call.asked for call in matched),
        approved=sum(call.human_answer == "approved" for call in matched),
        denied=sum(call.human_answer in ("denied", "edited") for call in matched),
        all=tuple(matched),
    )


def may_match(matcher: Matcher, call: RecordedCall) -> bool:
    """A quick look: False only where the rule certainly does not cover the call."""
    if matcher.kind == "command":
        if call.tool != "shell":
            return False
        first = first_word(matcher)
        return not first or first in _QUOTES.sub("", str(call.args.get("command", "")))
    if matcher.kind in ("tool", "path"):
        return matcher.speaks_of(call.tool, tighten=False)
    return True


def may_grant(rule_text: str, calls: Iterable[RecordedCall] = (), *, home: str = "") -> str:
    """Why a rule cannot be saved as a grant, as the end of "it cannot be saved: …"; "" if it can.

    A grant lets things run while nobody looks, so it must not reach what destroys or what nobody
    understands, neither by its words nor among the calls of the past.
    """
    try:
        matcher = parse_rule(rule_text)
    except RuleError as error:
        return str(error)
    if trouble := _by_its_words(matcher):
        return trouble
    found = evidence(rule_text, calls, home=home)
    for category in (Category.DESTRUCTIVE, Category.UNKNOWN):
        count = found.by_category.get(category, 0)
        if count:
            return f"it covers {count} {category.value} call{'s' if count > 1 else ''}"
    return ""


def _by_its_words(matcher: Matcher) -> str:
    match matcher.kind:
        case "category" if Category(matcher.pattern) in DANGERS:
            return f"it covers whatever is {matcher.pattern}"
        case "tool" if not matcher.tools or not matcher.tools.isdisjoint(_WIDE):
            return "" if _is_one_tool(matcher) else "it covers whole tools, whatever they do"
        case "command" if not first_word(matcher):
            return "it does not begin with the whole name of a program"
        case "command" if starts_danger(matcher):
            return "it covers commands that destroy or are not understood"
        case "path" if "delete_file" in matcher.tools:
            return "it covers deletions"
        case "fact":
            return "a fact alone is too wide to stand; name the tool, the path or the command"
        case _:
            return ""


_WIDE = frozenset({"shell", "delete_file"})


def _is_one_tool(matcher: Matcher) -> bool:
    """A tool of a server, by its whole name: nothing narrower can be said of it."""
    return (
        matcher.name.startswith("mcp__")
        and "*" not in matcher.name
        and (matcher.name.count("__") >= 2)
    )


def _matches(matcher: Matcher, pairs: Sequence[Pair], call: Call) -> bool:
    if call.assessment.category in DANGERS:
        return reaches(matcher, call)
    return covering(call, pairs) is not None


def _as_call(call: RecordedCall, home: str) -> Call:
    return Call(call.tool, call.args, call.assessment, call.workspace, home)
