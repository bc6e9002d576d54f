"""Lasting grants: kept privately, taken back at once, and never wider than could be given."""

import stat
from pathlib import Path

import pytest

from loopdeck.cli.policy.grants import GrantFile
from loopdeck.errors import ConfigError, RuleError
from loopdeck.session.values import Grant, Rule

NOW = 1_900_000_000_000_000_000


def grant(
    name: str, match: str = "shell(git push *)", scope: str = "project", **more: int
) -> Grant:
    rule = Rule.model_validate({"decide": "allow", "match": match, "scope": scope})
    return Grant.model_validate({"grant_id": name, "rule": rule, **more})


@pytest.fixture
def book(tmp_path: Path) -> GrantFile:
    """A book that nothing was written into yet."""
    return GrantFile(tmp_path / "config" / "grants.toml")


def names(book: GrantFile, workspace: str = "/a", now: int = NOW) -> list[str]:
    return [grant.grant_id for grant in book.standing(workspace, now)]


def test_a_grant_for_a_project_stands_there_and_one_for_everywhere_everywhere(
    book: GrantFile,
) -> None:
    assert names(book) == []
    here, anywhere = grant("g1"), grant("g2", scope="user")
    book.keep(here, "/a")
    book.keep(anywhere, "/a")
    assert book.standing("/a", NOW) == (here, anywhere)
    assert names(book, "/b") == ["g2"]


def test_a_grant_ends_with_its_time_and_when_it_is_dropped(book: GrantFile) -> None:
    book.keep(grant("g1", until=NOW), "/a")
    assert names(book, now=NOW - 1) == ["g1"]
    assert names(book) == []
    book.drop("g1")
    assert names(book, now=NOW - 1) == []
    book.drop("g1")


def test_keeping_one_again_replaces_it(book: GrantFile) -> None:
    book.keep(grant("g1", calls=5), "/a")
    book.keep(grant("g1", calls=4), "/a")
    (only,) = book.standing("/a", NOW)
    assert only.calls == 4


def test_the_file_is_for_its_owner_alone_and_any_text_survives_it(book: GrantFile) -> None:
    odd = "shell(git commit -m \"a\\b 'c' ü\t\")"
    book.keep(grant("g1", odd), '/a "quoted" \\ path')
    assert stat.S_IMODE(book.path.stat().st_mode) == 0o600
    (kept,) = GrantFile(book.path).standing('/a "quoted" \\ path', NOW)
    assert kept.rule.match == odd


def test_what_could_not_be_given_at_the_deck_does_not_stand_from_a_file(book: GrantFile) -> None:
    book.path.parent.mkdir()
    table = '[[grant]]\nid = "{0}"\nmatch = "{1}"\nscope = "user"\n'
    matches = ("shell", "shell(rm *)", "*", "nonsense(", "shell(git push *)")
    book.path.write_text("".join(table.format(f"g{n}", m) for n, m in enumerate(matches)))
    assert names(book) == ["g4"]


def test_a_project_grant_without_a_project_stands_nowhere(book: GrantFile) -> None:
    book.path.parent.mkdir()
    book.path.write_text('[[grant]]\nid = "g"\nmatch = "web_fetch"\nscope = "project"\n')
    assert names(book) == names(book, "") == []


def test_only_a_lasting_allow_is_kept(book: GrantFile) -> None:
    denying = grant("g").model_copy(update={"rule": Rule(decide="deny", match="shell")})
    for wrong in (grant("g", scope="session"), denying):
        with pytest.raises(RuleError):
            book.keep(wrong, "/a")
    assert not book.path.exists()


@pytest.mark.parametrize("text", ["[[grant", '[[grant]]\nid = "g"\n', "[[grant]]\ncolour = 1\n"])
def test_a_broken_book_is_said_to_be_broken(text: str, book: GrantFile) -> None:
    book.path.parent.mkdir()
    book.path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        book.standing("/a", NOW)
    assert "grants.toml" in str(caught.value)
    assert caught.value.hint
    assert book.path.read_text() == text


def test_a_grant_of_several_rules_is_one_and_stands_only_if_all_may(book: GrantFile) -> None:
    several = grant("g1", "shell(make)").model_copy(update={"more": ("shell(git add -A)",)})
    book.keep(several, "/a")
    assert book.standing("/a", NOW) == (several,)
    bad = grant("g2", "shell(make)").model_copy(update={"more": ("shell(rm *)",)})
    book.keep(bad, "/a")
    assert names(book) == ["g1"]
    book.drop("g1")
    assert names(book) == []


def test_uses_are_counted_over_all_who_have_the_book(book: GrantFile) -> None:
    other = GrantFile(book.path)
    book.keep(grant("g1", calls=2), "/a")
    assert names(other) == ["g1"]
    assert book.use("g1")
    assert [each.calls for each in other.standing("/a", NOW)] == [1]
    assert other.use("g1")
    assert names(book) == names(other) == []
    before = book.path.read_bytes()
    assert not book.use("g1")
    assert book.path.read_bytes() == before


def test_a_use_writes_nothing_where_no_number_is_counted(book: GrantFile) -> None:
    book.keep(grant("g1"), "/a")
    before = book.path.stat()
    assert book.use("g1")
    assert book.path.stat() == before


def test_what_was_taken_back_does_not_come_back_with_a_use(book: GrantFile) -> None:
    other = GrantFile(book.path)
    book.keep(grant("g1", calls=9), "/a")
    assert names(other) == ["g1"]
    book.drop("g1")
    assert not other.use("g1")
    assert names(book) == names(other) == []


def test_a_line_taken_out_by_hand_is_gone_for_who_has_read_it_before(book: GrantFile) -> None:
    book.keep(grant("g1"), "/a")
    book.keep(grant("g2", "shell(make)"), "/a")
    assert names(book) == ["g1", "g2"]
    head, _, second = book.path.read_text().split("\n[[grant]]\n")
    book.path.write_text(f"{head}\n[[grant]]\n{second}")
    assert names(book) == ["g2"]
    book.path.unlink()
    assert names(book) == []


def test_a_book_that_broke_is_an_error_each_time_until_it_is_mended(book: GrantFile) -> None:
    book.keep(grant("g1"), "/a")
    whole = book.path.read_text()
    book.path.write_text("[[grant]")
    for _ in range(2):
        with pytest.raises(ConfigError):
            book.standing("/a", NOW)
    book.path.write_text(whole)
    assert names(book) == ["g1"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('id = "g"\nmatch = "shell(ls)"\nscope = "all"', "it has to be 'project' or 'user'."),
        ('id = "g"\nmatch = ""\nscope = "user"', "grant.0.match: it is empty."),
        ('id = "g"\nscope = "user"', "grant.0.match: it is missing."),
        ('id = "g"\nmatch = "shell(ls)"\nscope = "user"\ncalls = 0', "it has to be 1 or more."),
        ('id = "g"\nmatch = "shell(ls)"\nscope = "user"\nfor = 1', "grant.0.for: no such setting."),
    ],
)
def test_a_mistake_in_the_file_is_said_in_words_of_its_writer(
    book: GrantFile, table: str, said: str
) -> None:
    book.path.parent.mkdir()
    book.path.write_text(f"[[grant]]\n{table}\n")
    with pytest.raises(ConfigError) as raised:
        book.standing("/a", NOW)
    assert said in str(raised.value)
