"""An answer holds for what a command starts from: scripts, patches, the files of runners, git."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from loopdeck.ports import Action
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.traps import git

Change = Callable[[Path], object]


def write(path: str, text: str = "evil\n") -> Change:
    """A file that somebody writes meanwhile."""

    def change(ws: Path) -> None:
        (ws / path).parent.mkdir(parents=True, exist_ok=True)
        (ws / path).write_text(text)

    return change


def prepared(ws: Path, command: str) -> Action:
    """A command in a workspace."""
    return BuiltinToolbox(ws).prepare("shell", {"command": command})


FILES = {
    "x.sh": "echo 1\n",
    "s.py": "print(1)\n",
    "s.sed": "s/1/2/\n",
    "s.awk": "{print 1}\n",
    "x.sql": "create table a(b);\n",
    "p.diff": "--- f\n+++ f\n@@ -1 +1 @@\n-1\n+2\n",
    "f": "1\n",
    "a": "a\n",
    "folder/kept": "k\n",
    "Makefile": "include m.mk\nt:\n\techo 1\n",
    "m.mk": "x = 1\n",
    "sub/Makefile": "t:\n\techo 1\n",
    "package.json": '{"scripts": {"test": "echo 1"}}\n',
    "tests/test_a.py": "def test_a(): pass\n",
    "pkg/m.py": "print(1)\n",
    "imports.py": "import json\nfrom h import x\n",
    "h.py": "import pkg.deep\nx = 1\n",
    "pkg/deep.py": "",
    "x.js": "const y = require('./y')\n",
    "y.js": "1\n",
    "sources.sh": "set -e\n. x.sh\n",
}


@pytest.fixture
def place(ws: Path) -> Path:
    """A workspace with the files of several runners."""
    for name, text in FILES.items():
        (ws / name).parent.mkdir(exist_ok=True)
        (ws / name).write_text(text)
    return ws


CHANGES: dict[str, tuple[str, Change]] = {
    "sourced": ("source x.sh; echo", write("x.sh")),
    "named to xargs": ("echo s.py | xargs python3", write("s.py")),
    "found": ("find . -name '*.py' | xargs python3", write("s.py")),
    "found by find itself": ("find . -name s.py -exec python3 {} \\;", write("s.py")),
    "by a pattern": ("for f in *.sh; do bash $f; done", write("x.sh")),
    "new of a pattern": ("for f in *.sh; do bash $f; done", write("y.sh")),
    "sed script": ("sed -i -f s.sed f", write("s.sed")),
    "awk program": ("awk -f s.awk f > o", write("s.awk")),
    "statements": ("sqlite3 a.db < x.sql", write("x.sql")),
    "patch": ("patch -p0 < p.diff", write("p.diff")),
    "patch of git": ("git apply p.diff", write("p.diff")),
    "makefile": ("make t", write("Makefile")),
    "makefile before it": ("make t", write("GNUmakefile")),
    "makefile of another folder": ("make -C sub t", write("sub/Makefile")),
    "included makefile": ("make t", write("m.mk")),
    "scripts of a package": ("npm test", write("package.json")),
    "settings of tests": ("pytest -q", write("conftest.py")),
    "settings of tests below": ("pytest -q tests", write("tests/conftest.py")),
    "named test": ("pytest -q tests/test_a.py::test_a", write("tests/test_a.py")),
    "tests": ("python3 -m pytest", write("tests/test_a.py")),
    "module": ("python3 -m pkg.m", write("pkg/m.py")),
    "package of a module": ("python3 -m pkg.m", write("pkg/__init__.py")),
    "imported": ("python3 imports.py", write("h.py")),
    "imported by an import": ("python3 imports.py", write("pkg/deep.py")),
    "imported from here instead": ("python3 imports.py", write("json.py")),
    "required": ("node x.js", write("y.js")),
    "sourced by a script": ("bash sources.sh", write("x.sh")),
    "written over": ("mv a b", write("b")),
    "written over in a folder": ("mv a folder", write("folder/a")),
    "written over by output": ("echo x > f", write("f")),
    "unknown program's file": ("frob --with f", write("f")),
}


@pytest.mark.parametrize(("command", "change"), CHANGES.values(), ids=CHANGES.keys())
def test_what_a_command_starts_from_is_in_its_binding(
    place: Path, command: str, change: Change
) -> None:
    action = prepared(place, command)
    before = action.binding()
    assert action.binding() == before
    change(place)
    assert action.binding() != before


@pytest.fixture
def repository(ws: Path) -> Path:
    """A repository with one commit and one file."""
    git(ws, "init", "-q")
    (ws / "f").write_text("1\n")
    git(ws, "add", "f")
    git(ws, "commit", "-qm", "one")
    return ws


def hook(ws: Path) -> None:
    """A hook appears."""
    path = ws / ".git/hooks/pre-commit"
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)


def hooks_elsewhere(ws: Path) -> None:
    """A folder of hooks that the settings named all along gets one."""
    (ws / "hk").mkdir()
    (ws / "hk/pre-commit").write_text("#!/bin/sh\n")


def stage(ws: Path) -> None:
    """Another file is staged."""
    (ws / "g").write_text("g\n")
    git(ws, "add", "g")


GIT_CHANGES: dict[str, Change] = {
    "hook": hook,
    "hooks elsewhere": hooks_elsewhere,
    "settings": lambda ws: git(ws, "config", "core.editor", "evil"),
    "staged": stage,
    "changed": write("f"),
    "commit": lambda ws: git(ws, "commit", "-q", "--allow-empty", "-m", "two"),
}


@pytest.mark.parametrize("change", GIT_CHANGES.values(), ids=GIT_CHANGES.keys())
def test_a_commit_is_bound_to_hooks_settings_and_what_it_takes(
    repository: Path, change: Change
) -> None:
    git(repository, "config", "core.hooksPath", "hk")
    action = prepared(repository, "git commit -am x")
    before = action.binding()
    change(repository)
    assert action.binding() != before


def test_a_look_of_git_changes_nothing_that_is_bound(repository: Path) -> None:
    action = prepared(repository, "git commit -am x")
    before = action.binding()
    os.utime(repository / ".git/index")
    git(repository, "status")
    assert action.binding() == before


def test_what_nothing_starts_from_is_not_bound(place: Path) -> None:
    action = prepared(place, "make t")
    before = action.binding()
    write("notes.md")(place)
    assert action.binding() == before
