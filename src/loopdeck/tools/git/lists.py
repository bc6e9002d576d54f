"""Asks git for lists of names, in a short time and so that it runs nothing meanwhile."""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from loopdeck.tools.git.asking import ALWAYS, OFFLINE, as_environment

_PATIENCE = 1.5  # for all questions together


class TooLate(Exception):
    """It takes longer than anybody would wait."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One round of questions about the repository around a folder, which has to end by `until`.

    No question looks into the work tree: for that git would run the filters of the repository.
    """

    git: str
    folder: str
    environ: Mapping[str, str]
    until: float

    @classmethod
    def begin(cls, folder: str, environ: Mapping[str, str]) -> Self:
        """A round that begins now."""
        git = shutil.which("git", path=environ.get("PATH")) or ""
        return cls(git, folder, environ, time.monotonic() + _PATIENCE)

    def ask(self, *words: str) -> list[str] | None:
        """The names that git prints; None where it fails. Raises `TooLate`."""
        left = self.until - time.monotonic()
        try:
            done = subprocess.run(
                (self.git, "--no-pager", "-C", self.folder, *words),
                env={**self.environ, **as_environment(ALWAYS), **OFFLINE},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=max(left, 0.01),
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TooLate from error
        except (OSError, ValueError):
            return None
        if done.returncode != 0:
            return None
        return [name for name in os.fsdecode(done.stdout).replace("\n", "\0").split("\0") if name]
