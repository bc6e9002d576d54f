"""An answer as text. A page of HTML is read in a process of its own, which can be stopped."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import loopdeck
from loopdeck.errors import ToolError
from loopdeck.figures import amount
from loopdeck.tools.web.fetching import Fetched
from loopdeck.tools.web.kinds import content_type, decoded, kind_of

if TYPE_CHECKING:
    from loopdeck.tools.web.page_worker import Order  # only that process reads pages

TIME_LIMIT = 15.0
_SPARE_S = 2
_RUN = "import sys; sys.path.insert(0, sys.argv[1]); import loopdeck.tools.web.page_worker as w; "


async def text_of(fetched: Fetched, *, time_limit: float = TIME_LIMIT) -> str:
    """What the answer says. Raises `ToolError` for one that says nothing in words."""
    told = content_type(fetched.type)
    kind, told = kind_of(told, fetched.body)
    if not told.may_be_text or (fetched.body and kind == "binary"):
        raise ToolError(f"{fetched.at} is {told.words}{_of_size(fetched)}; it is not shown.")
    text = await asyncio.to_thread(decoded, told, fetched.body)
    if kind == "html":
        return await _page(text, str(fetched.at), time_limit)
    return text.replace("\r\n", "\n")


def _of_size(fetched: Fetched) -> str:
    size = len(fetched.body) if fetched.body and not fetched.cut else None
    size = fetched.size if size is None else size
    return f" of {amount(size)}" if size else ""


async def _page(html: str, base: str, limit: float) -> str:
    source = str(Path(loopdeck.__file__).parent.parent)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-c", f"{_RUN}w.main()", source),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
    )
    seconds = int(limit) + _SPARE_S
    order: Order = {"base": base, "seconds": seconds}
    told = json.dumps(order).encode() + b"\n" + html.encode("utf-8", "replace")
    talk = asyncio.create_task(process.communicate(told))
    try:
        done, _ = await asyncio.wait({talk}, timeout=limit)
    finally:
        if not talk.done():
            _kill(process)
        text, _ = await talk
    if not done or process.returncode:
        raise ToolError(f"The page at {base} could not be read: it is made in too odd a way.")
    return text.decode("utf-8", "replace")


def _kill(process: asyncio.subprocess.Process) -> None:
    """End it past asyncio, whose own `kill` first polls and so takes the exit from its watcher."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
