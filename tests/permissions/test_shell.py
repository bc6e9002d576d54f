"""The shell classifier: what counts as a read, and that nothing else does."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.permissions.shell import classify, plain_words
from loopdeck.session.values import Category

RANK = {
    Category.READ: 0,
    Category.WRITE: 1,
    Category.NETWORK: 2,
    Category.DESTRUCTIVE: 3,
    Category.UNKNOWN: 3,  # gated like destructive
}

READS = [
    "ls",
    "ls -la src",
    "cat README.md",
    "cat -n 'a file.txt'",
    "head -n 5 notes.md",
    "head -5 notes.md",
    "tail -n +3 notes.md",
    "wc -l a b",
    "pwd",
    "echo hello there",
    "echo 'a; rm x'",
    'grep -n "def main" app.py',
    "grep -in -e one -m 3 notes.md",
    "grep -A 2 pattern file.txt",
    "   ls   ",
]

NOT_READS = [
    "",
    "   ",
    "ls; ls",
    "ls && ls",
    "ls | cat",
    "ls &",
    "ls\nls",
    "ls > out",
    "cat < in",
    "ls $HOME",
    "ls `pwd`",
    "ls $(pwd)",
    "cat *",
    "cat a?",
    "cat [ab]",
    "cat {a,b}",
    "cat a\\ b",
    "FOO=1 ls",
    "env ls",
    "sudo ls",
    "./ls",
    "/bin/ls",
    "ls # note",
    "! ls",
    "cat 'open",
    'cat "$x"',
    "tail -f log",
    "grep -r x .",
    "grep -f patterns x",
    "grep --include=a x",
    "grep --file=x y",
    "head -n x file",
    "ls --color=always",
    "git status",
    "git diff",
    "find . -name x",
    "sort -o out in",
    "ls\x00",
    "ls\x1b[2J",
    "ls\u00a0-l",
    "cat a\u202eb",
    "cat 'a\u200bb'",
    "cat \ud800",
    "python3 check.py",
    "make test",
    "l's' ; ls",
    "x" * 9_000,
]


@pytest.mark.parametrize("command", READS)
def test_a_plain_read_is_a_read(command: str) -> None:
    assert classify(command).category is Category.READ


@pytest.mark.parametrize("command", NOT_READS)
def test_anything_else_is_not_a_read(command: str) -> None:
    assert classify(command).category is not Category.READ


@pytest.mark.parametrize(
    "command",
    [
        "rm x",
        "rm -rf build",
        "'rm' x",
        "/bin/rm x",
        "ls; rm x",
        "true && rmdir a",
        "env A=1 rm x",
        "timeout 5 rm x",
        "bash -c 'cd x; rm -rf y'",
        "r\\\nm x",
        "find . -delete",
        "find . -exec rm {} +",
        "dd if=a of=b",
        "mkfs.ext4 disk.img",
        "truncate -s 0 a",
        "git push --force origin main",
        "git push -f",
        "git -C sub reset --hard",
        "git clean -fdx",
        "echo $(rm x)",
        "chmod -R 777 .",
    ],
)
def test_well_known_destruction_is_named(command: str) -> None:
    assert classify(command).category is Category.DESTRUCTIVE


@pytest.mark.parametrize(
    "command",
    [
        "curl https://example.com/x",
        "wget a.b",
        "ssh me@host ls",
        "git push",
        "git clone u",
        "npm i",
    ],
)
def test_talking_to_other_machines_is_network(command: str) -> None:
    assert classify(command).category is Category.NETWORK


def test_a_reason_points_at_what_made_the_command_unknown() -> None:
    command = "cat a | grep b"
    [reason] = classify(command).reasons
    assert reason.span is not None
    assert command[slice(*reason.span)] == "|"


def test_an_unknown_option_is_the_reason_itself() -> None:
    command = "grep -n --exotic x y"
    spans = [reason.span for reason in classify(command).reasons]
    assert [command[slice(*span)] for span in spans if span] == ["--exotic"]


@pytest.mark.parametrize("path", ["/etc/hosts", "../x", "a/../../b", "~/x", "~", "~root/x"])
def test_a_path_that_may_leave_the_workspace_is_a_fact(path: str) -> None:
    assert classify(f"cat {path}").facts["outside_workspace"] is True


@pytest.mark.parametrize("option", ["--file=/etc/x", "-f/etc/x", "of=../x"])
def test_a_path_inside_an_option_counts_too(option: str) -> None:
    assert classify(f"tool {option}").facts["outside_workspace"] is True


@pytest.mark.parametrize("command", ["cat src/a.py", "curl https://a.b/c", "make x 2>/dev/null"])
def test_plain_places_are_not_outside(command: str) -> None:
    assert "outside_workspace" not in classify(command).facts


@pytest.mark.parametrize(
    "command", ["cat .env", "cat a/.ENV", "cat .ssh/config", "cat 'id_rsa'", "bash -c 'cat .env'"]
)
def test_a_secret_by_its_name_is_a_fact(command: str) -> None:
    assert classify(command).facts["sensitive"] is True


def test_the_paths_and_hosts_are_facts() -> None:
    assert classify("grep -n x a b").facts["paths"] == ["a", "b"]
    assert classify("curl https://u:p@Example.com:8/x").facts["hosts"] == ["example.com"]


def test_only_plain_words_are_plain_words() -> None:
    assert plain_words("git commit -m 'a b'") == ("git", "commit", "-m", "a b")
    assert plain_words("git diff; ls") is None


@given(st.text(alphabet="ab c/.-='\"\u00e9\u00a0\t\\n$\\\\", max_size=40))
def test_plain_words_are_what_others_read_too(command: str) -> None:
    words = plain_words(command)
    if words is not None:
        assert list(words) == shlex.split(command)


@given(st.text(max_size=300))
def test_no_text_makes_it_raise(command: str) -> None:
    classify(command)


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    classify(raw.decode("utf-8", "surrogateescape"))
    classify(raw.decode("latin-1"))


_WORDS = [
    "ls",
    "cat",
    "rm",
    "curl",
    "git",
    "push",
    "-f",
    "-la",
    "a.txt",
    "/etc",
    "..",
    "env",
    "echo",
]
_SIGNS = ["'", '"', ";", "|", "$x", "`", "\\", "#", "&", ">", "(", ")", "=", " ", "\n"]
_SHELLISH = st.lists(st.sampled_from(_WORDS + _SIGNS), max_size=12).map(" ".join)


@given(_SHELLISH, _SHELLISH)
def test_a_further_command_never_makes_it_milder(first: str, second: str) -> None:
    before = classify(first).category
    after = classify(f"{first}; {second}").category
    assert RANK[after] >= RANK[before]


@given(st.text(alphabet="abrml -'\"\\;|&$`x/.\n", max_size=40))
def test_a_read_has_no_character_that_bash_would_act_on(command: str) -> None:
    if classify(command).category is Category.READ:
        assert not set("\\\n") & set(command)
        outside = command.split("'")[::2] if '"' not in command else []
        assert not any(set(";|&$`") & set(piece) for piece in outside)


@given(st.sampled_from(["ls", "cat", "rm", "curl", "wc"]), st.integers(0, 3))
def test_quotes_around_a_name_change_nothing(name: str, at: int) -> None:
    at = min(at, len(name))
    quoted = f"{name[:at]}'{name[at:]}'"
    assert classify(f"{quoted} x").category is classify(f"{name} x").category
