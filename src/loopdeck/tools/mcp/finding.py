"""Where servers offer more tools than a prompt should carry: one tool that finds them by words."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

from loopdeck.errors import ToolError
from loopdeck.ports import ToolContext, ToolResult, ToolSpec
from loopdeck.session.values import Assessment, Category, JsonObject, Preview
from loopdeck.tools.arguments import Arguments, schema_of
from loopdeck.tools.mcp.offers import Offer

FIND = "find_tools"
MOST_TOOLS = 40  # that a prompt carries with all their arguments
MOST_SCHEMAS = 40_000  # characters that they may take together
MOST_FOUND = 6
MOST_KEPT = 12
MOST_SERVERS = 60
_WORD = re.compile(r"[a-z0-9]+")


class FindToolsArgs(Arguments):
    """What `find_tools` takes."""

    words: str = Field(min_length=1, max_length=300, description="What the tool has to do.")


class Finder:
    """Keeps what was found last: that is offered from the next step on."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def is_needed(self, offers: Sequence[Offer]) -> bool:
        """Whether they are too many, or too long, to be told all at once."""
        return len(offers) > MOST_TOOLS or sum(map(_size, offers)) > MOST_SCHEMAS

    def found(self, offers: Sequence[Offer]) -> Sequence[Offer]:
        """Those that were looked for, as far as they are still there."""
        known = {offer.name: offer for offer in offers}
        return [known[name] for name in self._names if name in known]

    def spec(self, offers: Sequence[Offer]) -> ToolSpec:
        """The tool that finds, with the servers that there are."""
        counts = Counter(offer.server for offer in offers)
        some = [f"{name} ({count})" for name, count in sorted(counts.items())[:MOST_SERVERS]]
        words = (
            "Find more tools by what they do. Those found can be called from your next reply on. "
            f"There are {len(offers)}, of these MCP servers: {', '.join(some)}."
        )
        return ToolSpec(FIND, words, schema_of(FindToolsArgs))

    def prepare(self, args: JsonObject, offers: Sequence[Offer]) -> "Find":
        """A search. Raises `ToolError`."""
        return Find(FindToolsArgs.parse(FIND, args), self, offers)

    def keep(self, names: Sequence[str]) -> None:
        """Offer these from now on, and of the earlier ones as many as there is room for."""
        self._names = list(dict.fromkeys((*names, *self._names)))[:MOST_KEPT]


@dataclass(frozen=True, slots=True)
class Find:
    """One search among what the servers offer. It talks to none of them."""

    args: FindToolsArgs
    finder: Finder
    offers: Sequence[Offer]

    def assess(self) -> Assessment:
        """Touches nothing."""
        return Assessment(category=Category.READ)

    def preview(self) -> Preview | None:
        """Nothing that is not in the arguments."""
        return None

    def binding(self) -> JsonObject:
        """Nothing beside the arguments decides."""
        return {}

    async def run(self, context: ToolContext) -> ToolResult:
        """The best matches, the best first."""
        found = matches(self.args.words, self.offers)
        if not found:
            raise ToolError("No tool matches. Try other words, or fewer.")
        self.finder.keep([offer.name for offer in found])
        lines = [
            f"{offer.name}: {offer.description.splitlines()[0][:200]}"
            if offer.description
            else offer.name
            for offer in found
        ]
        return ToolResult(ok=True, output="\n".join(lines))


def matches(words: str, offers: Sequence[Offer]) -> list[Offer]:
    """What shares most with the words: its name counts more than its description."""
    wanted = set(_WORD.findall(words.lower()))

    def worth(offer: Offer) -> int:
        name = set(_WORD.findall(f"{offer.server} {offer.tool}".lower().replace("_", " ")))
        return 3 * len(wanted & name) + len(wanted & set(_WORD.findall(offer.description.lower())))

    rated = sorted(((worth(offer), offer.name, offer) for offer in offers), key=_by_worth)
    return [offer for value, _, offer in rated if value][:MOST_FOUND]


def _by_worth(rated: tuple[int, str, Offer]) -> tuple[int, str]:
    return -rated[0], rated[1]


def _size(offer: Offer) -> int:
    return len(offer.description) + len(json.dumps(offer.schema_))
