"""Contents of files: a short name for each, and the new ones that a diff shows whole."""

import hashlib

OWN_WORK = "own_work"
"""The fact that the files a command writes hold nothing else, so that they are its work then."""
_NEW = "--- /dev/null"
_NO_END = "\\ No newline at end of file"


def mark_of(content: bytes) -> str:
    """Size and hash of a content."""
    return f"{len(content)}:{hashlib.sha256(content).hexdigest()[:32]}"


def new_file(diff: str) -> tuple[str, str] | None:
    """Path and content of the one file that a diff makes; None for any other diff."""
    head, name, *rows = diff.split("\n")[:-1] or ("", "")
    if head != _NEW or not name.startswith("+++ b/") or not rows[:1]:
        return None
    hunk, *lines = rows
    ended = lines[-1:] != [_NO_END]
    lines = lines if ended else lines[:-1]
    if not hunk.startswith("@@ -0,0 ") or not all(line.startswith("+") for line in lines):
        return None
    text = "\n".join(line[1:] for line in lines)
    return name.removeprefix("+++ b/"), f"{text}\n" if ended else text
