"""`policy` explains and runs nothing: one line a call, in order, in a shape to rely on."""

import io
import json
import sys

import pytest

from loopdeck.session.values import JsonObject
from tests.support.program import Program, Ran

KEYS = {"id", "category", "verdict", "level", "rule", "reasons", "facts"}


def shell(ident: object, command: str) -> JsonObject:
    return {"id": ident, "tool": "shell", "args": {"command": command}}


class Checker:
    """`policy check --jsonl` with these bytes on stdin."""

    def __init__(self, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
        self._program = program
        self._monkeypatch = monkeypatch

    def raw(self, data: bytes, *argv: str) -> Ran:
        """Whatever the bytes are."""
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        workspace = ("--workspace", str(self._program.workspace))
        ran = self._program("policy", "check", "--jsonl", *workspace, *argv)
        assert ran.code == 0, ran.err
        return ran

    def __call__(self, *lines: JsonObject, argv: tuple[str, ...] = ()) -> list[JsonObject]:
        """These calls."""
        return self.raw("".join(json.dumps(line) + "\n" for line in lines).encode(), *argv).lines


@pytest.fixture
def check(program: Program, monkeypatch: pytest.MonkeyPatch) -> Checker:
    """The check over stdin."""
    return Checker(program, monkeypatch)


def test_every_call_gets_one_line_in_order_and_in_shape(check: Checker) -> None:
    idents: list[object] = [1, "two", None, {"n": 4}, [5], 1.5, True]
    verdicts = check(*(shell(ident, "ls") for ident in idents))
    assert [verdict["id"] for verdict in verdicts] == idents
    for verdict in verdicts:
        assert verdict.keys() == KEYS
        assert verdict["category"] == "read"
        assert verdict["verdict"] == "allow"
        assert verdict["level"] == 3
        assert all(reason.keys() == {"text", "span"} for reason in verdict["reasons"])


def test_verdicts_fit_what_the_calls_can_do(check: Checker) -> None:
    calls: list[tuple[JsonObject, str, str]] = [
        (shell(0, "cat README.md"), "read", "allow"),
        (shell(1, "rm -rf /"), "destructive", "ask"),
        ({"id": 2, "tool": "write_file", "args": {"path": "a", "content": ""}}, "write", "ask"),
        ({"id": 3, "tool": "delete_file", "args": {"path": "a"}}, "destructive", "ask"),
        ({"id": 4, "tool": "launch", "args": {}}, "unknown", "ask"),
        ({"id": 5, "tool": "read_file", "args": {"path": "../x"}}, "read", "ask"),
        ({"id": 6, "tool": "read_file", "args": {"colour": 1}}, "unknown", "ask"),
    ]
    verdicts = check(*(call for call, _, _ in calls))
    found = [(verdict["category"], verdict["verdict"]) for verdict in verdicts]
    assert found == [(category, verdict) for _, category, verdict in calls]


def test_levels_and_rules_of_the_command_line_count(check: Checker) -> None:
    write = {"id": 1, "tool": "write_file", "args": {"path": "a", "content": ""}}
    assert check(write, argv=("--level", "2"))[0]["verdict"] == "deny"
    assert check(write, argv=("--level", "4"))[0]["verdict"] == "allow"
    assert check(write, argv=("--level", "5", "--ask", "write_file"))[0]["verdict"] == "park"
    assert check(write, argv=("--allow", "write_file"))[0]["verdict"] == "allow"
    both = ("--allow", "write_file", "--deny", "category(write)")
    assert check(write, argv=both)[0]["verdict"] == "deny"


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"[]",
        b"7",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b"{}",
        b'{"id": 1, "tool": 7, "args": {}}',
        b'{"id": 1, "tool": "shell", "args": "ls"}',
        b"[" * 100_000,
        b'{"id": 1, "tool": "shell", "args": {"command": "find -L \\"$d\\""}}',
        rb'{"id": 1, "tool": "shell", "args": {"command": "find \ud800 -exec cat {} +"}}',
    ],
    ids=[
        "words",
        "list",
        "number",
        "null",
        "text",
        "bytes",
        "empty",
        "tool",
        "args",
        "deep",
        "where",
        "half",
    ],
)
def test_a_line_that_is_no_call_is_unknown_and_the_next_is_read(
    line: bytes, check: Checker
) -> None:
    good = json.dumps(shell("good", "ls")).encode()
    bad, after = check.raw(line + b"\n\n" + good + b"\n").lines
    assert (bad["category"], bad["verdict"]) == ("unknown", "ask")
    assert bad["id"] == (1 if b'"id": 1' in line else None)
    assert after["id"] == "good"


def test_many_lines_are_all_decided(check: Checker) -> None:
    verdicts = check(*(shell(number, f"echo {number} | wc -c") for number in range(1_000)))
    assert [verdict["id"] for verdict in verdicts] == list(range(1_000))


def test_checking_runs_nothing(program: Program, check: Checker) -> None:
    check(shell(1, "touch touched"), shell(2, "$(touch touched)"))
    assert not (program.workspace / "touched").exists()
    assert not program.home.exists()


def test_one_command_is_explained_with_a_finger_on_the_place(program: Program) -> None:
    ran = program("policy", "check", "cat a && rm -r b")
    verdict, *rest = ran.out.splitlines()
    assert verdict.startswith("ask  (destructive)")
    assert any(line.strip().startswith("^") for line in rest)
    marked = [
        rest[at - 1][line.index("^") : line.rindex("^") + 1]
        for at, line in enumerate(rest)
        if set(line.strip()) == {"^"}
    ]
    assert "rm" in marked


def test_the_finger_finds_its_line_in_a_command_of_several(program: Program) -> None:
    ran = program("policy", "check", "ls &&\n\trm -r b &&\n  ls -l")
    rest = ran.out.splitlines()
    at = next(i for i, line in enumerate(rest) if line.strip() == "`rm` deletes files")
    line, mark = rest[at + 1], rest[at + 2]
    assert line[mark.index("^") : mark.rindex("^") + 1] == "rm"
    assert "␉" in line


def test_one_command_as_json(program: Program) -> None:
    (verdict,) = program("policy", "check", "--json", "ls").lines
    assert verdict.keys() == KEYS


def test_in_order_a_session_may_delete_what_it_made(check: Checker) -> None:
    lines = (
        {"id": 1, "tool": "write_file", "args": {"path": "new.txt", "content": "x"}},
        shell(2, "rm new.txt"),
        shell(3, "rm new.txt"),
        shell(4, "rm rake.txt"),
    )
    apart = [line["category"] for line in check(*lines)]
    assert apart == ["write", "destructive", "destructive", "destructive"]
    if "makes" in check(lines[0])[0]["facts"]:
        together = [line["category"] for line in check(*lines, argv=("--in-order",))]
        assert together == ["write", "write", "destructive", "destructive"]


def test_high_levels_are_explained_as_inside_a_sandbox(check: Checker) -> None:
    make = shell(1, "make all")
    (inside,) = check(make, argv=("--level", "4"))
    assert (inside["verdict"], "sandboxed" in inside["facts"]) == ("allow", False)
    (bare,) = check(make, argv=("--level", "4", "--no-sandbox"))
    assert bare["verdict"] == "ask"


def test_rules_of_the_project_and_lasting_grants_count(program: Program, check: Checker) -> None:
    push = shell(1, "git push origin main")
    assert check(push)[0]["verdict"] == "ask"
    program.home.mkdir()
    grants = program.home / "grants.toml"
    grants.write_text('[[grant]]\nid = "g1"\nmatch = "shell(git push *)"\nscope = "user"\n')
    assert check(push)[0]["verdict"] == "allow"
    folder = program.workspace / ".loopdeck"
    folder.mkdir()
    (folder / "policy.toml").write_text('[[rule]]\ndecide = "deny"\nmatch = "Bash(git push *)"\n')
    assert check(push)[0]["verdict"] == "deny"


def test_odd_rules_are_told_beside_the_answer(program: Program) -> None:
    ran = program("policy", "check", "ls", "--allow", "Bash(git * main)", "--deny", "NotebookEdit")
    assert ran.out.startswith("allow")
    assert "star before its end" in ran.err
    assert "no such tool" in ran.err


def test_a_level_that_a_sandbox_would_have_to_open_says_what_is_known_of_one(
    program: Program,
) -> None:
    fresh = program("policy", "check", "--level", "4", "touch a")
    assert "no run has tried one here yet" in fresh.err
    assert program("policy", "check", "--level", "3", "touch a").err == ""
    assert program("policy", "check", "--level", "4", "--no-sandbox", "touch a").err == ""
    program.home.mkdir()
    (program.home / "config.toml").write_text("sandbox = false\n")
    shut = program("policy", "check", "--level", "4", "touch a")
    assert "level 4 stays shut" in shut.err


def test_a_home_that_is_reached_by_a_link_is_a_whole_home_too(
    program: Program, check: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = program.home.parent / "by-a-link"
    link.symlink_to(program.workspace)
    monkeypatch.setenv("HOME", str(link))
    (answer,) = check(shell(1, "touch new.txt"), argv=("--level", "4"))
    assert answer["verdict"] == "ask"
    assert "a whole home folder" in str(answer["rule"])
