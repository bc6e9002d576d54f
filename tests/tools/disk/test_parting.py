"""A name that comes apart where it is read as words may lead anywhere, as the disk tells."""

import shutil
from pathlib import Path

import pytest

from loopdeck.tools.disk.parting import parted
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.traps import git

WORDS = (
    "git ls-files | xargs cat",
    "for f in $(git ls-files); do cat $f; done",
    "cat $(git ls-files 'x*')",
    "git ls-files | while read f; do cat $f; done",
    "git ls-files | while read -r f; do cat $f; done",
    "for f in */*; do cat $f; done",
    "find src -type f | xargs cat",
)
WHOLE = (
    "git ls-files -z | xargs -0 cat",
    "find . -type f -print0 | while IFS= read -r -d '' f; do cat \"$f\"; done",
    'for f in */*; do cat "$f"; done',
)
LINES = (
    'git ls-files | while read -r f; do cat "$f"; done',
    "git ls-files | xargs -d '\\n' cat",
)


def outside(root: Path, command: str) -> bool:
    action = BuiltinToolbox(root).prepare("shell", {"command": command})
    return bool(action.assess().facts.get("outside_workspace"))


def put(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n")


def test_a_folder_that_ends_in_a_blank_puts_an_absolute_path_behind_it(ws: Path) -> None:
    put(ws, "src/a.py", "src/x /etc/passwd")
    for command in WORDS:
        assert outside(ws, command), command
    for command in (*LINES, *WHOLE):
        assert not outside(ws, command), command


def test_lines_come_apart_at_their_ends(ws: Path) -> None:
    put(ws, "src/x\n/etc/passwd")
    for command in (*WORDS, *LINES):
        assert outside(ws, command), command
    for command in WHOLE:
        assert not outside(ws, command), command


def test_an_ordinary_name_with_a_blank_asks_for_nothing(ws: Path) -> None:
    put(ws, "src/My notes.txt", "lib/script (dev).tmpl", "src/a.py")
    for command in (*WORDS, *LINES, *WHOLE):
        assert not outside(ws, command), command


def test_the_second_word_may_be_the_name_of_a_link_whatever_was_asked_for(ws: Path) -> None:
    command = "find . -type f -name '*.py' | xargs cat"
    (ws / "notes").symlink_to("/etc/passwd")
    assert not outside(ws, command)
    put(ws, "see notes please.py")
    assert outside(ws, command)


def test_what_git_lists_counts_though_it_is_gone_from_the_disk(ws: Path) -> None:
    put(ws, "x /etc/passwd")
    git(ws, "init", "-q")
    git(ws, "add", ".")
    shutil.rmtree(ws / "x ")
    assert outside(ws, "git ls-files | xargs cat")
    git(ws, "rm", "-rq", "--cached", "x ")
    assert not outside(ws, "git ls-files | xargs cat")


def test_a_list_of_git_that_is_not_read_may_hold_any_name(ws: Path) -> None:
    put(ws, "a.py")
    git(ws, "init", "-q")
    git(ws, "add", ".")
    assert not outside(ws, "git ls-files | xargs cat")
    git(ws, "update-index", "--split-index")
    assert outside(ws, "git ls-files | xargs cat")
    assert not outside(ws, WHOLE[0])


def test_what_a_commit_had_counts_where_its_names_are_listed(ws: Path) -> None:
    put(ws, "x /etc/passwd", "a.py")
    git(ws, "init", "-q")
    git(ws, "add", ".")
    git(ws, "commit", "-qm", "one")
    git(ws, "rm", "-rq", "x ")
    git(ws, "commit", "-qm", "two")
    git(ws, "commit", "-q", "--allow-empty", "-m", "three")
    for end in ("| xargs cat", "| while read -r f; do cat $f; done"):
        assert outside(ws, f"git diff --name-only HEAD~2 {end}")
        assert outside(ws, f"git diff HEAD~2..HEAD --name-only {end}")
        assert not outside(ws, f"git diff --name-only HEAD~1 {end}")
        assert not outside(ws, f"git diff --name-only {end}")
    assert outside(ws, "cat $(git diff --name-only HEAD~2)")
    assert not outside(ws, "cat $(git diff --name-only HEAD~1)")


@pytest.mark.parametrize(
    ("name", "words", "lines"),
    [
        ("plain.py", "whole", "whole"),
        ("[id].tsx", "whole", "whole"),
        ("two words", "near", "whole"),
        ("x ", "astray", "whole"),
        (" ", "astray", "astray"),
        ("a ..", "astray", "whole"),
        ("a .env", "astray", "whole"),
        ("a id_rsa", "astray", "whole"),
        ("it's", "astray", "whole"),
        ("\\.\\.", "astray", "whole"),
        (".*", "astray", "whole"),
        ("a\nb", "near", "near"),
        ("a\n.env", "astray", "astray"),
    ],
)
def test_what_becomes_of_a_name(tmp_path: Path, name: str, words: str, lines: str) -> None:
    put(tmp_path, f"deep/{name}/x")
    assert (parted(str(tmp_path), "words"), parted(str(tmp_path), "lines")) == (words, lines)


def test_what_is_too_much_to_look_at_may_lead_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loopdeck.tools.disk.parting._MAX_LOOKED", 3)
    monkeypatch.setattr("loopdeck.tools.disk.parting._MAX_VENDORED", 3)
    put(tmp_path, *(f"node_modules/{at}/x" for at in range(5)))
    assert parted(str(tmp_path), "words") == "whole"
    put(tmp_path, *(f"src/{at}/x" for at in range(5)))
    assert parted(str(tmp_path), "words") == "astray"
