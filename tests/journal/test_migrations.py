"""A database of every earlier version is copied first, and then has what a new one has."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from loopdeck.journal.labels import sought_in
from loopdeck.journal.migrations import MIGRATIONS
from loopdeck.journal.opening import connect
from loopdeck.journal.packing import pack
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.codec import dump_event
from loopdeck.session.labels import label
from loopdeck.session.reducer import project
from loopdeck.session.summary import summarize
from tests.journal.conformance import session
from tests.journal.keeping import everything, keep


def _tables(db: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every table with its columns, and every index."""
    rows = db.execute("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'").fetchall()
    return {name: db.execute(f"PRAGMA table_info({name})").fetchall() for (name,) in rows}


def old_database(path: Path, version: int) -> None:
    """A database as that version left it, with one session in it."""
    records = session("s1", goal="Tidy the ÆGIR shelf")
    line = summarize(project(records))
    with closing(connect(path, migrations=MIGRATIONS[:version])) as db:
        names = [column[1] for column in db.execute("PRAGMA table_info(sessions)")]
        sought = sought_in(line.id, line.goal, line.model, line.workspace, line.label)
        known = {"key": 1, "sought": sought}
        values = {name: known.get(name, getattr(line, name, "")) for name in names}
        holes = ", ".join("?" * len(values))
        columns = ", ".join(values)
        db.execute(f"INSERT INTO sessions ({columns}) VALUES ({holes})", list(values.values()))
        for record in records:
            row = (1 << 32 | record.seq, record.ts, record.mono, record.v, dump_event(record.event))
            db.execute("INSERT INTO records (id, ts, mono, v, body) VALUES (?, ?, ?, ?, ?)", row)


def test_the_replies_that_were_cut_are_counted_from_the_marks(tmp_path: Path) -> None:
    path = tmp_path / "loopdeck.db"
    old_database(path, 5)
    with closing(sqlite3.connect(path)) as db:
        for place in (1 << 32 | 2, 1 << 32 | 3, 2 << 32 | 2):  # the last is of another session
            db.execute("INSERT INTO marks VALUES (?, 'model_chunk', NULL, NULL)", (place,))
        db.execute("INSERT INTO marks VALUES (?, 'model_replied', '1', NULL)", (1 << 32 | 4,))
        db.commit()
    with closing(connect(path)) as db:
        assert db.execute("SELECT cut FROM sessions").fetchall() == [(2,)]


def test_what_is_known_of_a_cost_is_summed_from_the_events(tmp_path: Path) -> None:
    path = tmp_path / "loopdeck.db"
    old_database(path, 6)
    long = "x" * 2_000  # is packed
    bodies = ("{", '{"cost_usd": 0.5}', f'{{"text": "{long}", "cost_usd": 0.25}}', "{}", "[]")
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM records")
        db.execute("UPDATE sessions SET cost_usd = NULL")
        for seq, body in enumerate(bodies, 1):
            row = (1 << 32 | seq, 0, 0, 1, pack(body))
            db.execute("INSERT INTO records VALUES (?, ?, ?, ?, ?)", row)
            db.execute("INSERT INTO marks VALUES (?, 'model_replied', '1', NULL)", (row[0],))
        db.commit()
    with closing(connect(path)) as db:
        assert db.execute("SELECT cost_usd, partly FROM sessions").fetchall() == [(0.75, 1)]


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
async def test_an_old_database_is_copied_and_has_what_a_new_one_has(
    tmp_path: Path, version: int
) -> None:
    path = tmp_path / "loopdeck.db"
    old_database(path, version)
    with closing(sqlite3.connect(path)) as db:
        before = list(db.iterdump())
    async with await SqliteJournal.open(path) as journal:
        assert await everything(journal) == session("s1", goal="Tidy the ÆGIR shelf")
        assert await journal.ids("ægir tidy") == ["s1"]
        await journal.relabel("s1", label("shelf", ["old"]))
        assert await journal.ids("#old shelf") == ["s1"]
        await keep(journal, session("s2"))
    copy = path.with_name(f"loopdeck.db.v{version}.bak")
    with closing(sqlite3.connect(copy)) as kept:
        assert list(kept.iterdump()) == before
    with closing(connect(tmp_path / "new.db")) as new, closing(sqlite3.connect(path)) as moved:
        assert _tables(moved) == _tables(new)
