"""The one table of keys: bindings, help and README are made from it, and users remap it by id."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from itertools import combinations

from textual.binding import Binding

from loopdeck.app.keys.keynames import exists, key_name, spoken, written
from loopdeck.app.keys.pressing import press
from loopdeck.errors import ConfigError


class Scope(StrEnum):
    """Where a key works."""

    EVERYWHERE = "everywhere"
    HOME = "home"
    APPROVAL = "approval"
    LIMIT = "limit"
    AGENT = "agent"
    MESSAGE = "message"
    PLAYHEAD = "playhead"
    SEARCH = "search"
    COMPARE = "compare"


HEADINGS = {
    Scope.EVERYWHERE: ("Everywhere", ""),
    Scope.HOME: ("Home", "on the list of sessions"),
    Scope.APPROVAL: ("Approval", "while a call waits for you"),
    Scope.LIMIT: ("Limit", "while a limit asks"),
    Scope.AGENT: ("Agent", "while it works"),
    Scope.MESSAGE: ("Message", "in the message box"),
    Scope.PLAYHEAD: ("Playhead", "live and in a replay"),
    Scope.SEARCH: ("Search", "where no call waits"),
    Scope.COMPARE: ("Compare", "two runs beside each other"),
}
"""What a group of keys is called, and when they work."""


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the table; `keys` are separated by commas, as textual names them or as typed.

    `does` is an action of textual's; without one the screen is told that the key was pressed.
    """

    id: str
    keys: str
    words: str
    scope: Scope
    does: str = ""

    @property
    def action(self) -> str:
        """What textual runs."""
        return self.does or f"press('{self.id}')"

    @property
    def names(self) -> list[str]:
        """The keys one by one, as textual names them."""
        return [key_name(key) for key in self.keys.split(",")]

    @property
    def label(self) -> str:
        """The keys as people read them."""
        return " ".join(spoken(name) for name in self.names)


TABLE: tuple[Key, ...] = (
    Key("help", "?", "help", Scope.EVERYWHERE, "app.help"),
    Key("palette", "ctrl+p", "every command", Scope.EVERYWHERE, "app.command_palette"),
    Key("next_pane", "tab", "next pane", Scope.EVERYWHERE, "app.focus_next"),
    Key("previous_pane", "shift+tab", "previous pane", Scope.EVERYWHERE, "app.focus_previous"),
    Key("maximise", "f11", "maximise a pane", Scope.EVERYWHERE, "app.maximise"),
    Key("theme", "t", "next theme", Scope.EVERYWHERE, "app.next_theme"),
    Key("write_again", "f5", "try at once: model, full disk", Scope.EVERYWHERE, "app.write_again"),
    Key("quit", "ctrl+q", "quit (asks while an agent works)", Scope.EVERYWHERE, "app.quit"),
    Key("open_session", "enter", "open the session", Scope.HOME, "open_session"),
    Key("resume_session", "r", "resume it where it stopped", Scope.HOME, "resume_session"),
    Key("find", "/,ctrl+f", "find a session, or words in one", Scope.HOME, press("find")),
    Key("rename_session", "f2", "give it a name", Scope.HOME, "change('name')"),
    Key("tag_session", "#", "give it tags", Scope.HOME, "change('tags')"),
    Key("delete_session", "delete", "delete it (asks)", Scope.HOME, "change('delete')"),
    Key("archive", "a", "the archive: bring one back", Scope.HOME, press("archive")),
    Key("options", "ctrl+o", "model, level, folder, limits", Scope.HOME, press("options")),
    Key("approve", "y", "approve once", Scope.APPROVAL),
    Key("deny", "n", "deny", Scope.APPROVAL),
    Key("deny_why", "r", "deny, and tell the model why", Scope.APPROVAL),
    Key("edit", "e", "edit the arguments, then approve", Scope.APPROVAL),
    Key("approve_scope", "s", "approve for a scope", Scope.APPROVAL),
    Key("approve_unstored", "u", "let it read, store nothing", Scope.APPROVAL),
    Key("explain", "x", "explain the verdict", Scope.APPROVAL),
    Key("full_view", "v", "see the whole call", Scope.APPROVAL),
    Key("diff_style", "d", "turn the style of a diff", Scope.APPROVAL),
    Key("next_waiting", "j", "next waiting", Scope.APPROVAL),
    Key("previous_waiting", "k", "previous waiting", Scope.APPROVAL),
    Key("raise_limit", "+", "raise the limit", Scope.LIMIT),
    Key("finish_up", "f", "one closing turn, then stop", Scope.LIMIT),
    Key("stop_here", "q", "stop here", Scope.LIMIT),
    Key("write", "enter", "write to the agent", Scope.AGENT),
    Key("pause", "p", "pause after this step, or go on", Scope.AGENT),
    Key("interrupt", "i", "interrupt now", Scope.AGENT),
    Key("grants", "G", "standing permissions", Scope.AGENT),
    Key("notices", "w", "what there is to say of the rules", Scope.AGENT),
    Key("servers", "M", "MCP servers and their tools", Scope.AGENT),
    Key("services", "S", "what stays running, and stop it", Scope.AGENT),
    Key("level", "l", "turn the autonomy level", Scope.AGENT),
    Key("stop", "ctrl+x", "stop the agent", Scope.AGENT),
    Key("send", "enter", "say it with the next step", Scope.MESSAGE),
    Key("steer", "ctrl+s", "say it at once", Scope.MESSAGE),
    Key("take_back", "ctrl+r", "take back what is queued", Scope.MESSAGE),
    Key("edit_message", "ctrl+e", "write it in your editor", Scope.MESSAGE),
    Key("step_back", "left", "one step back", Scope.PLAYHEAD),
    Key("step_on", "right", "one step on", Scope.PLAYHEAD),
    Key("event_back", "shift+left", "one event back", Scope.PLAYHEAD),
    Key("event_on", "shift+right", "one event on", Scope.PLAYHEAD),
    Key("approval_back", "[", "previous approval", Scope.PLAYHEAD),
    Key("approval_on", "]", "next approval", Scope.PLAYHEAD),
    Key("error_back", "{", "previous error", Scope.PLAYHEAD),
    Key("error_on", "}", "next error", Scope.PLAYHEAD),
    Key("start", "home", "the start", Scope.PLAYHEAD),
    Key("live", "end", "live, or the last event", Scope.PLAYHEAD),
    Key("play", "space", "play or halt", Scope.PLAYHEAD),
    Key("slower", "<", "slower", Scope.PLAYHEAD),
    Key("faster", ">", "faster", Scope.PLAYHEAD),
    Key("go_to", ":", "go to a step, time or bookmark", Scope.PLAYHEAD),
    Key("search", "/", "find words in this session", Scope.PLAYHEAD),
    Key("bookmark", "b", "bookmark this moment", Scope.PLAYHEAD),
    Key("note", "m", "note about this moment", Scope.PLAYHEAD),
    Key("fork", "F", "fork: another session from here", Scope.PLAYHEAD),
    Key("files", "c", "files it touched, what changed", Scope.PLAYHEAD),
    Key("chart", "g", "time and cost of every step", Scope.PLAYHEAD),
    Key("only", "o", "only some rows of the loop", Scope.PLAYHEAD),
    Key("hit_on", "n", "next place found", Scope.SEARCH),
    Key("hit_back", "N", "previous place found", Scope.SEARCH),
    Key("sums", "s", "what differs in all", Scope.COMPARE),
    Key("open_a", "a", "open the first run at this step", Scope.COMPARE),
    Key("open_b", "b", "open the second run at this step", Scope.COMPARE),
    Key("difference_back", "{", "previous difference", Scope.COMPARE),
    Key("difference_on", "}", "next difference", Scope.COMPARE),
)

_DECK = frozenset({Scope.EVERYWHERE, Scope.APPROVAL, Scope.LIMIT, Scope.AGENT, Scope.PLAYHEAD})
_TOGETHER = (
    _DECK,
    (_DECK - {Scope.APPROVAL}) | {Scope.SEARCH},
    frozenset({Scope.EVERYWHERE, Scope.HOME}),
    frozenset({Scope.EVERYWHERE, Scope.MESSAGE}),
    frozenset({Scope.EVERYWHERE, Scope.COMPARE}),
)
"""Scopes whose keys can be pressed at the same moment, so that one key must mean one thing."""


def bindings(scope: Scope | str) -> list[Binding]:
    """The textual bindings of a scope; their ids are what `App.set_keymap` replaces."""
    return [
        Binding(",".join(key.names), key.action, key.words, show=False, id=key.id)
        for key in TABLE
        if key.scope == scope
    ]


def remap(changes: Mapping[str, str]) -> dict[str, str]:
    """A user's keys, checked, in the form `App.set_keymap` takes. Raises `ConfigError`."""
    known = {key.id for key in TABLE}
    for name, keys in changes.items():
        if name not in known:
            raise ConfigError(f"There is no key named “{name}”.", _near(name, known))
        _check(name, keys)
    named = [(key, frozenset(key.names)) for key in table(changes)]
    for (one, ones), (other, others) in combinations(named, 2):
        both = ones & others
        if both and any({one.scope, other.scope} <= scopes for scopes in _TOGETHER):
            raise ConfigError(
                f"The key {spoken(min(both))} cannot mean both “{one.words}” ({one.id})"
                f" and “{other.words}” ({other.id}).",
                "Give one of them another key under [keys] in the config file.",
            )
    return {key.id: ",".join(key.names) for key in table(changes) if key.id in changes}


def table(changes: Mapping[str, str] | None = None) -> list[Key]:
    """The table as it stands after a user's changes."""
    mine = changes or {}
    return [replace(key, keys=mine[key.id]) if key.id in mine else key for key in TABLE]


def label_of(name: str, changes: Mapping[str, str] | None = None) -> str:
    """What to press for the key of this id, as people read it."""
    return next(key.label for key in table(changes) if key.id == name)


def groups(
    changes: Mapping[str, str] | None = None, first: Sequence[Scope] = ()
) -> Iterator[tuple[str, str, list[Key]]]:
    """The table in groups: heading, when it works, keys. It begins with those of `first`."""
    keys = table(changes)
    for scope in dict.fromkeys((*first, *HEADINGS)):
        heading, when = HEADINGS[scope]
        yield heading, when, [key for key in keys if key.scope == scope]


def markdown_table() -> str:
    """The whole table as the README prints it."""
    rows = ["| where | key | does | name in `[keys]` |", "|---|---|---|---|"]
    for heading, when, keys in groups():
        for at, key in enumerate(keys):
            place = f"**{heading}**" + (f", {when}" if when else "")
            pressed = " ".join(f"`{written(name)}`" for name in key.names)
            rows.append(f"| {place if at == 0 else ''} | {pressed} | {key.words} | `{key.id}` |")
    return "\n".join(rows) + "\n"


def _check(name: str, keys: str) -> None:
    for key in keys.split(","):
        if not exists(key_name(key)):
            shown = key.strip()
            raise ConfigError(
                f"“{shown}” is not a key, so “{name}” cannot be moved to it."
                if shown
                else f"The key “{name}” is set to nothing.",
                "Write keys as in “y”, “ctrl+y”, “f2” or “shift+left”, with commas between.",
            )


def _near(name: str, known: set[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1)
    return f"Did you mean “{close[0]}”?" if close else f"Known are: {', '.join(sorted(known))}."
