"""Asks a server for its lists: tools, resources, templates and prompts, each over its pages."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from mcp.client import Client
from mcp.shared.exceptions import MCPError
from mcp.types import PaginatedResult, Prompt, Tool
from pydantic import ValidationError

from loopdeck.errors import ToolError
from loopdeck.ports import servers as ports
from loopdeck.tools.mcp.offers import Hints, Offer, offer_of
from loopdeck.tools.mcp.things import Things, prompt_of, resource_of

MOST_PAGES = 50
MOST_TOOLS = 2_000
MOST_THINGS = 1_000  # of a kind
P = TypeVar("P", bound=PaginatedResult)
P_co = TypeVar("P_co", bound=PaginatedResult, covariant=True)
T = TypeVar("T")


class Page(Protocol[P_co]):
    """Asks for one page of a list."""

    def __call__(self, *, cursor: str | None = None) -> Awaitable[P_co]:
        """The page at a cursor; the first without one."""
        ...


async def all_offers(server: str, client: Client) -> list[Offer]:
    """Every tool. Raises `ToolError` if the list makes no sense."""
    try:
        tools = await _all(client.list_tools, lambda page: page.tools, MOST_TOOLS)
    except ValidationError as error:
        raise ToolError("Its list of tools does not follow the protocol.") from error
    found = (_offer(server, tool) for tool in tools)
    return list({offer.name: offer for offer in found}.values())


async def all_things(server: str, client: Client) -> Things:
    """What can be read and begun with; a list that cannot be had is an empty one."""
    able = client.server_capabilities
    resources: list[ports.Resource | None] = []
    prompts: list[ports.Prompt | None] = []
    if able.resources is not None:
        for one in await _some(client.list_resources, lambda page: page.resources):
            words, kind = one.description or "", one.mime_type or ""
            resources.append(resource_of(server, one.uri, one.title or one.name, words, kind))
        for form in await _some(
            client.list_resource_templates, lambda page: page.resource_templates
        ):
            name, words, kind = (
                form.title or form.name,
                form.description or "",
                form.mime_type or "",
            )
            resources.append(
                resource_of(server, form.uri_template, name, words, kind, template=True)
            )
    if able.prompts is not None:
        found = await _some(client.list_prompts, lambda page: page.prompts)
        prompts += [_prompt(server, one) for one in found]
    return Things(tuple(filter(None, resources)), tuple(filter(None, prompts)))


async def _some(page: Page[P], of: Callable[[P], list[T]]) -> list[T]:
    try:
        return await _all(page, of, MOST_THINGS)
    except (ValidationError, MCPError):
        return []  # some declare what they have not got


async def _all(page: Page[P], of: Callable[[P], list[T]], most: int) -> list[T]:
    found: list[T] = []
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        part = await page(cursor=cursor)
        found += of(part)
        cursor = part.next_cursor
        if not cursor or len(found) > most:
            break
    return found[:most]


def _prompt(server: str, one: Prompt) -> ports.Prompt | None:
    args = [(arg.name, bool(arg.required)) for arg in one.arguments or ()]
    return prompt_of(server, one.name, one.description or one.title or "", args)


def _offer(server: str, tool: Tool) -> Offer:
    notes = tool.annotations
    hints = Hints(
        reads=notes and notes.read_only_hint,
        destroys=notes and notes.destructive_hint,
        reaches_out=notes and notes.open_world_hint,
    )
    return offer_of(server, tool.name, tool.description or "", tool.input_schema, hints)
