"""`python -m NAME`: whether that may be the project's code, where it is looked for first."""

import posixpath
import sys
from collections.abc import Iterator
from typing import Final

from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.options import Argument
from loopdeck.permissions.shell.place import UNKNOWN_FOLDER
from loopdeck.permissions.shell.scope import Scope
from loopdeck.permissions.shell.shown import shown
from loopdeck.session.values import Category

# What python takes for a module: a file, or a folder that says it is a package.
_IMPORTABLE: Final = ("*.py", "*.pyc", "*.so", "*/__init__.py", "*/__init__.pyc", "*/__init__*.so")
# Modules that lie in many projects and that none of another program's are called like.
_ORDINARY: Final = frozenset(
    {"setup", "conftest", "manage", "noxfile", "tests", "src", "docs", "scripts", "examples"}
)


def note_module(name: Argument, scope: Scope, found: Findings, *, usual: bool) -> None:
    """Note that a module is run; `usual` for a known one, where python is told nothing besides.

    Where nothing in the folder can be taken for one of the modules that are loaded, it is the one
    that came with python, or with the program.
    """
    if usual and not _may_be_own(name.text, scope):
        found.add(Category.READ, f"the module `{shown(name)}` is python's own", name.span)
        return
    found.flags.add("runs_code")
    found.add(Category.WRITE, f"the module `{shown(name)}` is run", name.span)


def _may_be_own(module: str, scope: Scope) -> bool:
    top = module.partition(".")[0]
    standard = top in sys.stdlib_module_names
    for folder in scope.folders:
        if folder == UNKNOWN_FOLDER or scope.place.there(posixpath.join(folder, top)):
            return True
        for found in _importable(folder, scope):
            if found is None or found == top:
                return True
            if found in sys.stdlib_module_names or not (standard or found in _ORDINARY):
                return True
    return False


def _importable(folder: str, scope: Scope) -> Iterator[str | None]:
    """The names under which python finds something in a folder; None where nobody can look."""
    for pattern in _IMPORTABLE:
        paths = scope.place.standing_for(posixpath.join(folder, pattern))
        if paths is None:
            yield None
            return
        for path in paths:
            rest = path.removeprefix(folder.rstrip("/")).lstrip("/")
            yield rest.partition("/")[0].partition(".")[0]
