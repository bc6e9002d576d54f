"""What a rule would have covered among recorded calls, and which rules may stand."""

import pytest

from loopdeck.permissions.learning.evidence import against, evidence, may_grant
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.values import Category
from tests.support.past import past_call


def shell(number: int, command: str, category: Category, answer: str = "") -> RecordedCall:
    return past_call(number, "shell", {"command": command}, category, answer=answer)


PAST = [
    shell(1, "curl https://a.example/1", Category.NETWORK, "approved"),
    shell(2, "curl https://a.example/2", Category.NETWORK, "denied"),
    shell(3, "curl https://a.example/3", Category.NETWORK),
    shell(4, "ls", Category.READ),
    past_call(5, "write_file", {"path": "a"}, Category.WRITE, facts={"paths": ["a"]}),
]


def test_evidence_counts_what_a_rule_covers_and_what_the_human_said_of_it() -> None:
    found = evidence("shell(curl *)", PAST)
    assert (found.matched, found.total) == (3, 5)
    assert (found.saved, found.approved, found.denied) == (2, 1, 1)
    assert found.by_category[Category.NETWORK] == 3
    assert [call.call_id for call in found.examples] == ["c1", "c2", "c3"]
    assert found.sentence == "3 of 5 calls: 0 read, 0 write, 3 network, 0 destructive"


def test_a_call_whose_secret_was_taken_out_is_evidence_of_nothing() -> None:
    redacted = shell(6, "curl ‹redacted:token:12345678›", Category.NETWORK)
    assert evidence("shell(curl *)", [redacted]).matched == 0


def test_careful_calls_are_not_covered_by_a_rule_that_does_not_name_them() -> None:
    secret = past_call(
        1,
        "read_file",
        {"path": ".env"},
        Category.READ,
        facts={"paths": [".env"], "sensitive": True},
    )
    assert evidence("read_file", [secret]).matched == 0
    assert evidence("read_file(./.env)", [secret]).matched == 1


def test_a_rule_that_reached_a_destructive_call_cannot_be_saved() -> None:
    wrecks = [shell(7, "git push --force origin main", Category.DESTRUCTIVE)] * 2
    assert may_grant("shell(git push *)", PAST) == ""
    assert may_grant("shell(git push *)", [*PAST, *wrecks]) == "it covers 2 destructive calls"
    strange = shell(8, "git push --zzz x", Category.UNKNOWN)
    assert may_grant("shell(git push *)", [*PAST, strange]) == "it covers 1 unknown call"


@pytest.mark.parametrize(
    "text",
    [
        "shell",
        "Bash(*)",
        "*",
        "mcp__server",
        "mcp__server__*",
        "shell(rm *)",
        "shell(rm a.txt)",
        "shell(c*)",
        "shell(curl *)",
        "shell(curl -s https://a.example *)",
        "shell(wget *)",
        "shell(ssh -p 22 *)",
        "shell(scp *)",
        "shell(nc *)",
        "shell(* main)",
        "category(destructive)",
        "category(unknown)",
        "delete_file",
        "delete_file(./build/**)",
        "fact(sensitive)",
        "shell(",
        "nonsense",
    ],
)
def test_some_rules_can_never_be_saved(text: str) -> None:
    assert may_grant(text)


@pytest.mark.parametrize(
    "text",
    [
        "shell(curl -T a.txt https://a.example)",
        "shell(ssh build@host *)",
        "shell(git push *)",
        "shell(gh pr *)",
        "shell(ls -l)",
        "write_file(./src/**)",
        "Edit(src/**)",
        "WebFetch(domain:a.example)",
        "mcp__server__tool",
        "category(network)",
        "read_file",
    ],
)
def test_narrow_rules_can_be_saved(text: str) -> None:
    assert may_grant(text) == ""


def test_several_rules_are_counted_together_and_each_call_once() -> None:
    past = [
        shell(1, "make && git add -A", Category.WRITE, "approved"),
        shell(2, "make", Category.WRITE),
        shell(3, "git add -A", Category.WRITE),
        shell(4, "git commit -m x", Category.WRITE),
    ]
    assert evidence("shell(make)", past).matched == 1
    found = evidence(("shell(make)", "shell(git add -A)"), past)
    assert [call.call_id for call in found.all] == ["c1", "c2", "c3"]
    gone = [*past, shell(5, "git add -A; rm x", Category.DESTRUCTIVE)]
    gone.append(shell(6, "rm x", Category.DESTRUCTIVE))
    assert against(evidence(("shell(make)", "shell(git add -A)"), gone)) == ""
    assert "1 destructive" in against(evidence(("shell(make)", "shell(rm *)"), gone))
