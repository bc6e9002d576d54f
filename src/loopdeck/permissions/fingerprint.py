"""A short name for what decides calls: the rules, and the tables the classifier reads."""

import hashlib
import json
from functools import lru_cache

from loopdeck.permissions.policy import Policy
from loopdeck.permissions.shell.tables import FOLDER
from loopdeck.session.values import Rule

LENGTH = 12

Told = tuple[str, str, str, int]
"""What of a rule decides: the verdict, the match, where it was given, and its end."""


def policy_hash(policy: Policy) -> str:
    """Equal for policies whose rules, tables and places are the same, whatever the reasons say.

    Left out are the level, the outside content and the grants: they come and go while a call
    waits, and take nothing from what its human was shown.
    """
    rules = frozenset(_told(rule) for rule in policy.rules if not rule.grant_id)
    walls = "sandbox" if policy.sandboxed else ""
    return _hash(
        rules, (walls, str(policy.workspace), str(policy.home or ""), *map(str, policy.own))
    )


@lru_cache(maxsize=64)
def _hash(rules: frozenset[Told], places: tuple[str, ...]) -> str:
    text = json.dumps([sorted(rules), places, _tables()])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def _told(rule: Rule) -> Told:
    return (rule.decide, rule.match, rule.scope, rule.until or 0)


@lru_cache(maxsize=1)
def _tables() -> str:
    """The content of every program table."""
    found = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.toml")):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
