"""Where the shell goes: `cd`, `pushd` and `popd`."""

import posixpath
from collections.abc import Sequence

from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.options import Argument
from loopdeck.permissions.shell.place import UNKNOWN_FOLDER
from loopdeck.permissions.shell.scope import Scope
from loopdeck.session.values import Category

# These take the shell to where it was; no command is told where another one was before it.
_BACK = (["cd", "-"], ["popd"], ["pushd"])


def change_folder(words: Sequence[Argument], scope: Scope, found: Findings) -> None:
    """Where `cd`, `pushd` or `popd` takes the shell."""
    if [word.text for word in words] in _BACK:
        _go_back(words[0], scope, found)
        return
    targets = [word for word in words[1:] if word.text not in ("--", "-P", "-L", "-e")]
    name, unclear = words[0].text, ("-", "+") if words[0].text == "pushd" else "-"
    if len(targets) > 1 or name == "popd" or (targets and targets[0].text.startswith(unclear)):
        found.add(Category.UNKNOWN, f"it is not clear where `{name}` goes", words[0].span)
        scope.enter((UNKNOWN_FOLDER,))
        return
    text = targets[0].text if targets else "~"
    known = not targets or (targets[0].known and not targets[0].many)
    # Behind a link, `..` is another folder where links are followed first.
    known = known and not (".." in text and any(word.text == "-P" for word in words[1:]))
    for where in found.path("reads", text, scope.folders, scope.place):
        known = known and bool(where.absolute)
    found.add(Category.READ, f"`{name}` changes the folder", words[0].span)
    home = scope.place.home or UNKNOWN_FOLDER
    text = home + text[1:] if text[0:1] == "~" and text[1:2] in ("", "/") else text
    folders = tuple(dict.fromkeys(_joined(folder, text) for folder in scope.folders))
    scope.enter(folders if known else (UNKNOWN_FOLDER,))


def _go_back(name: Argument, scope: Scope, found: Findings) -> None:
    """To a folder that the shell was in, or to none where there is none to go back to."""
    found.add(Category.READ, f"`{name.text}` goes back to a folder", name.span)
    before = scope.copy()
    before.join_folders(scope.left)
    scope.enter(before.folders)


def _joined(folder: str, text: str) -> str:
    if folder == UNKNOWN_FOLDER and not text.startswith("/"):
        return UNKNOWN_FOLDER
    return posixpath.normpath(posixpath.join(folder, text))
