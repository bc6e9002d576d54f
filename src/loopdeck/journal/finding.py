"""From the words that somebody types to the places in the logs where they are said."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from loopdeck.journal.rows import SEQ_MAX
from loopdeck.journal.texts import searchable
from loopdeck.ports.search import Hit
from loopdeck.session.plain import plain_text

LEAST = 2  # letters that the beginning of a word needs: one letter is in every record
BEFORE, LENGTH = 16, 240  # characters of a hit's line: in front of the first word, in all

_PIECES = re.compile(r'"([^"]*)"?|(\S+)')
_WORD = re.compile(r"[^\W_]+")
_SQL = f"""
    SELECT s.id, iif(s.name = '', s.goal, s.name), r.id & {SEQ_MAX}, r.ts, r.body
    FROM (SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rowid DESC LIMIT ?) found
    JOIN log.records r ON r.id = found.rowid
    JOIN log.sessions s ON s.key = r.id >> 32
    ORDER BY s.key DESC, r.id"""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of the index, and how the found words are recognised in a text."""

    match: str
    words: re.Pattern[str]


def query(text: str) -> Query | None:
    """What a text asks for; `None` if that is nothing yet.

    Every word is quoted, so that nothing in it is taken for an operator of the index.
    """
    pieces: list[list[str]] = []
    for found in _PIECES.finditer(plain_text(text)):
        words = _WORD.findall(found[1] or found[2] or "")
        if words:
            pieces.append(words)
    if not pieces:
        return None
    asked = [f'"{" ".join(words)}"' for words in pieces]
    if not text.rstrip().endswith('"') and len("".join(pieces[-1])) >= LEAST:
        asked[-1] += "*"
    elif len(pieces) == 1 and len("".join(pieces[0])) < LEAST:
        return None
    said = {word for words in pieces for word in words}
    ways = "|".join(re.escape(word) for word in sorted(said, key=len, reverse=True))
    return Query(" AND ".join(asked), re.compile(rf"(?<![^\W_])(?:{ways})", re.IGNORECASE))


def find(db: sqlite3.Connection, wanted: Query, limit: int) -> list[Hit]:
    """The places, newest session first, in each as they happened."""
    rows = db.execute(_SQL, (wanted.match, limit)).fetchall()
    return list(_hits(rows, wanted))


def _hits(rows: list[tuple[str, str, int, int, object]], wanted: Query) -> Iterator[Hit]:
    for session, title, seq, ts, body in rows:
        kind, text = searchable(body)
        line, spans = _around(text, wanted.words)
        yield Hit(session, " ".join(title.split()), seq, ts, kind, line, spans)


def _around(text: str, words: re.Pattern[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """One line of a text around the first of the words, and where they stand in it."""
    first = words.search(text)
    start = max(0, (first.start() if first else 0) - BEFORE)
    if start:
        start = text.find(" ", start, start + BEFORE) + 1 or start  # not inside a word
    line = " ".join(text[start : start + LENGTH].split())
    line = f"… {line}" if start else line
    return line, tuple(found.span() for found in words.finditer(line))
