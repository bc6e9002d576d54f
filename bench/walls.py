"""The sandbox of this machine, for a floor: the same walls around its commands, and no more."""

import asyncio
import json
import os
from functools import cache

from bench.processes import Home, fresh_home
from loopdeck.tools.commands.probe import probe
from loopdeck.tools.sandbox import bubblewrap, seccomp
from loopdeck.tools.sandbox.backend import Backend
from loopdeck.tools.sandbox.survey import Request, survey

FILTER = "{filter}"
_OFF = "sandbox = false\n"


@cache
def program() -> str:
    """Where bubblewrap is, if it holds here; nothing where floors cannot have the same walls."""
    with fresh_home() as home:
        found = asyncio.run(probe(home.folder, (home.data,))).sandbox
    return found.program if found is not None and found.backend is Backend.BUBBLEWRAP else ""


def around(home: Home) -> tuple[str, ...]:
    """Options for a floor whose commands get the walls that Loopdeck puts around a write."""
    if not program():
        return ()
    profile = survey(
        Request(home.workspace, os.environ["PATH"]), home=home.folder, own=(home.data,)
    )
    words = list(bubblewrap.wrap(profile, (), program=program(), filter_fd=0))
    words[words.index("--seccomp") + 1] = FILTER
    code = home.folder / "filter"
    code.write_bytes(seccomp.assemble())
    layout = home.folder / "walls.json"
    layout.write_text(json.dumps({"words": words, "filter": str(code)}))
    return ("--inside", str(layout))


def take_down(home: Home) -> None:
    """Have Loopdeck run its commands without a sandbox too."""
    home.data.mkdir(mode=0o700)
    (home.data / "config.toml").write_text(_OFF)
