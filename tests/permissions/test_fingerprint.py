"""The short name of a policy: the same for what decides alike, another for any change."""

from pathlib import Path

from loopdeck.permissions.fingerprint import LENGTH, policy_hash
from loopdeck.permissions.policy import Policy
from loopdeck.session.values import Rule

RULE = Rule(decide="allow", match="shell(ls *)", why="it only lists")


def test_what_comes_and_goes_while_a_call_waits_does_not_count_and_all_else_does() -> None:
    one = policy_hash(Policy(3, (RULE,), Path("/w")))
    assert len(one) == LENGTH
    assert one == policy_hash(Policy(4, (RULE,), Path("/w"), tainted="web_fetch"))
    grant = RULE.model_copy(update={"match": "shell(make)", "grant_id": "g"})
    assert one == policy_hash(Policy(3, (RULE, grant, RULE), Path("/w")))
    other_reason = RULE.model_copy(update={"why": "because"})
    assert one == policy_hash(Policy(3, (other_reason,), Path("/w")))
    for update in ({"decide": "deny"}, {"match": "shell(ls)"}, {"scope": "cli"}, {"until": 9}):
        assert one != policy_hash(Policy(3, (RULE.model_copy(update=update),), Path("/w")))
    assert one != policy_hash(Policy(3, (RULE,), Path("/w"), sandboxed=True))
    assert one != policy_hash(Policy(3, (RULE,), Path("/w"), own=(Path("/data"),)))
    assert one != policy_hash(Policy(3, (RULE,), Path("/x")))
    assert one != policy_hash(Policy(3, (RULE,), Path("/w"), Path("/home/me")))
