"""How far a command rule with a star reaches: no further than its program ordinarily goes."""

from functools import lru_cache

from loopdeck.permissions.commands import commands_of, meaning
from loopdeck.permissions.rules.language import Call, Matcher
from loopdeck.permissions.shell import goes_elsewhere, ordinary_table, works_here
from loopdeck.session.values import Category

_RANK = {Category.READ: 0, Category.WRITE: 1, Category.NETWORK: 2}
# Words that a program takes for an operand, a script or a name, to see what it does with one.
_TRIED = ("", " p", " p p")


def is_within(matcher: Matcher, literal: str, call: Call) -> bool:
    """Whether a call does no worse than whoever wrote the rule could mean.

    `shell(git log *)` speaks of showing commits, and not of `--output=FILE`. What destroys or is
    unknown is another question: a rule has to name it. Nor does `shell(git push *)` speak of an
    address: that is a push to the remotes of the repository.
    """
    rank = _RANK.get(call.assessment.category)
    if rank is None or "*" not in matcher.pattern or not literal:
        return True
    return rank <= _ordinary(literal) and not _goes_elsewhere(matcher.pattern, literal, call)


def _goes_elsewhere(pattern: str, literal: str, call: Call) -> bool:
    """Whether a call names a machine by an address, and the rule has not the beginning of it."""
    begun = pattern.partition("*")[0].removeprefix(literal)
    if call.assessment.category is not Category.NETWORK or begun.strip(" :"):
        return False
    return any(map(goes_elsewhere, commands_of(call.command).words))


def is_named_unknown(literal: str, pattern: str) -> bool:
    """Whether a rule names a command that nobody understands, and not one that it only fits.

    Of a program that is described, what is unknown is so for an option or a script, which no star
    names.
    """
    if meaning(literal).category is not Category.UNKNOWN:
        return False
    return "*" not in pattern or ordinary_table(tuple(literal.split()[:1])) is None


def starts_unclear(literal: str) -> bool:
    """Whether the words of a described program are not understood, whatever comes behind them."""
    words = tuple(literal.split())
    if ordinary_table(words[:1]) is None or len(words) < 2:
        return False
    tried = (meaning(f"{literal}{more}").category for more in _TRIED)
    return all(category is Category.UNKNOWN for category in tried)


@lru_cache(maxsize=512)
def _ordinary(literal: str) -> int:
    """The rank of the worst that a program does without an option that makes it do more."""
    said = (meaning(f"{literal}{more}").category for more in _TRIED)
    ranks = [_RANK.get(category, 0) for category in said]
    table = ordinary_table(tuple(literal.split()))
    if table is None:
        return _RANK[Category.NETWORK]
    if table.subcommands:
        return _RANK[Category.WRITE if works_here(table) else Category.NETWORK]
    return max(*ranks, _RANK.get(table.category, 0))
