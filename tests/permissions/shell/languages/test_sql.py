"""SQL: queries read, everything else shows what it does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.permissions.shell.languages.report import UNSEEN
from loopdeck.permissions.shell.languages.sql import check
from loopdeck.session.values import Category

ORDER = list(Category)


def worst(text: str) -> Category:
    found = [effect.category for effect in check(text).effects]
    return max(found, key=ORDER.index, default=Category.READ)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SELECT 1",
        "select count(*) from users where age > 3 and name like 'A%';",
        "SELECT a, max(b) FROM t GROUP BY a HAVING count(*) > 1 ORDER BY 2 DESC LIMIT 10",
        "SELECT 'it''s -- no comment; DROP TABLE t'",
        'SELECT "drop" FROM "delete"',
        "SELECT * FROM t -- the whole\nWHERE id IN (1, 2)",
        "/* first */ SELECT replace(name, 'a', 'b') FROM t",
        "WITH x AS (SELECT 1) SELECT * FROM x",
        "WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c LIMIT 9) SELECT n FROM c",
        "SELECT json_extract(data, '$.a.b'), data ->> '$.c' FROM events",
        "SELECT row_number() OVER (PARTITION BY a ORDER BY b) FROM t",
        "SELECT CAST(a AS INTEGER), a::text FROM t",
        "EXPLAIN QUERY PLAN SELECT * FROM t",
        "EXPLAIN DELETE FROM t",
        "PRAGMA table_info(users)",
        "PRAGMA main.table_info('users')",
        "PRAGMA user_version",
        "pragma integrity_check;",
        ".tables",
        ".schema users",
        ".headers on\n.mode column\nSELECT * FROM users;",
        "\\dt",
        "\\d+ users\nselect 1",
        "BEGIN; SELECT 1; ROLLBACK;",
        "SHOW TABLES",
    ],
)
def test_a_query_only_reads(text: str) -> None:
    assert worst(text) is Category.READ, check(text)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO t VALUES (1, 'a')",
        "INSERT INTO t(a, b) SELECT a, lower(b) FROM u",
        "UPDATE t SET a = 1",
        "REPLACE INTO t VALUES (1)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(20) DEFAULT '')",
        "CREATE TABLE t (a REFERENCES u(id) ON DELETE CASCADE)",
        "CREATE INDEX i ON t(a)",
        "VACUUM",
        "PRAGMA journal_mode = WAL",
        "SELECT 1; INSERT INTO t VALUES (1)",
        "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
        "EXPLAIN ANALYZE INSERT INTO t VALUES (1)",
    ],
)
def test_a_statement_that_changes_is_a_write(text: str) -> None:
    assert worst(text) is Category.WRITE, check(text)


@pytest.mark.parametrize(
    "text",
    [
        "DROP TABLE users",
        "delete from users",
        "TRUNCATE users",
        "ALTER TABLE t DROP COLUMN a",
        "SELECT 1; DROP TABLE users;",
        "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
        "-- tidy up\nDELETE FROM t WHERE 1 = 1",
        "EXPLAIN ANALYZE DELETE FROM t",
    ],
)
def test_a_statement_that_deletes_destroys(text: str) -> None:
    assert worst(text) is Category.DESTRUCTIVE, check(text)


@pytest.mark.parametrize(
    "text",
    [
        ".shell rm -rf x",
        ".system ls",
        ".import a.csv t",
        ".output x.txt",
        ".once x.txt",
        ".open other.db",
        ".load ./ext",
        ".read x.sql",
        ".tab",
        ".tables; .shell ls",
        ".mode csv `ls`",
        "SELECT 1;\n.shell ls",
        "SELECT 1\n.shell ls",
        "\\! ls",
        "\\copy t to program 'sh'",
        "\\i x.sql",
        "SELECT load_extension('./x')",
        "SELECT \"load_extension\"('./x')",
        "SELECT [load_extension]('./x')",
        "SELECT writefile('a', 'b')",
        "SELECT readfile('/etc/passwd')",
        "SELECT pg_read_file('x')",
        "SELECT * FROM t INTO OUTFILE 'x'",
        "INSERT INTO t VALUES (load_extension('./x'))",
        "INSERT INTO t SELECT readfile('x')",
        "ATTACH 'other.db' AS o",
        "VACUUM INTO 'x.db'",
        "COPY t TO PROGRAM 'sh'",
        "DO $$ BEGIN END $$",
        "PRAGMA temp_store_directory = '/tmp'",
        "PRAGMA writable_schema = ON",
        "SELECT 'not closed",
        "SELECT 'a\\' OR 1' ",
        "SELECT 1 /*!50000 INTO OUTFILE 'x' */",
        "SELECT 1--2",
        "SELECT 1 # comment",
        "SELECT /* a /* b */ 1",
        "GRANT ALL ON t TO me",
        "SET x = 1",
        "EXPLAIN",
        "EXPLAIN EXPLAIN x",
        "nonsense",
        "EXPLAIN SELECT load_extension('x')",
        f"SELECT {UNSEEN}",
        "SELECT “a”",
    ],
)
def test_what_is_not_understood_or_leaves_the_database_is_unknown(text: str) -> None:
    assert worst(text) is Category.UNKNOWN, check(text)


def test_the_span_points_at_the_word() -> None:
    text = "SELECT 1; DROP TABLE users"
    (effect,) = check(text).effects
    assert effect.span is not None
    assert text[slice(*effect.span)] == "DROP"


@given(st.text(alphabet="SELECTdrop()'\";.,-*/[]`\\$ \n\0é0(", max_size=60))
def test_no_text_makes_it_raise_and_a_statement_behind_it_never_makes_it_milder(text: str) -> None:
    before = ORDER.index(worst(text))
    assert ORDER.index(worst(f"{text}; DROP TABLE t")) >= before


@pytest.mark.parametrize(
    "text",
    ["SELECT a(" * 20_000, "EXPLAIN " * 20_000, ", a(b" * 20_000, "'" * 99_999, "/* " * 30_000],
)
def test_a_long_text_is_answered(text: str) -> None:
    assert check(text).effects
