"""What a log says of its MCP servers: at each moment what was so then, lost ones too."""

import pytest

from loopdeck.app.paint.lines import plain
from loopdeck.app.paint.servers import health_lines, server_line, sum_lines
from loopdeck.app.view.history import fact_of
from loopdeck.app.view.served import IN_LOG, LOST, Served
from loopdeck.session.events import CallFinished, CallJudged, CallProposed, Event, ServerChecked
from loopdeck.session.values import Category, Decision
from tests.support.records import recording

GONE = ServerChecked(server="notes", says="It ended: no disk.")
BACK = ServerChecked(server="notes", passed=True)
ANEW = ServerChecked(server="notes", passed=True, says="It ended: no disk.")
WIDTH = 100


def called(call_id: str) -> list[Event]:
    """A call of another server."""
    return [
        CallProposed(call_id=call_id, step=1, tool="mcp__files__look", args={}),
        CallJudged(
            call_id=call_id,
            verdict=Decision.ALLOW,
            category=Category.READ,
            level=3,
            rule="",
            facts={"server": "files"},
        ),
        CallFinished(call_id=call_id, ok=True, output="", by="tool", duration_ms=20.0),
    ]


def test_a_server_is_lost_from_the_moment_at_which_that_was_known() -> None:
    served = Served()
    for record in recording([*called("c1"), GONE, *called("c2"), BACK]):
        served.take(record)
    assert [(view.name, view.state, view.calls) for view in served.views(3)] == [
        ("files", IN_LOG, 1)
    ]
    files, notes = served.views(7)
    assert (files.state, files.calls) == (IN_LOG, 2)
    assert (notes.state, notes.trouble) == (LOST, "It ended: no disk.")
    assert served.views(8)[1].state == IN_LOG


def test_the_panel_says_so_and_counts_no_restarts_that_it_cannot_know() -> None:
    served = Served()
    for record in recording([GONE]):
        served.take(record)
    (view,) = views = served.views(1)
    line = plain(server_line(view, WIDTH))
    assert line.split()[:3] == ["✗", "notes", "lost"]
    assert line.rstrip().endswith("–")
    said = "\n".join(map(plain, health_lines(view, WIDTH)))
    assert "It ended: no disk." in said
    assert "restart" not in said
    assert "1 server cannot be used now" in plain(sum_lines(views, WIDTH)[0])


@pytest.mark.parametrize(
    ("event", "how", "words"),
    [
        (GONE, "lost", "notes: It ended: no disk."),
        (BACK, "back", "notes"),
        (ANEW, "anew", "notes: It ended: no disk."),
    ],
)
def test_what_became_of_a_server_is_a_row(event: ServerChecked, how: str, words: str) -> None:
    fact = fact_of(event)
    assert fact is not None
    assert (fact.name, str(fact.text)) == (how, words)
