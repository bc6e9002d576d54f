"""Rule forms: what they match to tighten, what they cover to loosen, what is nonsense."""

import pytest

from loopdeck.errors import RuleError
from loopdeck.permissions.rules.language import Call, parse_rule
from loopdeck.permissions.rules.matching import hides, loosens, tightens
from loopdeck.permissions.shell import classify
from loopdeck.session.values import Assessment, Category, Rule


def shell(command: str) -> Call:
    return Call("shell", {"command": command}, classify(command), "/ws", "/home/me")


def file(tool: str, path: str) -> Call:
    outside = path.startswith("/")
    facts = {"paths": [path], "outside_workspace": outside}
    assessment = Assessment(category=Category.READ, facts=facts)
    return Call(tool, {"path": path}, assessment, "/ws", "/home/me")


def web(*hosts: str, tool: str = "web_fetch") -> Call:
    assessment = Assessment(category=Category.NETWORK, facts={"hosts": list(hosts)})
    return Call(tool, {}, assessment, "/ws")


@pytest.mark.parametrize(
    ("rule", "command"),
    [
        ("shell(git diff *)", "git diff"),
        ("shell(git diff *)", "git diff HEAD"),
        ("shell(git diff:*)", "git diff HEAD"),
        ("Bash(git diff *)", "git   diff  HEAD"),
        ("shell", "git diff"),
        ("Bash(*)", "git diff"),
        ("shell(git * main)", "git rebase main"),
        ("shell(python3 check.py)", "python3 check.py"),
        ("shell(git commit -m 'a b')", "git commit -m 'a b'"),
        ("category(unknown)", "frobnicate"),
        ("*", "make"),
    ],
)
def test_an_allow_rule_covers_its_command(rule: str, command: str) -> None:
    assert loosens(parse_rule(rule), shell(command))


@pytest.mark.parametrize(
    ("rule", "command"),
    [
        ("shell(git diff *)", "git difftool"),
        ("shell(git diff *)", "git diff; rm x"),
        ("shell(git diff *)", "git diff | sh"),
        ("shell(git diff *)", "git diff $(x)"),
        ("shell(git diff *)", "git diff > x"),
        ("shell(git diff *)", "git diff\nrm x"),
        ("shell(git diff *)", "'git diff'"),
        ("shell(git diff *)", "git 'diff x'"),
        ("shell(git diff *)", "A=1 git diff"),
        ("category(unknown)", "ls; ls"),
        ("shell(ls)", "ls; rm x"),
        ("Read", "git diff"),
    ],
)
def test_an_allow_rule_covers_nothing_else(rule: str, command: str) -> None:
    assert not loosens(parse_rule(rule), shell(command))


@pytest.mark.parametrize(
    "command",
    [
        "rm x",
        "ls; rm x",
        "ls && rm -rf x",
        "/bin/rm x",
        "'rm' x",
        "sudo rm x",
        "env A=1 rm x",
        "A=1 rm x",
        "bash -c 'rm x'",
        "echo $(rm x)",
        "echo `rm x`",
        "find . -exec rm {} +",
        "xargs rm",
        "r\\m x",
        "rm",
        "a;" * 300 + "rm x",
    ],
)
def test_a_deny_rule_fires_wherever_the_program_may_start(command: str) -> None:
    assert tightens(parse_rule("shell(rm *)"), shell(command))


@pytest.mark.parametrize("command", ["ls rm", "git commit -m 'rm old'", "echo rm", "rmdir x"])
def test_a_deny_rule_leaves_other_commands_alone(command: str) -> None:
    assert not tightens(parse_rule("shell(rm *)"), shell(command))


@pytest.mark.parametrize(
    ("rule", "tool", "path", "covered"),
    [
        ("read_file(./secrets/**)", "read_file", "secrets/a", True),
        ("read_file(./secrets/**)", "read_file", "secrets/a/b", True),
        ("read_file(./secrets/**)", "read_file", "src/secrets/a", False),
        ("read_file(./secrets/**)", "list_files", "secrets", False),
        ("Read(secrets)", "list_files", "a/secrets/b", True),
        ("Read(src/**)", "search_text", "src/a.py", True),
        ("Read(src/*.py)", "read_file", "src/deep/a.py", False),
        ("Read(**/*.py)", "read_file", "src/deep/a.py", True),
        ("Read(*.py)", "read_file", "src/deep/a.py", True),
        ("Read(/src)", "read_file", "src/a", True),
        ("Read(./**)", "list_files", ".", True),
        ("Read(//etc/*)", "read_file", "/etc/hosts", True),
        ("Read(//etc/*)", "read_file", "etc/hosts", False),
        ("Read(~/notes/**)", "read_file", "/home/me/notes/a", True),
        ("Read(~/notes/**)", "read_file", "/home/you/notes/a", False),
        ("Edit(src/**)", "write_file", "src/a", True),
        ("Edit(src/**)", "delete_file", "src/a", False),
        ("Write(src/**)", "edit_file", "src/a", False),
    ],
)
def test_path_rules_read_like_gitignore(rule: str, tool: str, path: str, *, covered: bool) -> None:
    assert loosens(parse_rule(rule), file(tool, path)) is covered


def test_a_deny_on_editing_stops_deleting_and_one_on_reading_stops_cat() -> None:
    assert tightens(parse_rule("Edit(src/**)"), file("delete_file", "src/a"))
    assert tightens(parse_rule("Read(./secrets/**)"), shell("cat secrets/a"))


def test_an_allow_needs_all_paths_and_a_deny_any() -> None:
    facts = {"paths": ["src/a", "other"]}
    call = Call("read_file", {}, Assessment(category=Category.READ, facts=facts), "/ws")
    assert tightens(parse_rule("Read(src/**)"), call)
    assert not loosens(parse_rule("Read(src/**)"), call)


def test_host_rules_speak_of_every_host_to_allow_and_of_any_to_deny() -> None:
    matcher = parse_rule("host(*.example.com)")
    assert loosens(matcher, web("a.example.com"))
    assert not loosens(matcher, web("a.example.com", "evil.org"))
    assert tightens(matcher, web("a.example.com", "evil.org"))
    assert not loosens(matcher, web())
    assert not loosens(matcher, shell("curl https://a.example.com/"))
    assert loosens(parse_rule("WebFetch(domain:example.com)"), web("EXAMPLE.com."))


def test_a_web_rule_speaks_of_web_fetch_and_no_other_tool() -> None:
    assert not loosens(parse_rule("WebFetch(domain:example.com)"), web("example.com", tool="x"))


def test_server_tools_match_by_glob() -> None:
    call = Call("mcp__github__list", {}, Assessment(category=Category.UNKNOWN), "/ws")
    assert loosens(parse_rule("mcp__github__*"), call)
    assert not loosens(parse_rule("mcp__gitlab__*"), call)
    assert loosens(parse_rule("mcp__github__list"), call)


def test_facts_and_categories_tighten() -> None:
    assert tightens(parse_rule("fact(outside_workspace)"), shell("cat /etc/hosts"))
    assert not tightens(parse_rule("fact(sensitive)"), shell("cat a"))
    assert tightens(parse_rule("category(network)"), shell("curl https://a.b"))


def test_denied_reads_are_hidden_from_listings() -> None:
    rules = [
        Rule(decide="deny", match="Read(./secrets/**)"),
        Rule(decide="allow", match="Read(./open/**)"),
    ]
    assert hides(rules, "secrets/a", workspace="/ws")
    assert not hides(rules, "open/a", workspace="/ws")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "shel",
        "Foo(x)",
        "shell(",
        "shell()",
        "category(bad)",
        "category",
        "fact(x)",
        "host()",
        "host(a b)",
        "WebFetch(example.com)",
        "read_file(!x)",
        "update_plan(x)",
        "shell(x) y",
        "(x)",
        "zzz*",
    ],
)
def test_nonsense_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule(text)
    assert text in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("rule", "command"),
    [
        ("Bash(npm run test *)", "npm run test -- --watch=false"),
        ("Bash(npm run test:*)", "npm run test"),
        ("Bash(* --version)", "cargo --version"),
        (r"Bash(python -c 'print\(1\)')", "python -c 'print(1)'"),
    ],
)
def test_commands_match_as_claude_code_writes_them(rule: str, command: str) -> None:
    assert loosens(parse_rule(rule), shell(command))


@pytest.mark.parametrize(
    ("rule", "tool"),
    [
        ("mcp__github", "mcp__github__get_issue"),
        ("mcp__github__*", "mcp__github__get_issue"),
        ("mcp__github__get_*", "mcp__github__get_issue"),
        ("mcp__github__get_issue", "mcp__github__get_issue"),
    ],
)
def test_a_server_is_named_whole_by_star_or_by_tool(rule: str, tool: str) -> None:
    call = Call(tool, {}, Assessment(category=Category.NETWORK), "/ws")
    assert loosens(parse_rule(rule), call)
    other = Call("mcp__githubx__get", {}, Assessment(category=Category.NETWORK), "/ws")
    assert not loosens(parse_rule(rule), other)


@pytest.mark.parametrize("rule", ["ToolSearch", "Task", "NotebookEdit(x.ipynb)", "Skill(name)"])
def test_tools_of_other_programs_are_read_and_match_nothing(rule: str) -> None:
    matcher = parse_rule(rule)
    for call in (shell("ls"), web("a.example"), file("write_file", "x.ipynb")):
        assert not loosens(matcher, call)
        assert not tightens(matcher, call)


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("Read(a[0-9].txt)", "a7.txt", True),
        ("Read(a[0-9].txt)", "ax.txt", False),
        ("Read(a[!0-9].txt)", "ax.txt", True),
        ("Read(a[!0-9].txt)", "a/.txt", False),
        ("Read(a[].txt)", "a[].txt", True),
        ("Read(a[b.txt)", "a[b.txt", True),
    ],
)
def test_sets_of_characters_in_paths(pattern: str, path: str, *, covered: bool) -> None:
    assert loosens(parse_rule(pattern), file("read_file", path)) is covered
