"""`web_fetch`: a page of the web as text."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from loopdeck.errors import ToolError
from loopdeck.permissions.urls import LONGEST, Address, address, oddity
from loopdeck.ports import ToolContext, ToolResult
from loopdeck.session.values import Assessment, Category, JsonObject, Preview, Reason
from loopdeck.tools.arguments import Arguments
from loopdeck.tools.commands.capture import Capture
from loopdeck.tools.reach import Reach, sounds_near
from loopdeck.tools.web.arriving import MOST_BYTES
from loopdeck.tools.web.fetching import Fetch, Fetched, LeadsElsewhere
from loopdeck.tools.web.kinds import content_type
from loopdeck.tools.web.reading import text_of


class WebFetchArgs(Arguments):
    """What `web_fetch` takes."""

    url: str = Field(
        min_length=1, max_length=LONGEST, description="The address, with http:// or https://."
    )
    offset: int = Field(
        default=0,
        ge=0,
        description="From which character of the text on, for what was left out of a long page.",
    )

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        at = address(url)
        if not urlsplit(url.strip()).netloc.isascii():
            # What a person reads is the address as the model wrote it, wherever it is shown.
            raise ValueError(f"its host is written in letters that may mislead; write {at}")
        return str(at)


@dataclass(frozen=True, slots=True)
class WebFetch:
    """One page, fetched from where the address says and nowhere else."""

    args: WebFetchArgs
    reach: Reach
    most: int = MOST_BYTES

    @property
    def at(self) -> Address:
        """Where it goes."""
        return address(self.args.url)

    def assess(self) -> Assessment:
        """An action over the network; nothing is looked up before it is allowed."""
        at = self.at
        near = _NEAR if sounds_near(at.host) else ""
        open_ = "http: others on the way can read and change it" if at.scheme == "http" else ""
        said = filter(None, (oddity(at.host, at.reads), near, open_))
        reasons = [Reason(text=text) for text in said]
        facts: JsonObject = {"hosts": [at.host], "url": str(at)}
        return Assessment(category=Category.NETWORK, reasons=tuple(reasons), facts=facts)

    def preview(self) -> Preview:
        """The whole address."""
        return Preview(kind="text", text=str(self.at), title=f"web_fetch {self.at.host}")

    def binding(self) -> JsonObject:
        """The address as it will be asked for."""
        return {"the address": str(self.at)}

    async def run(self, context: ToolContext) -> ToolResult:
        """Fetch it, and make text of it. What is too long for the log goes to a file."""
        fetch = Fetch(self.reach, context.output, _is_wanted, self.most)
        try:
            fetched = await fetch.run(self.at)
        except LeadsElsewhere as other:
            words = (
                f"{fetch.hops[-1]}\nThat is another place than the one that was asked for, so it "
                f"was not visited. To see it, call web_fetch again with {other.to}"
            )
            return ToolResult(ok=False, output="\n".join([*fetch.hops[:-1], words]))
        try:
            text = await text_of(fetched)
        except ToolError as error:
            if fetched.status < 400:
                raise
            text = str(error)
        return await asyncio.to_thread(self._result, fetched, text, context)

    def _result(self, fetched: Fetched, text: str, context: ToolContext) -> ToolResult:
        head = [*fetched.hops, f"[{fetched.at}: {fetched.status} {fetched.phrase}]".strip()]
        rest = text[self.args.offset :]
        if self.args.offset:
            head.append(f"[from character {self.args.offset:,} of {len(text):,} on]")
        if fetched.cut:
            head.append(f"[the page is longer: only its first {self.most:,} bytes were read]")
        capture = Capture(lambda: context.spool, context.guard())
        try:
            words = rest or ("[nothing]" if not text else "[the text ends before that]")
            capture.feed("\n".join([*head, "", words]).encode("utf-8", "replace"))
        finally:
            capture.close()
        return ToolResult(ok=fetched.status < 400, output=capture.text(), full_output=capture.path)


_NEAR = (
    "the host is this machine, or one near it; a yes alone does not open it, "
    "but an allow rule of yours that names it"
)


def _is_wanted(header: str) -> bool:
    return content_type(header).may_be_text
