"""Floor: one row of JSON an event in SQLite, from lines on standard input.

Prints how long a durable transaction took for each row, and how long it takes to open the file
and read a page of 50 rows in the middle.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path


def connect(path: Path) -> sqlite3.Connection:
    """The file, ready for durable writing."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def write(path: Path, lines: list[str]) -> Iterator[float]:
    """Write each line in its own transaction; yields the milliseconds of each."""
    connection = connect(path)
    connection.execute("CREATE TABLE event (seq INTEGER PRIMARY KEY, body TEXT)")
    for line in lines:
        began = time.perf_counter()
        connection.execute("INSERT INTO event(body) VALUES (?)", (line,))
        yield 1000 * (time.perf_counter() - began)
    connection.close()


def read(path: Path, middle: int) -> float:
    """Open and read a page; the milliseconds it took."""
    began = time.perf_counter()
    connection = connect(path)
    rows = connection.execute(
        "SELECT body FROM event WHERE seq > ? ORDER BY seq LIMIT 50", (middle,)
    ).fetchall()
    spent = 1000 * (time.perf_counter() - began)
    assert rows
    connection.close()
    return spent


if __name__ == "__main__":
    target = Path(sys.argv[1])
    rows = sys.stdin.read().splitlines()
    writes = list(write(target, rows))
    report = {
        "write_ms": writes,
        "read_ms": [read(target, len(rows) // 2) for _ in range(20)],
        "bytes": sum(each.stat().st_size for each in target.parent.glob(f"{target.name}*")),
    }
    sys.stdout.write(json.dumps(report))
