"""What people call a session: how a list is narrowed down by it, how a recording carries it.

They are columns of the library and not events. An event is something that happened to the agent:
it moves the head of the log, is replayed, compared and run again. A name is a word on the spine
of the book: it has to be changeable years after the session ended, and while another process is
writing it, whose claim an event would need. A column needs one statement, and the last one wins.
On its way out the label stands on the first line of the recording, beside its record, so that
there is still one record a line and readers of records pass it over.
"""

import json
from pathlib import Path
from typing import cast

from loopdeck.errors import UsageError
from loopdeck.session.labels import label
from loopdeck.session.summary import Label
from loopdeck.session.values import JsonObject


def sought_in(session: str, goal: str, model: str, workspace: str, label: Label) -> str:
    """The text of a session that a list is narrowed down by."""
    tags = (f"#{tag}" for tag in label.tags)
    return " ".join((session, goal, model, workspace, label.name, *tags)).casefold()


def with_label(line: str, label: Label, *, imported: int = 0) -> str:
    """The first line of a recording with the label on it; the very same line without one.

    What is put away keeps the event up to which it was `imported`; nobody else believes it.
    """
    if label == Label() and not imported:
        return line
    kept: JsonObject = {"name": label.name, "tags": label.tags}
    if imported:
        kept["imported"] = imported
    text = json.dumps(kept, separators=(",", ":"))
    return f'{line[:-1]},"label":{text}}}'


def label_of(recording: Path) -> Label:
    """The label that a recording carries; none where it has none that could be kept."""
    try:
        return _given(_label_line(recording))
    except UsageError:
        return Label()


def imported_of(archived: Path) -> int:
    """Up to which event a session that was put away came from elsewhere."""
    upto = _label_line(archived).get("imported")
    return upto if isinstance(upto, int) else 0


def _label_line(recording: Path) -> JsonObject:
    try:
        with recording.open("rb") as file:
            first: JsonObject = json.loads(file.readline())
        found = first.get("label")
    except (OSError, ValueError, AttributeError):
        return {}
    return cast("JsonObject", found) if isinstance(found, dict) else {}


def _given(given: JsonObject) -> Label:
    name, tags = given.get("name"), given.get("tags")
    words = cast("list[object]", tags) if isinstance(tags, list) else []
    return label(str(name or ""), [tag for tag in words if isinstance(tag, str)])
