"""Files that a listing names are written over: what may be hit is looked for where it looks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from loopdeck.permissions.shell import classify
from loopdeck.permissions.shell.looking import Range
from loopdeck.session.values import Category
from loopdeck.tools.disk.listing import Listing
from loopdeck.tools.disk.lookup import place_of
from loopdeck.tools.disk.paths import Workspace
from tests.support.traps import git

IN_SRC = (
    "grep -rl old src | xargs sed -i 's/old/new/g'",
    "grep -rlZ old src | xargs -0 -r sed -i 's/old/new/g'",
    "grep -rl old src tests | sort | head -20 | xargs perl -pi -e 's/old/new/'",
    "grep -rl old src | xargs -I{} sed -i 's/old/new/' {}",
    "rg -l old src | xargs sed -i 's/old/new/g'",
    "find src tests -name '*.py' | xargs sed -i 's/old/new/'",
    "sed -i 's/old/new/' $(grep -rl old src)",
    'for f in $(grep -rl old src); do sed -i s/old/new/ "$f"; done',
    'grep -rl old src | while read -r f; do sed -i s/old/new/ "$f"; done',
    "git ls-files 'src/*.py' | xargs sed -i 's/old/new/'",
    "git grep -l old -- src | xargs sed -i 's/old/new/'",
)
OF_GIT = (
    "git ls-files | xargs sed -i 's/old/new/'",
    "git ls-files -z '*.py' | xargs -0 sed -i 's/old/new/'",
    "git grep -l old | xargs sed -i 's/old/new/'",
)
NOT_IGNORED = (
    "rg -l old | xargs sed -i 's/old/new/'",
    "rg --files | xargs sed -i 's/old/new/'",
    "rg -l -t py old | xargs sed -i 's/old/new/'",
)
PYTHON = (
    "grep -rl --include='*.py' old . | xargs sed -i 's/old/new/'",
    "find . -name '*.py' -not -path '*/node_modules/*' -exec sed -i 's/old/new/' {} +",
    "rg -l old -g '*.py' | xargs sed -i 's/old/new/'",
)
ANYWHERE = (
    "grep -rl old . | xargs sed -i 's/old/new/'",
    "grep -rl old | xargs sed -i 's/old/new/'",
    "find . -type f -exec sed -i 's/old/new/' {} +",
    "find . -type f -print0 | xargs -0 sed -i 's/old/new/'",
    "rg -l --no-ignore --hidden old | xargs sed -i 's/old/new/'",
)
AROUND_GIT = (
    "find . -type f -not -path './.git/*' -exec sed -i 's/old/new/' {} +",
    "find . -name .git -prune -o -type f -print0 | xargs -0 sed -i 's/old/new/'",
    "grep -rl --exclude-dir=.git old . | xargs sed -i 's/old/new/'",
)
EVERY = (*IN_SRC, *OF_GIT, *NOT_IGNORED, *PYTHON, *AROUND_GIT)
# What they seem to pass by they show all the same.
NOT_PASSED_BY = (
    "find src -name '*.py' -not -path './sub/*'",
    "find ./src -path ./sub -prune -o -name '*.py' -print",
    "find . src -name '*.py' ! -path './sub/*'",
    "find src -path '*/sub/*' -prune -o -name '*.py'",
    "find src -name sub -prune -o -name '*.py'",
    "find src -name '*.py' ! ! -path '*/sub/*'",
    "find src -not -name '!' -path '*/sub/*'",
)
PASSED_BY = (
    "find src -name '*.py' -not -path '*/sub/*'",
    "find src -type f -a ! -path '*/sub/*'",
    "find src -path '*/sub/*' -prune -o -name '*.py' -print",
)
Told = Callable[[str], Category]


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A clean repository with one folder that git is told to ignore."""
    root = tmp_path / "ws"
    for name in ("src/a.py", "src/b.py", "tests/test_a.py", "README.md"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("old\n")
    (root / ".gitignore").write_text("dist/\n__pycache__/\n")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    (root / "src/__pycache__").mkdir()
    (root / "src/__pycache__/a.pyc").write_text("old\n")
    return root


@pytest.fixture
def told(repo: Path) -> Told:
    """What a command is there."""
    workspace = Workspace(repo, {"HOME": "/home/me", "PATH": "/usr/bin"})
    return lambda command: classify(command, place_of(workspace)).category


def test_what_git_has_just_so_may_all_be_written_over(told: Told) -> None:
    assert {command: told(command) for command in EVERY} == dict.fromkeys(EVERY, Category.WRITE)


def test_gits_own_files_are_not_to_be_hit(told: Told) -> None:
    for command in ANYWHERE:
        assert told(command) in (Category.DESTRUCTIVE, Category.UNKNOWN), command


def test_a_change_that_only_the_disk_has_asks_wherever_it_may_be_hit(
    repo: Path, told: Told
) -> None:
    (repo / "src/b.py").write_text("hours of old work\n")
    for command in (*EVERY, *ANYWHERE):
        hit = told(command) is Category.DESTRUCTIVE or command in ANYWHERE
        assert hit, command


def test_what_git_does_not_have_asks_only_where_it_is_listed(repo: Path, told: Told) -> None:
    (repo / "src/notes.txt").write_text("old\n")
    written = {command for command in EVERY if told(command) is Category.WRITE}
    ended = {"find src tests -name '*.py' | xargs sed -i 's/old/new/'"}
    of_git = {command for command in EVERY if command.startswith("git ")}
    assert written == {*of_git, *PYTHON, *ended}


def test_what_git_ignores_is_hit_by_those_that_do_not_ask_it(repo: Path, told: Told) -> None:
    (repo / "dist").mkdir()
    (repo / "dist/out.txt").write_text("old\n")
    for command in (*IN_SRC, *OF_GIT, *NOT_IGNORED, *PYTHON):
        assert told(command) is Category.WRITE, command
    for command in AROUND_GIT:
        assert told(command) is Category.DESTRUCTIVE, command
    for glob in ("*", "**", "dist", "d*", "*t"):
        command = f"rg -l -g '*.txt' -g '{glob}' old | xargs sed -i 's/old/new/'"
        assert told(command) is Category.DESTRUCTIVE, command
    (repo / ".ignore").write_text("!dist\n")
    for command in NOT_IGNORED:
        assert told(command) is not Category.WRITE, command


def test_a_folder_is_passed_by_only_where_none_of_its_names_is_shown(
    repo: Path, told: Told
) -> None:
    (repo / "src/sub").mkdir()
    (repo / "src/sub/n.py").write_text("hours of old work\n")
    for listing in PASSED_BY:
        assert told(f"{listing} | xargs sed -i s/old/new/") is Category.WRITE, listing
    for listing in NOT_PASSED_BY:
        assert told(f"{listing} | xargs sed -i s/old/new/") is Category.DESTRUCTIVE, listing


def test_a_name_that_is_an_option_is_one_to_be_asked_about(repo: Path, told: Told) -> None:
    (repo / "src/x -e1e").touch()
    whole = {IN_SRC[1], IN_SRC[8]}  # each name as it is, or by lines
    assert {command for command in IN_SRC if told(command) is Category.WRITE} == whole
    (repo / "-n").write_text("old\n")
    git(repo, "add", "--", "./-n")
    for command in OF_GIT:
        assert told(command) is not Category.WRITE, command


def test_what_others_obey_is_on_record_as_written(repo: Path) -> None:
    (repo / "AGENTS.md").write_text("old\n")
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "two")
    place = place_of(Workspace(repo, {"HOME": "/home/me", "PATH": "/usr/bin"}))
    for command in (*OF_GIT[:1], *NOT_IGNORED[:1], *AROUND_GIT):
        assert "AGENTS.md" in str(classify(command, place).facts["writes"]), command
    for command in (*IN_SRC, *PYTHON):
        assert "AGENTS.md" not in str(classify(command, place).facts["writes"]), command


def test_what_was_moved_there_before_is_not_to_be_hit(repo: Path, told: Told) -> None:
    (repo / "notes.txt").write_text("hours of work\n")
    for command in IN_SRC:
        assert told(f"mv notes.txt src/c.py && {command}") is not Category.WRITE, command


def test_too_many_files_and_followed_links_are_taken_for_a_loss(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loopdeck.tools.disk.listing._MAX_LOOKED", 4)
    listing = Listing(repo, lambda _path: False)
    src = str(repo / "src")
    assert not listing.struck(src, "", Range()).lost
    assert listing.struck(src, "", Range("linked")).lost
    assert listing.dashed(src, Range("linked"))
    for number in range(5):
        (repo / "src" / f"{number}.txt").touch()
    assert listing.struck(src, "", Range()).lost
    assert not listing.struck(src, "", Range("tracked")).lost


RELISTS = ("git add -N .", "git reset -q HEAD~1", "git restore -s HEAD~1 --staged .")


def test_what_git_is_told_of_by_the_command_itself_may_be_hit_too(repo: Path, told: Told) -> None:
    (repo / "src/notes.py").write_text("hours of old work\n")
    for command in OF_GIT:
        assert told(f"git add -u; {command}") is Category.WRITE, command
        for before in RELISTS:
            assert told(f"{before}; {command}") is Category.DESTRUCTIVE, (before, command)
    assert told("git reset -q HEAD~1; git restore src") is Category.DESTRUCTIVE


KEPT = (
    "sed -i.bak s/old/new/ src/a.py",
    "sed --in-place=.bak s/old/new/ src/*.py",
    "perl -pi.bak -e s/old/new/ src/a.py",
    "for f in src/*.py; do sed -i.bak s/old/new/ $f; done",
    "git ls-files | xargs sed -i.bak s/old/new/",
    "find src -name '*.py' -exec sed -i.bak s/old/new/ {} +",
)


def test_what_a_program_keeps_comes_over_what_had_that_name(repo: Path, told: Told) -> None:
    for command in KEPT:
        assert told(command) is Category.WRITE, command
    assert told(f"{KEPT[0]} && rm src/a.py.bak") is Category.WRITE
    (repo / "src/a.py.bak").write_text("hours of work\n")
    for command in KEPT:
        assert told(command) is Category.DESTRUCTIVE, command


THROUGH = (
    "for f in src/*.py; do cp README.md $f; done",
    "for f in src/*.py; do echo > $f; done",
    "find src -name '*.py' -exec cp README.md {} \\;",
    "git ls-files src | xargs sed -i --follow-symlinks s/old/new/",
)


def test_what_a_link_leads_to_is_written_over_through_it(repo: Path, told: Told) -> None:
    (repo / "src/way.py").symlink_to("../README.md")
    (repo / "src/away.py").symlink_to("/nowhere/at/all")
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "two")
    lost = {command: told(command) for command in THROUGH}
    assert Category.DESTRUCTIVE not in lost.values(), lost
    (repo / "README.md").write_text("hours of old work\n")
    assert {command: told(command) for command in THROUGH} == dict.fromkeys(
        THROUGH, Category.DESTRUCTIVE
    )


BACK = ("git restore .", "git restore src", "git checkout -- src", "git checkout .")


def test_to_put_back_what_is_unchanged_takes_nothing_away(repo: Path, told: Told) -> None:
    (repo / "src/notes.txt").write_text("git knows nothing of it, and leaves it\n")
    for command in BACK:
        assert told(command) is Category.WRITE, command
        assert told(f"mv src/notes.txt src/b.py; {command}") is Category.DESTRUCTIVE, command
    assert told("git restore --source=HEAD~3 src") is Category.DESTRUCTIVE
    assert told("git checkout HEAD -- src") is Category.DESTRUCTIVE
    (repo / "src/b.py").write_text("hours of work\n")
    for command in BACK:
        assert told(command) is Category.DESTRUCTIVE, command
    assert told("git restore tests") is Category.WRITE


def test_what_lies_where_git_has_something_else_is_lost_with_it(repo: Path, told: Told) -> None:
    (repo / "src/b.py").unlink()
    assert told("git restore src") is Category.WRITE
    (repo / "src/b.py").mkdir()
    (repo / "src/b.py/notes").write_text("hours of work\n")
    assert told("git restore src") is Category.DESTRUCTIVE
    assert told("git restore src/b.py") is Category.DESTRUCTIVE
    (repo / "tests/test_a.py").unlink()
    (repo / "tests").rmdir()
    (repo / "tests").write_text("hours of work\n")
    assert told("git checkout -- tests") is Category.DESTRUCTIVE
