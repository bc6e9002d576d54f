"""An answer as text. A page of HTML is read in a process of its own, which can be stopped."""

import asyncio
import json
from typing import TYPE_CHECKING

from loopdeck.errors import ToolError
from loopdeck.figures import amount
from loopdeck.tools.web.fetching import Fetched
from loopdeck.tools.web.kinds import content_type, decoded, kind_of
from loopdeck.tools.worker import begin, within

if TYPE_CHECKING:
    from loopdeck.tools.web.page_worker import Order  # only that process reads pages

TIME_LIMIT = 15.0
_SPARE_S = 2


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
    process = await begin("loopdeck.tools.web.page_worker")
    order: Order = {"base": base, "seconds": int(limit) + _SPARE_S}
    told = json.dumps(order).encode() + b"\n" + html.encode("utf-8", "replace")
    (text, _), timely = await within(process, process.communicate(told), limit)
    if not timely or process.returncode:
        raise ToolError(f"The page at {base} could not be read: it is made in too odd a way.")
    return text.decode("utf-8", "replace")
