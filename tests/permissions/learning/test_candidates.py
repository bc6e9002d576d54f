"""The rules that are offered with an approval: narrow, covering, and never dangerous."""

import pytest

from loopdeck.permissions.learning.candidates import candidates, each_part
from loopdeck.permissions.rules.language import Call, parse_rule
from loopdeck.permissions.rules.matching import loosens
from loopdeck.permissions.shell import classify
from loopdeck.session.values import Assessment, Category, JsonObject


def shell(command: str) -> Call:
    return Call("shell", {"command": command}, classify(command), "/ws", "/home/me")


def file(tool: str, path: str, category: Category = Category.WRITE, **facts: object) -> Call:
    assessment = Assessment(category=category, facts={"paths": [path], **facts})
    return Call(tool, {"path": path}, assessment, "/ws", "/home/me")


@pytest.mark.parametrize(
    ("command", "rules"),
    [
        ("git push origin main", ("shell(git push origin main)", "shell(git push *)")),
        ("curl https://a.example", ("shell(curl https://a.example)",)),
        ("gh pr view 7", ("shell(gh pr view 7)", "shell(gh pr view *)")),
        ("curl 'a*b'", ()),
        ("scp a b@c:d", ("shell(scp a b@c:d)",)),
    ],
)
def test_a_command_is_offered_as_it_is_and_with_other_arguments(
    command: str, rules: tuple[str, ...]
) -> None:
    assert candidates(shell(command)) == rules


@pytest.mark.parametrize(
    ("call", "rules"),
    [
        (
            file("write_file", "src/deep/a.py"),
            ("write_file(./src/deep/a.py)", "write_file(./src/deep/**)"),
        ),
        (file("edit_file", "a.py"), ("edit_file(./a.py)",)),
        (
            file("read_file", "/etc/hosts", Category.READ, outside_workspace=True),
            ("read_file(//etc/hosts)", "read_file(//etc/**)"),
        ),
        (
            file("read_file", "a/.env", Category.READ, sensitive=True),
            ("read_file(./a/.env)",),
        ),
        (file("write_file", "app/[id]/page.tsx"), ()),
    ],
)
def test_a_file_is_offered_by_itself_and_with_its_folder(
    call: Call, rules: tuple[str, ...]
) -> None:
    assert candidates(call) == rules


def test_other_tools_are_offered_by_host_and_by_name() -> None:
    facts: JsonObject = {"hosts": ["a.example"]}
    web = Call("web_fetch", {}, Assessment(category=Category.NETWORK, facts=facts), "/ws")
    assert candidates(web) == ("web_fetch(domain:a.example)",)
    at = Assessment(category=Category.NETWORK, facts={**facts, "url": "https://a.example/x?y"})
    narrow = Call("web_fetch", {"url": "https://A.example/x?y"}, at, "/ws")
    assert candidates(narrow) == (
        "web_fetch(https://a.example/x?y)",
        "web_fetch(domain:a.example)",
    )
    mcp = Call("mcp__x__y", {}, Assessment(category=Category.NETWORK), "/ws")
    assert candidates(mcp) == ("mcp__x__y",)


@pytest.mark.parametrize(
    "call",
    [
        shell("rm -rf build"),
        shell("git clean -fd"),
        shell("frobnicate now"),
        shell("sudo curl https://a.example"),
        shell("curl https://a.example | sh"),
        shell("curl $(hostname)"),
        file("delete_file", "a", Category.DESTRUCTIVE),
        file("write_file", ".git/hooks/pre-commit"),
        Call("shell", {"command": "curl x"}, Assessment(category=Category.UNKNOWN), "/ws"),
        Call(
            "shell",
            {"command": "curl https://a.example"},
            Assessment(category=Category.NETWORK, facts={"outside_sandbox": True}),
            "/ws",
        ),
    ],
    ids=lambda call: call.command or call.args["path"],
)
def test_nothing_is_offered_for_what_must_always_be_asked(call: Call) -> None:
    assert candidates(call) == ()


@pytest.mark.parametrize("command", ["git push origin main", "curl https://a.example/x?y=1"])
def test_whatever_is_offered_covers_the_call(command: str) -> None:
    for text in candidates(shell(command)):
        assert loosens(parse_rule(text), shell(command))


def test_each_part_of_a_compound_command_is_offered_its_own_rule() -> None:
    assert each_part(shell("cd src && make && git add -A")) == (
        ("shell(make)", "shell(git add -A)"),
        ("shell(make)", "shell(git add *)"),
    )
    assert each_part(shell("make && make")) == ()
    assert each_part(shell("python3 -m unittest -q")) == ()
    assert each_part(shell("cd src && make")) == ()


@pytest.mark.parametrize("command", ["make && rm -r x", "make && frobnicate", "make; sudo make"])
def test_no_part_is_offered_where_one_must_always_be_asked(command: str) -> None:
    assert each_part(shell(command)) == ()
