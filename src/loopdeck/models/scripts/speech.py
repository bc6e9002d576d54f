"""How a script talks: it says something with calls in it, and sees what came of them."""

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass

from loopdeck.session.values import JsonObject

CHECK_FAILED = "The check failed"
LAST_TURN = "This is your last turn"
FROM_THE_HARNESS = (
    CHECK_FAILED,
    LAST_TURN,
    "Your last reply reached the output limit",
    "What happened so far, in short:",
    "Your human resumed this session",
    "Your human interrupted you",
    "Your human has nothing to add",
    "The permission level is",
    "Your human forked this session here.",
    "Your human stopped the service ",
)
NEWS = re.compile(
    r"You called \w+ \d+ times with the same arguments"
    r"|The MCP server \S+ (?:cannot be used now, nor its tools: |failed and was begun anew;|can be)"
    r"|The service \S+ (?:is not running any more: |has ended|was stopped, as it printed)"
)
"""What has a name or a number in the midst of its fixed words."""

NUMBERED = re.compile(r"^ *\d+\t(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Call:
    """A call the script wants to make."""

    tool: str
    args: JsonObject


@dataclass(frozen=True, slots=True)
class Say:
    """One turn of the script; without calls it believes that it is done."""

    text: str
    calls: tuple[Call, ...] = ()
    thinking: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a call; `args` are those that ran, which a human may have edited."""

    call: Call
    args: JsonObject
    text: str
    is_error: bool = False

    @property
    def ok(self) -> bool:
        """True if it ran and worked."""
        return not self.is_error

    @property
    def denied(self) -> bool:
        """True if it was not allowed to run."""
        return self.is_error and self.text.startswith("Denied")

    @property
    def denied_by_human(self) -> bool:
        """True if a person said no, so that another proposal may be welcome."""
        return self.denied and "human" in self.text.partition(":")[0]

    @property
    def reason(self) -> str:
        """What the denial gave as its reason, if anything."""
        said = self.text.partition(". Nothing ran")[0] if self.denied else ""
        return said.partition(":")[2].strip()

    @property
    def path(self) -> str:
        """The file the call was about, as it really ran."""
        return str(self.args.get("path", ""))

    @property
    def lines(self) -> str:
        """The content of a file without the line numbers that reading adds."""
        found = NUMBERED.findall(self.text)
        return "\n".join(found) if found else self.text


@dataclass(frozen=True, slots=True)
class Observation:
    """What happened since the script last spoke: results in the order of its calls, then words."""

    results: tuple[Result, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def check_output(self) -> str:
        """What the definition of done printed when it failed; empty if it did not fail."""
        failed = [text for text in self.texts if text.startswith(CHECK_FAILED)]
        return failed[-1] if failed else ""

    def of(self, tool: str) -> list[Result]:
        """The results of one tool."""
        return [result for result in self.results if result.call.tool == tool]


Scene = Generator[Say, Observation, None]
Script = Callable[[str], Scene]


def human_words(texts: tuple[str, ...]) -> list[str]:
    """The texts that a person wrote; the harness speaks in fixed sentences."""
    return [
        text for text in texts if not text.startswith(FROM_THE_HARNESS) and not NEWS.match(text)
    ]


def read(path: str) -> Call:
    """Read a file."""
    return Call("read_file", {"path": path})


def search(pattern: str, path: str, glob: str) -> Call:
    """Look for a pattern in files."""
    return Call("search_text", {"pattern": pattern, "path": path, "glob": glob})


def look(path: str) -> Call:
    """List a folder."""
    return Call("list_files", {"path": path})


def write(path: str, content: str) -> Call:
    """Write a whole file."""
    return Call("write_file", {"path": path, "content": content})


def edit(path: str, old: str, new: str) -> Call:
    """Replace one piece of a file."""
    return Call("edit_file", {"path": path, "old": old, "new": new})


def delete(path: str) -> Call:
    """Remove a file."""
    return Call("delete_file", {"path": path})


def shell(command: str) -> Call:
    """Run a command."""
    return Call("shell", {"command": command})


class Agenda:
    """The script's plan; each change of it is a call that shows the plan to the human."""

    def __init__(self, *items: str) -> None:
        self._items = items
        self._dropped: set[int] = set()

    def settle(self, place: int, *, met: bool) -> bool:
        """Say whether an item was carried out, for all later plans; true if that is news."""
        before = set(self._dropped)
        (self._dropped.discard if met else self._dropped.add)(place)
        return self._dropped != before

    def at(self, place: int) -> Call:
        """The plan with item `place` in work; beyond the last one all of it is over.

        What came before and was not carried out is dropped: a plan that calls it done would lie.
        """
        return Call(
            "update_plan",
            {
                "items": [
                    {"text": text, "state": self._state(at, place)}
                    for at, text in enumerate(self._items)
                ]
            },
        )

    def _state(self, at: int, place: int) -> str:
        if at == place:
            return "doing"
        if at > place:
            return "todo"
        return "dropped" if at in self._dropped else "done"
