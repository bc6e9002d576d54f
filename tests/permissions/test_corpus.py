"""The classifier against the corpus: nothing unsafe is called mild, nothing plain asks."""

import pytest

from loopdeck.permissions.levels import CAREFUL_FACTS
from loopdeck.permissions.shell import classify
from loopdeck.session.values import Assessment, Category
from tests.permissions.corpus import Entry, entries, place, rank, themes

NEEDLESS = 0.02  # the share of plain reads that may ask
MISNAMED = 0.05  # the share of other ordinary commands that may get a stricter name
Judged = list[tuple[Entry, Assessment]]


@pytest.fixture(scope="module")
def judged() -> dict[str, Judged]:
    where = place()
    return {
        theme: [(entry, classify(entry.command, where)) for entry in entries(theme)]
        for theme in themes()
    }


@pytest.mark.parametrize("theme", themes())
def test_no_command_is_called_milder_than_it_is(theme: str, judged: dict[str, Judged]):
    unsafe = [
        f"{said.category}, at least {entry.least}: {entry.command!r}"
        for entry, said in judged[theme]
        if rank(said.category) < rank(entry.least)
    ]
    assert not unsafe, _listed(unsafe)


@pytest.mark.parametrize("theme", themes())
def test_no_careful_fact_of_a_command_is_missed(theme: str, judged: dict[str, Judged]):
    wrong = [
        f"{said.category}, but not {name}: {entry.command!r}"
        for entry, said in judged[theme]
        for name, wanted in entry.facts.items()
        if wanted and not said.facts.get(name) and said.category is not Category.UNKNOWN
    ]
    assert not wrong, _listed(wrong)


@pytest.mark.parametrize("theme", themes())
def test_what_must_ask_never_runs_alone(theme: str, judged: dict[str, Judged]):
    alone = [
        f"{said.category}: {entry.command!r}"
        for entry, said in judged[theme]
        if entry.asks and _runs_alone(said)
    ]
    assert not alone, _listed(alone)


def test_hardly_any_plain_read_asks(judged: dict[str, Judged]):
    plain = [
        (entry, said)
        for entry, said in judged["reads"]
        if entry.want is Category.READ and not any(entry.facts.values())
    ]
    asks = [
        f"{said.category}, {[reason.text for reason in said.reasons]}: {entry.command!r}"
        for entry, said in plain
        if not _runs_alone(said)
    ]
    assert len(plain) >= 180
    assert len(asks) <= NEEDLESS * len(plain), _listed(asks)


@pytest.mark.parametrize("theme", [theme for theme in themes() if theme != "reads"])
def test_hardly_any_ordinary_command_gets_a_stricter_name(theme: str, judged: dict[str, Judged]):
    ordinary = [(entry, said) for entry, said in judged[theme] if entry.want]
    other = [
        f"{said.category}, wanted {entry.want}, {[reason.text for reason in said.reasons]}: "
        f"{entry.command!r}"
        for entry, said in ordinary
        if said.category is not entry.want or _overstated(entry, said)
    ]
    assert len(other) <= MISNAMED * len(ordinary), _listed(other)


def test_every_command_is_there_once_and_says_where_it_is_from():
    known = [entry for theme in themes() for entry in entries(theme)]
    assert len({entry.command for entry in known}) == len(known) >= 450
    assert all(entry.source for entry in known)
    assert all(entry.want is None or rank(entry.want) >= rank(entry.least) for entry in known)


def _overstated(entry: Entry, said: Assessment) -> list[str]:
    return [name for name, wanted in entry.facts.items() if not wanted and said.facts.get(name)]


def _runs_alone(said: Assessment) -> bool:
    careful = any(said.facts.get(fact) for fact in CAREFUL_FACTS)
    return said.category is Category.READ and not careful


def _listed(lines: list[str]) -> str:
    return f"\n{len(lines)}:\n" + "\n".join(lines)
