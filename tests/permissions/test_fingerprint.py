"""The short name of a policy: the same for what decides alike, another for any change."""

from pathlib import Path

from loopdeck.permissions.fingerprint import LENGTH, policy_hash
from loopdeck.permissions.policy import Policy
from loopdeck.session.values import Rule

RULE = Rule(decide="allow", match="shell(ls *)", why="it only lists")


def test_the_level_and_reasons_do_not_count_and_all_else_does() -> None:
    one = policy_hash(Policy(3, (RULE,), Path("/w")))
    assert len(one) == LENGTH
    assert one == policy_hash(Policy(4, (RULE,), Path("/w"), sandboxed=True, tainted="web_fetch"))
    other_reason = RULE.model_copy(update={"why": "because"})
    assert one == policy_hash(Policy(3, (other_reason,), Path("/w")))
    for update in ({"decide": "deny"}, {"match": "shell(ls)"}, {"scope": "cli"}, {"grant_id": "g"}):
        assert one != policy_hash(Policy(3, (RULE.model_copy(update=update),), Path("/w")))
    assert one != policy_hash(Policy(3, (RULE, RULE), Path("/w")))
    assert one != policy_hash(Policy(3, (RULE,), Path("/x")))
    assert one != policy_hash(Policy(3, (RULE,), Path("/w"), Path("/home/me")))
