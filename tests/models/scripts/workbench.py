"""A few verbs that really act on a folder, as plain as a test needs them."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from loopdeck.session.values import JsonObject

Outcome = tuple[bool, str]


class Workbench:
    """Runs a call at once: true and its output, or false and what went wrong."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self._verbs: dict[str, Callable[[JsonObject], Outcome]] = {
            "read_file": self._read,
            "list_files": self._list,
            "search_text": self._search,
            "write_file": self._write,
            "edit_file": self._edit,
            "delete_file": self._delete,
            "shell": self._shell,
            "update_plan": lambda _: (True, "The plan is noted."),
        }

    def run(self, tool: str, args: JsonObject) -> Outcome:
        """Do it."""
        return self._verbs[tool](args)

    def _at(self, args: JsonObject) -> Path:
        return self.workspace / str(args["path"])

    def _read(self, args: JsonObject) -> Outcome:
        path = self._at(args)
        if not path.is_file():
            return False, f"There is no file {args['path']}."
        lines = path.read_text("utf-8").splitlines()
        return True, "\n".join(f"{at:>6}\t{line}" for at, line in enumerate(lines, start=1))

    def _list(self, args: JsonObject) -> Outcome:
        base = self._at(args)
        if not base.is_dir():
            return False, f"There is no folder {args['path']}."
        paths = (path for path in sorted(base.rglob("*")) if "__pycache__" not in path.parts)
        names = (f"{path.relative_to(base)}{'/' if path.is_dir() else ''}" for path in paths)
        return True, "\n".join(names) or "Nothing is here."

    def _search(self, args: JsonObject) -> Outcome:
        pattern = re.compile(str(args["pattern"]))
        hits = [
            f"{path.relative_to(self.workspace)}:{at}: {line}"
            for path in sorted(self._at(args).rglob(str(args["glob"])))
            for at, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
            if pattern.search(line)
        ]
        return True, "\n".join(hits) or "No match."

    def _write(self, args: JsonObject) -> Outcome:
        path = self._at(args)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(args["content"]), "utf-8")
        return True, f"Wrote {args['path']}."

    def _edit(self, args: JsonObject) -> Outcome:
        path, old = self._at(args), str(args["old"])
        text = path.read_text("utf-8")
        if text.count(old) != 1:
            return False, f"The old text is there {text.count(old)} times, not once."
        path.write_text(text.replace(old, str(args["new"])), "utf-8")
        return True, f"Changed {args['path']}."

    def _delete(self, args: JsonObject) -> Outcome:
        self._at(args).unlink()
        return True, f"Removed {args['path']}."

    def _shell(self, args: JsonObject) -> Outcome:
        command = str(args["command"]).replace("python3", sys.executable)
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.workspace,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode == 0, done.stdout + done.stderr
