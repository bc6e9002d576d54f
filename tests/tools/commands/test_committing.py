"""New files of secrets that git would take up are named in a question; all else is added freely."""

from pathlib import Path

import pytest

from loopdeck.session.values import Assessment
from loopdeck.tools.registry import BuiltinToolbox
from loopdeck.tools.sandbox.backend import Backend, Sandbox
from tests.support.traps import git


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kept secret, an ignored one and two that nobody has told git of."""
    ws = tmp_path_factory.mktemp("new") / "ws"
    for folder in ("conf", "src", "old"):
        (ws / folder).mkdir(parents=True)
    (ws / ".gitignore").write_text(".env\n")
    (ws / "old/secrets.yml").write_text("a: b\n")
    (ws / "src/a.py").write_text("1\n")
    git(ws, "init", "-q", "-b", "main")
    git(ws, "add", ".")
    git(ws, "commit", "-qm", "why")
    (ws / "old/secrets.yml").write_text("a: changed\n")
    (ws / "src/b.py").write_text("2\n")
    (ws / ".env").write_text("A=1\n")
    (ws / ".npmrc").write_text("//registry/:_authToken=x\n")
    (ws / "conf/prod.env").write_text("A=1\n")
    return ws


def said(ws: Path, command: str) -> Assessment:
    box = BuiltinToolbox(ws, sandbox=Sandbox(Backend.BUBBLEWRAP, ws.parent))
    return box.prepare("shell", {"command": command}).assess()


@pytest.mark.parametrize(
    ("command", "names"),
    [
        ("git add -A && git commit -m x", [".npmrc", "conf/prod.env"]),
        ("git add .", [".npmrc", "conf/prod.env"]),
        ("git -C . add --all", [".npmrc", "conf/prod.env"]),
        ("git stage conf src", ["conf/prod.env"]),
        ("cd conf && git add .", ["conf/prod.env"]),
        ("git add -fA", [".env", ".npmrc", "conf/prod.env"]),
        ("git add ':/'", [".npmrc", "conf/prod.env"]),
        ("git ls-files -o | xargs git add", [".npmrc", "conf/prod.env"]),
    ],
)
def test_what_git_would_take_up_is_named(repo: Path, command: str, names: list[str]) -> None:
    judged = said(repo, command)
    assert judged.facts.get("sensitive")
    texts = " ".join(reason.text for reason in judged.reasons)
    assert all(f"`{name}`" in texts for name in names)
    assert [".env`" in texts.replace("prod.env`", "")] == [".env" in names]


@pytest.mark.parametrize(
    "command",
    ["git add -u", "git add src", "git add src/b.py old", "git commit -am x", "git add -A -n"],
)
def test_what_takes_up_no_new_secret_does_not_ask(repo: Path, command: str) -> None:
    assert not said(repo, command).facts.get("sensitive")
