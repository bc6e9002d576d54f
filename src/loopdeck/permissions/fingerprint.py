"""A short name for what decides calls: the rules, and the tables the classifier reads."""

import hashlib
import json
from functools import lru_cache

from loopdeck.permissions.policy import Policy
from loopdeck.permissions.shell.tables import FOLDER
from loopdeck.session.values import Rule

LENGTH = 12


def policy_hash(policy: Policy) -> str:
    """Equal for policies that decide alike at the same level, whatever the rules' reasons are."""
    return _hash(policy.rules, str(policy.workspace), str(policy.home or ""))


@lru_cache(maxsize=64)
def _hash(rules: tuple[Rule, ...], workspace: str, home: str) -> str:
    told = [(rule.decide, rule.match, rule.scope, rule.grant_id) for rule in rules]
    text = json.dumps([told, workspace, home, _tables()])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


@lru_cache(maxsize=1)
def _tables() -> str:
    """The content of every program table."""
    found = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.toml")):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
