"""The one table of slash commands: what they are called, what they take, where they work."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from loopdeck.app.keys.pressing import press

MARK = "/"


class Place(StrEnum):
    """Where a command works."""

    ANYWHERE = "anywhere"
    DECK = "deck"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Slash:
    """One line of the table. `takes` is what follows the name; in brackets where it may lack.

    `action` is what textual runs where nothing follows; what follows goes to the deck or to home.
    """

    name: str
    takes: str
    words: str
    action: str = ""
    place: Place = Place.DECK

    @property
    def needs(self) -> bool:
        """Whether it does nothing without what follows it."""
        return self.takes != "" and not self.takes.startswith("[")

    @property
    def usage(self) -> str:
        """How it is typed."""
        return f"{MARK}{self.name} {self.takes}".rstrip()


TABLE: tuple[Slash, ...] = (
    Slash("help", "", "every key and command", "app.help", Place.ANYWHERE),
    Slash("level", "[1-5]", "how much it may do without asking", press("level")),
    Slash("model", "NAME", "another model, from its next request on"),
    Slash("pause", "", "pause after this step", press("pause_now")),
    Slash("continue", "", "go on after a pause", press("go_on")),
    Slash("interrupt", "", "stop what runs now, and wait", press("interrupt")),
    Slash("compact", "", "tell it the story so far in short", press("compact")),
    Slash("stop", "", "end the run; it can be resumed", press("stop")),
    Slash("steer", "WORDS", "say it at once, not with the next step"),
    Slash("unsay", "", "take back what was queued last", press("take_back")),
    Slash("edit", "", "write the message in your editor", press("edit_message")),
    Slash("limit", "WHAT NUMBER", "the new limit, while a limit asks: steps 50"),
    Slash("allow", "RULE", "approve what waits, and all like it: opens the ladder"),
    Slash("grants", "", "what is allowed for longer, and take it back", press("grants")),
    Slash("rules", "", "what there is to say of the rules", press("notices")),
    Slash("services", "", "what stays running, and stop it", press("services")),
    Slash("mcp", "", "MCP servers: how each is doing, its tools", press("servers")),
    Slash("explain", "", "everything behind the verdict", press("explain")),
    Slash("goto", "[PLACE]", "a step (12), a time (4:20) or an event (#120)", press("go_to")),
    Slash("search", "[WORDS]", "find words in this session", press("search")),
    Slash("bookmark", "[NAME]", "mark this moment", press("bookmark")),
    Slash("note", "[WORDS]", "write something down about this moment", press("note")),
    Slash("files", "", "what it read, wrote and deleted", press("files")),
    Slash("chart", "", "where time and money went", press("chart")),
    Slash("start", "", "the first event", press("start")),
    Slash("live", "", "now, or the last event", press("live")),
    Slash("play", "", "play on from here, or halt", press("play")),
    Slash("fork", "", "another session from this moment", press("fork")),
    Slash("resume", "", "go on with a session that stopped", press("resume")),
    Slash("export", "FORMAT", "keep it as a file: markdown, html, atif, jsonl, asciicast"),
    Slash("home", "", "the list of sessions", press("back")),
    Slash("find", "[WORDS]", "a session, or words in one", press("find"), Place.HOME),
    Slash("options", "", "model, level, folder, limits", press("options"), Place.HOME),
    Slash("archive", "", "what was put away: bring one back", press("archive"), Place.HOME),
    Slash("theme", "[NAME]", "the colours: see each, keep one", "app.themes", Place.ANYWHERE),
    Slash("quit", "", "leave Loopdeck", "app.quit", Place.ANYWHERE),
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as it was typed: a line of the table, and what followed its name."""

    slash: Slash
    rest: str = ""


def is_slash(text: str) -> bool:
    """Whether a text is meant for Loopdeck; two slashes begin a message that has one."""
    return text.startswith(MARK) and not text.startswith(MARK * 2)


def message_of(text: str) -> str:
    """The words for the agent in a text that is no command."""
    return text[1:] if text.startswith(MARK * 2) else text


def read(text: str, place: Place = Place.DECK) -> Typed | str:
    """The command in a text, or a sentence that says why there is none."""
    name, _, rest = text.removeprefix(MARK).strip().partition(" ")
    rest = rest.strip()
    slash = next((one for one in known_in(place) if one.name == name.lower()), None)
    if slash is None:
        return _unknown(name, place)
    if slash.needs and not rest:
        return f"{slash.usage}: {slash.words}."
    if rest and not slash.takes:
        return f"{MARK}{slash.name} takes nothing after it. It was not sent."
    return Typed(slash, rest)


def known_in(place: Place) -> list[Slash]:
    """The commands that work there."""
    return [slash for slash in TABLE if slash.place in (Place.ANYWHERE, place)]


def matching(
    text: str,
    place: Place = Place.DECK,
    more: Sequence[Slash] = (),
    without: Container[str] = (),
) -> list[Slash]:
    """The commands that a text may become; once its name is whole, that one alone.

    `without` names, with their slash, those that could do nothing now.
    """
    if not is_slash(text) or "\n" in text:
        return []
    known = [slash for slash in known_in(place) if f"{MARK}{slash.name}" not in without]
    name, blank, _ = text.removeprefix(MARK).partition(" ")
    if blank:
        return [slash for slash in known if slash.name == name.lower()] or [
            slash for slash in more if slash.name == name
        ]
    return [*_beginning(name.lower(), [*known, *more])]


def _beginning(name: str, known: Sequence[Slash]) -> Iterator[Slash]:
    """Those whose name begins so, then those that have it somewhere in their name."""
    first = [slash for slash in known if slash.name.lower().startswith(name)]
    yield from first
    if name:
        yield from (slash for slash in known if name in slash.name.lower() and slash not in first)


def _unknown(name: str, place: Place) -> str:
    elsewhere = next((one.place for one in TABLE if one.name == name.lower()), None)
    if elsewhere is not None:
        where = "at home" if elsewhere is Place.HOME else "in a session"
        return f"{MARK}{name.lower()} works {where}. Two slashes begin a message: {MARK * 2}"
    close = get_close_matches(name.lower(), [slash.name for slash in known_in(place)], n=1)
    hint = f"Did you mean {MARK}{close[0]}? " if close else f"{MARK}help shows all. "
    return f"There is no command {MARK}{name}. {hint}Two slashes begin a message: {MARK * 2}"
