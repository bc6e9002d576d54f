"""Rewrites the key table between the markers of README.md from the one table in the code."""

import sys
from pathlib import Path

from loopdeck.app.keys.keymap import markdown_table

START, END = "<!-- keys:start -->", "<!-- keys:end -->"
README = Path(__file__).parents[1] / "README.md"


def with_keys(text: str) -> str:
    """The text with the table between its markers; unchanged where it has none."""
    head, start, rest = text.partition(START)
    _, end, tail = rest.partition(END)
    if not (start and end):
        return text
    return f"{head}{start}\n{markdown_table()}{end}{tail}"


def main() -> int:
    """Rewrite the README; 1 if it has no markers."""
    text = README.read_text("utf-8")
    if START not in text or END not in text:
        sys.stderr.write(f"README.md has no {START} … {END} to write between.\n")
        return 1
    README.write_text(with_keys(text), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
