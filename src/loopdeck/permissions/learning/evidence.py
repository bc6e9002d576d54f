"""What a rule would have done among recorded calls, and whether it may stand as a grant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from loopdeck.errors import RuleError
from loopdeck.permissions.learning.history import Alike, History
from loopdeck.permissions.rules.allowing import DANGERS, Pair, covering
from loopdeck.permissions.rules.language import Matcher, parse_rule
from loopdeck.permissions.rules.matching import (
    first_word,
    reaches,
    sends_anywhere,
    starts_danger,
)
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.standing import OF_SERVERS
from loopdeck.session.values import Category, Rule

EXAMPLES = 5


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
    def sentence(self) -> str:
        """The counts, as a person reads them."""
        kinds = [
            f"{self.by_category.get(category, 0)} {category.value}"
            for category in Category
            if self.by_category.get(category) or category in _ALWAYS_SAID
        ]
        return f"{self.matched} of {self.total} calls: {', '.join(kinds)}"


_ALWAYS_SAID = frozenset({Category.READ, Category.WRITE, Category.DESTRUCTIVE})


def evidence(
    rule_text: str | Sequence[str], calls: Iterable[RecordedCall], *, home: str = ""
) -> Evidence:
    """Hold a rule, or several together, as allow rules against recorded calls. Raises `RuleError`.

    Who holds many rules against the same calls makes a `History` of them first.
    """
    texts = (rule_text,) if isinstance(rule_text, str) else rule_text
    pairs = [(Rule(decide="allow", match=text), parse_rule(text)) for text in texts]
    history = calls if isinstance(calls, History) else History(calls, home=home)
    near = dict.fromkeys(kind for _, matcher in pairs for kind in history.near(matcher))
    return _summed(history, [kind for kind in near if _matches(kind, pairs)])


def _summed(history: History, kinds: Sequence[Alike]) -> Evidence:
    counts = dict.fromkeys(Category, 0)
    for kind in kinds:
        counts[kind.first.category] += len(kind.at)
    return Evidence(
        matched=sum(counts.values()),
        total=len(history.calls),
        by_category=counts,
        saved=sum(kind.asked for kind in kinds),
        approved=sum(kind.approved for kind in kinds),
        denied=sum(kind.refused for kind in kinds),
        all=tuple(history.calls[at] for at in sorted(at for kind in kinds for at in kind.at)),
    )


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
    return against(evidence(rule_text, calls, home=home)) if calls else ""


def against(found: Evidence) -> str:
    """Why what a rule covers speaks against it as a grant; "" if nothing does."""
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
        case "command" if sends_anywhere(matcher):
            name = first_word(matcher)
            return f"it lets `{name}` send anything to any machine; without the star it may stand"
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
        matcher.name.startswith(OF_SERVERS)
        and "*" not in matcher.name
        and (matcher.name.count("__") >= 2)
    )


def _matches(kind: Alike, pairs: Sequence[Pair]) -> bool:
    if kind.call.assessment.category in DANGERS:
        return any(reaches(matcher, kind.call) for _, matcher in pairs)
    return covering(kind.call, pairs) is not None
