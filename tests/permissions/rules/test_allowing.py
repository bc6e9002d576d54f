"""Allow rules and compound commands: every part has to be covered, and nothing may be added."""

import pytest

from loopdeck.permissions.policy import Policy, judge
from loopdeck.permissions.rules.allowing import allowing, covering
from loopdeck.permissions.rules.language import Call
from loopdeck.permissions.shell import Place, classify
from loopdeck.session.values import Decision, JsonObject, Rule
from loopdeck.tools.commands.services import reachable as with_network


def allowed(command: str, *matches: str) -> bool:
    rules = [Rule(decide="allow", match=match) for match in matches]
    call = Call("shell", {"command": command}, classify(command, Place("/ws")), "/ws", "/home/me")
    return covering(call, allowing(rules)) is not None


@pytest.mark.parametrize(
    "command",
    [
        "pytest -q",
        "cd sub && pytest -q",
        "pytest -q 2>&1 | tail -5",
        "pytest -q 2>/dev/null",
        "LC_ALL=C pytest -q",
        "ls; pytest; echo done",
        "for f in a b; do pytest $f; done",
        "timeout 60 pytest -q",
        "pytest tests/a.py && pytest tests/b.py",
    ],
)
def test_plain_reads_around_an_allowed_part_need_no_rule(command: str) -> None:
    assert allowed(command, "shell(pytest *)")


@pytest.mark.parametrize(
    "command",
    [
        "pytest -q; rm -rf build",
        "pytest -q && make",
        "pytest -q > notes.txt",
        "pytest -q | tee notes.txt",
        "pytest -q | sh",
        "pytest $(make)",
        "pytest -q & make",
        "pytest `cat names`",
        "LD_PRELOAD=./x.so pytest",
        "pytest -q\nmake",
        "eval pytest",
        "pytest -q; cat /etc/passwd",
        "pytest -q; cat .env",
        "pytest() { make; }; pytest",
        "alias pytest=make; pytest",
        "pytest -q <<'EOF' | bash\nmake\nEOF",
    ],
)
def test_whatever_else_the_command_does_has_to_be_allowed_as_well(command: str) -> None:
    assert not allowed(command, "shell(pytest *)")


def test_several_rules_together_cover_several_parts() -> None:
    command = "pytest -q && make all"
    assert not allowed(command, "shell(pytest *)")
    assert not allowed(command, "shell(make *)")
    assert allowed(command, "shell(pytest *)", "shell(make *)")


def test_a_part_that_destroys_needs_its_own_name() -> None:
    command = "make && rm -r build"
    assert not allowed(command, "shell")
    assert not allowed(command, "shell", "shell(make *)")
    assert allowed(command, "shell(make *)", "shell(rm -r build)")


def test_a_rule_that_is_the_whole_text_covers_it() -> None:
    command = "make all > build.log 2>&1"
    assert allowed(command, f"shell({command})")
    assert not allowed(f"{command}; ls > x", f"shell({command})")


@pytest.mark.parametrize(
    "command",
    [
        "make; git push",
        "echo $(git push)",
        "bash -c 'git push'",
        "timeout 5 git push",
        "env A=1 git push",
        "if true; then git push; fi",
        "bash <<'EOF'\ngit push\nEOF",
        "xargs git push < names",
        "find . -exec git push ';'",
        "x=$(git push) ls",
        "cat <(git push)",
    ],
)
def test_a_deny_fires_on_any_part_wherever_it_hides(command: str) -> None:
    rules = (Rule(decide="allow", match="shell"), Rule(decide="deny", match="Bash(git push:*)"))
    verdict = judge("shell", {"command": command}, classify(command), Policy(3, rules))
    assert verdict.decision is Decision.DENY


def test_a_deny_on_paths_fires_on_what_a_command_writes() -> None:
    rules = (Rule(decide="deny", match="Edit(./src/**)"),)
    for command, decision in (
        ("echo x > src/a.py", Decision.DENY),
        ("sed -i s/a/b/ src/a.py", Decision.DENY),
        ("rm src/a.py", Decision.DENY),
        ("cat src/a.py", Decision.ALLOW),
    ):
        assert judge(
            "shell", {"command": command}, classify(command), Policy(3, rules)
        ).decision is (decision), command


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        ("rm build/x", "shell(rm build/*)"),
        ("rm build/x/y.o", "shell(rm build/*)"),
        ("curl https://api.example.com/v1/x", "shell(curl https://api.example.com/*)"),
        ("npm run test", "shell(npm run te*)"),
        ("npm run test --silent", "shell(npm run te* *)"),
        ("git commit -m x -q", "shell(git commit -m:*)"),
        ("ssh build@host uptime -p", "shell(ssh build@host *)"),
    ],
)
def test_a_star_that_ends_a_word_covers_that_word(command: str, rule: str) -> None:
    assert allowed(command, rule)


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        ("rm build/x u.txt", "shell(rm build/*)"),
        ("rm build/../u.txt", "shell(rm build/*)"),
        ("rm build/x/../../u.txt", "shell(rm build/*)"),
        ("rm build/..", "shell(rm build/*)"),
        (
            "curl https://api.example.com/x https://evil.com",
            "shell(curl https://api.example.com/*)",
        ),
        ("curl https://api.example.com/x -d @u.txt", "shell(curl https://api.example.com/*)"),
        (
            "curl https://api.example.com/x --resolve a:1:b",
            "shell(curl https://api.example.com/*)",
        ),
        ("npm run test --prefix /etc", "shell(npm run *)"),
        ("ssh build@host -oProxyCommand=id", "shell(ssh build@host *)"),
    ],
)
def test_a_star_that_ends_a_word_covers_nothing_more(command: str, rule: str) -> None:
    assert not allowed(command, rule)


def decided(level: int, command: str, *matches: str, reachable: bool = False) -> Decision:
    """What becomes of a command that is to stay as a service, in a sandbox that works."""
    judged = classify(command, Place("/ws"))
    held: JsonObject = {"service": True, "sandboxed": True}
    judged = judged.model_copy(update={"facts": {**judged.facts, **held}})
    judged = with_network(judged) if reachable else judged
    rules = tuple(Rule(decide="allow", match=match) for match in matches)
    policy = Policy(level, rules, sandboxed=True)
    return judge("shell", {"command": command, "service": "dev"}, judged, policy).decision


def test_what_may_run_may_not_therefore_stay() -> None:
    assert decided(3, "pytest -q", "shell(pytest *)") is Decision.ASK
    assert decided(3, "pytest -q", "shell(pytest -q)") is Decision.ASK
    assert decided(3, "pytest -q", "shell") is Decision.ASK
    assert decided(3, "pytest -q", "shell(pytest *)", "fact(service)") is Decision.ALLOW
    assert decided(3, "pytest -q", "fact(service)") is Decision.ASK


@pytest.mark.parametrize("rule", ["shell(npm run dev)", "shell", "category(network)"])
def test_what_may_stay_may_not_therefore_have_the_network(rule: str) -> None:
    both = (rule, "fact(service)")
    assert decided(3, "npm run dev", "shell(npm run dev)", "fact(service)") is Decision.ALLOW
    assert decided(3, "npm run dev", *both, reachable=True) is Decision.ASK
    assert decided(4, "npm run dev", *both, reachable=True) is Decision.ASK
    assert decided(3, "npm run dev", rule, "fact(reachable)", reachable=True) is Decision.ASK
    assert decided(3, "npm run dev", *both, "fact(reachable)", reachable=True) is Decision.ALLOW
    facts = ("fact(service)", "fact(reachable)")
    assert decided(4, "npm run dev", *facts, reachable=True) is Decision.ASK, "it is the network"


def test_a_level_is_no_milder_with_what_stays_than_with_the_same_command() -> None:
    assert decided(3, "tail -f log") is Decision.ASK
    assert decided(3, "tail -f log", "fact(service)") is Decision.ALLOW
    assert decided(4, "pytest -q") is Decision.ALLOW
    assert decided(4, "npm publish") is Decision.ASK
    assert decided(2, "tail -f log") is Decision.DENY
