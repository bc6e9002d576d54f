"""Commands that read whatever is there, beside files that hold secrets."""

from pathlib import Path

import pytest

from loopdeck.permissions.shell import parts_of
from loopdeck.session.values import Assessment, Category
from loopdeck.tools.registry import BuiltinToolbox
from loopdeck.tools.sandbox.backend import Backend, Sandbox
from loopdeck.tools.stakes.sweeps import comes_upon


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two secrets, one of them hidden, beside files without any."""
    root = tmp_path_factory.mktemp("swept") / "ws"
    for folder in ("conf", "src", ".git"):
        (root / folder).mkdir(parents=True)
    (root / "conf/secrets.yml").write_text("password: correct\n")
    (root / "conf/app.yml").write_text("port: 1\n")
    (root / ".npmrc").write_text("//registry/:_authToken=x\n")
    (root / "src/a.py").write_text("1\n")
    (root / "README.md").write_text("x\n")
    return root


def said(ws: Path, command: str, *, held: bool) -> Assessment:
    """The verdict on a command there, in a sandbox or without one."""
    sandbox = Sandbox(Backend.BUBBLEWRAP, ws.parent) if held else None
    return BuiltinToolbox(ws, sandbox=sandbox).prepare("shell", {"command": command}).assess()


SWEEPS = (
    "grep -rn correct .",
    "grep -rn correct conf",
    "rg correct",
    "rg --hidden auth",
    "ls -A | xargs cat",
    "cat $(git ls-files)",
    "find . -type f -exec cat {} +",
    "cat conf/*",
    "head -5 */*.yml",
    "git grep --no-index correct",
)


@pytest.mark.parametrize("command", SWEEPS)
def test_a_sweep_over_secrets_asks_where_nothing_covers_them(ws: Path, command: str) -> None:
    assert said(ws, command, held=False).facts.get("sensitive")
    assert "sensitive" not in said(ws, command, held=True).facts
    assert comes_upon(said(ws, command, held=True), command, parts_of(command), str(ws))


@pytest.mark.parametrize(
    "command",
    [
        *("cat README.md", "ls -la", "find . -name '*.yml'", "grep -rn x src", "cat src/*"),
        *("head -3 *.md", "rg --hidden x src", "git status", "cat conf/app.yml", "tree"),
        *("sort README.md > sorted.txt", "cp -r src copy", "tar cf a.tar src", "cp src/* b"),
    ],
)
def test_what_comes_upon_none_is_as_quiet_as_before(ws: Path, command: str) -> None:
    for held in (True, False):
        assert "sensitive" not in said(ws, command, held=held).facts


@pytest.mark.parametrize(
    "command",
    [
        "tar cf - . | tar xOf -",
        "tar czf a.tgz conf",
        "zip -r a.zip .",
        "cp conf/* x.txt",
        "cat conf/* > x.txt",
        "grep -r . conf > x.txt",
    ],
)
def test_what_copies_or_packs_secrets_asks_also_in_a_sandbox(ws: Path, command: str) -> None:
    verdict = said(ws, command, held=True)
    assert verdict.category is Category.WRITE
    assert verdict.facts.get("sensitive")
    assert "conf/secrets.yml" in " ".join(reason.text for reason in verdict.reasons)


@pytest.mark.parametrize(
    ("command", "meets"),
    [
        ("git grep x", True),
        ('git "grep" --untracked x', True),
        ("git diff --no-index . conf", True),
        ("git log -p", False),
        ("git diff", False),
    ],
)
def test_git_comes_upon_files_where_it_reads_them_as_they_lie(
    ws: Path, command: str, *, meets: bool
) -> None:
    verdict = Assessment(category=Category.READ, facts={"programs": ["git"]})
    assert comes_upon(verdict, command, parts_of(command), str(ws)) is meets


def test_without_a_repository_git_compares_files_as_they_lie(tmp_path: Path) -> None:
    verdict = Assessment(category=Category.READ, facts={"programs": ["git"]})
    assert comes_upon(verdict, "git diff a b", parts_of("git diff a b"), str(tmp_path))


def test_names_that_are_listed_and_read_are_not_followed_out_of_the_workspace(
    tmp_path: Path,
) -> None:
    (tmp_path / "ws").mkdir()
    (tmp_path / "ws/out").symlink_to("/etc/passwd")
    for command in ("ls -A | xargs cat", "cat $(ls -a)"):
        assert said(tmp_path / "ws", command, held=True).facts.get("outside_workspace")
    assert "outside_workspace" not in said(tmp_path / "ws", "ls -a | head", held=True).facts
