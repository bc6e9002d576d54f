"""What a vendor's own search of the web looked for and found, and what it is asked for with."""

from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import replace

from loopdeck.models.arguments import tidy
from loopdeck.models.calls import object_of, objects_of, text_of
from loopdeck.models.vendors import LOCAL, is_address
from loopdeck.ports import ModelRequest, ReplyBlock, Search
from loopdeck.session.values import JsonObject, OpaqueBlock, listed

NONE = "The model's server has no search of the web for this model: it goes on without."
MOST_HITS = 20
MOST_SEARCHES = 8  # in one reply, where that can be asked for
MOST_TOLD = 50
LONGEST_TITLE, LONGEST_URL, LONGEST_QUERY = 200, 1_000, 1_000
MESSAGES_TOOL: JsonObject = {
    "type": "web_search_20250305",
    "name": "web_search",
    "max_uses": MOST_SEARCHES,
}
RESPONSES_TOOL: JsonObject = {"type": "web_search"}
RESPONSES_SOURCES = "web_search_call.action.sources"
GEMINI_TOOL: JsonObject = {"googleSearch": {}}
GEMINI_BESIDE: JsonObject = {"includeServerSideToolInvocations": True}
"""What lets that search stand beside other tools."""


class Seeking:
    """Whether a server is asked to search for a reply; one that refused once is not asked again."""

    def __init__(self, *, can: bool = True) -> None:
        self._can = can
        self._said = False

    def wanted(self, request: ModelRequest) -> bool:
        """Whether this request is to allow a search."""
        return request.search and self._can

    def is_refused(self, request: ModelRequest, status: int, words: str) -> bool:
        """Whether a server refused a request because of the search; from now on there is none."""
        about = any(word in words.lower() for word in _WORDS)
        if not (self.wanted(request) and status in (400, 422) and about):
            return False
        self._can = False
        return True

    def said(self, request: ModelRequest) -> str:
        """What is to be told with a reply, once: that there is no search."""
        if not request.search or self._can or self._said:
            return ""
        self._said = True
        return NONE


_WITH_LAST = "[what was found stands with the last search of this reply]"
_WORDS = ("search", "server_side_tool", "serversidetool", "built-in tool")

Hit = tuple[str, str]


def lacks_search(name: str) -> bool:
    """Whether a model of this name has certainly no search of its own; a script needs none."""
    if is_address(name):
        url = name.partition("#")[0].rstrip("/")
        return not url.endswith(("/responses", "/messages"))
    return name.startswith(LOCAL)


def search(query: str, hits: Sequence[Hit] = (), error: str = "") -> Search:
    """One search in plain words; what came from outside keeps to its place and its length."""
    asked = _line(query, LONGEST_QUERY) or "(the words of the search are not told)"
    if error:
        return Search(asked, f"The search failed: {_line(error, LONGEST_TITLE)}.", ok=False)
    lines = list(_listed(hits))
    return Search(asked, "\n".join(lines) or "[nothing was found, or it is not told]")


def _listed(hits: Iterable[Hit]) -> Iterator[str]:
    unique = list(dict.fromkeys((_line(t, LONGEST_TITLE), _line(u, LONGEST_URL)) for t, u in hits))
    for number, (title, url) in enumerate(unique[:MOST_HITS], start=1):
        yield f"{number}. {title or url}"
        if title and url:
            yield f"   {url}"
    if len(unique) > MOST_HITS:
        yield f"[and {len(unique) - MOST_HITS} more]"


def _line(text: str, most: int) -> str:
    text = " ".join(tidy(text).split())
    return text if len(text) <= most else f"{text[:most]}…"


def in_messages(
    blocks: Iterable[ReplyBlock], asked: MutableMapping[str, str]
) -> tuple[Search, ...]:
    """The searches of a reply of the Messages API.

    A reply may pause between a search and its result, so `asked` has the words of searches
    that were begun, by their ids, from one reply to the next.
    """
    found: list[Search] = []
    for block in blocks:
        if not isinstance(block, OpaqueBlock):
            continue
        data = block.data
        match text_of(data, "type"):
            case "server_tool_use" if text_of(data, "name") == "web_search":
                asked[text_of(data, "id")] = text_of(object_of(data, "input"), "query")
            case "web_search_tool_result":
                query = asked.pop(text_of(data, "tool_use_id"), "")
                hits = [
                    (text_of(h, "title"), text_of(h, "url")) for h in objects_of(data, "content")
                ]
                error = text_of(object_of(data, "content"), "error_code")
                found.append(search(query, hits, error))
            case _:
                pass
    return tuple(found[:MOST_TOLD])


def in_responses(items: Sequence[JsonObject]) -> tuple[Search, ...]:
    """The searches among the items of the Responses API, with the titles that are cited."""
    titles = {
        text_of(note, "url"): text_of(note, "title")
        for item in items
        for part in objects_of(item, "content")
        for note in objects_of(part, "annotations")
        if text_of(note, "type") == "url_citation"
    }
    calls = [item for item in items if text_of(item, "type") == "web_search_call"]
    told = any(objects_of(object_of(item, "action"), "sources") for item in calls)
    found: list[Search] = []
    for item in calls:
        sources = [text_of(s, "url") for s in objects_of(object_of(item, "action"), "sources")]
        last = item is calls[-1] and not told
        urls = list(titles) if last else sources
        error = "it did not come to its end" if text_of(item, "status") == "failed" else ""
        hits = [(titles.get(url, ""), url) for url in urls]
        found.append(search(_asked(object_of(item, "action")), hits, error))
    return tuple(found[:MOST_TOLD])


def _asked(action: JsonObject) -> str:
    match text_of(action, "type"):
        case "open_page":
            return f"open {text_of(action, 'url')}"
        case "find_in_page" | "find":
            return f"find “{text_of(action, 'pattern')}” in {text_of(action, 'url')}"
        case _:
            words = [text_of(action, "query"), *listed(action, "queries")]
            return " · ".join(dict.fromkeys(filter(None, words)))


def in_gemini(grounds: Sequence[JsonObject]) -> tuple[Search, ...]:
    """The searches of a reply of Gemini; which one found what is not told, so the last has all."""
    queries = [each for ground in grounds for each in listed(ground, "webSearchQueries")]
    pages = [object_of(each, "web") for g in grounds for each in objects_of(g, "groundingChunks")]
    hits = [(text_of(page, "title"), text_of(page, "uri")) for page in pages]
    unique = list(dict.fromkeys(queries))[:MOST_SEARCHES]
    if not unique and not hits:
        return ()
    *first, last = unique or [""]
    return (*(replace(search(each), found=_WITH_LAST) for each in first), search(last, hits))
