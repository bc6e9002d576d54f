"""The page as a file: one document, its own policy, and an island that nothing can leave."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings

from loopdeck.exporting.cleaning import cleaned
from loopdeck.exporting.page import html, island, page_data
from loopdeck.journal.jsonl import read_records
from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.session.events import BookmarkAdded
from loopdeck.session.records import Record
from tests.support.anyevent import any_records
from tests.support.planting import KEY, planted
from tests.support.records import recording, started

RECORDING = Path(__file__).parents[2] / "sessions" / "demo-bugfix.jsonl"
DARK = {"background": "#101010", "text": "#fefefe", "evil": "red;} body{background:url(//x)}"}


def page(records: list[Record]) -> str:
    """The page in two small themes."""
    return html(records, dark=DARK, light={"background": "#fafafa"}, version="1.0")


def test_the_policy_allows_the_page_its_own_script_and_style_and_nothing_else() -> None:
    text = page(read_records(RECORDING))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    script = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    style = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert policy
    assert (len(script), len(style)) == (1, 1)
    for part in (script[0], style[0]):
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none'; ")
    assert "unsafe" not in policy[1]


def test_the_page_names_no_address_and_loads_nothing() -> None:
    shell = re.sub(r'id="data">.*?</script>', "", page(read_records(RECORDING)), flags=re.DOTALL)
    assert not re.search(r"https?:|//\w+\.|@import|url\(|src=|href=", shell)
    assert "innerHTML" not in shell


def test_only_plain_colours_get_into_the_style() -> None:
    text = page(read_records(RECORDING))
    assert "--background: #101010;" in text
    assert "evil" not in text


def test_nothing_ends_the_island() -> None:
    hostile = "</script><script>alert(1)</script><!-- ]]> \u2028 & {{SCRIPT}}"
    text = page(recording([started(hostile)]))
    assert text.count("</script>") == 2
    assert "alert(1)</title>" not in text
    found = re.search(r'id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    assert json.loads(found[1])["rows"][0]["t"].startswith("</script>")
    assert island({"a": "<&>"}) == '{"a":"\\u003c\\u0026\\u003e"}'


def test_values_change_where_the_reducer_says_so() -> None:
    records = read_records(RECORDING)
    data = page_data(records)
    assert [value for _, value in data["tracks"]["status"]][-1] == "done"
    assert data["tracks"]["calls"][-1][1] == 21
    assert len(data["steps"]) == 11
    assert len(data["times"]) == len(data["worked"]) == data["head"] == len(records)


def test_bookmarks_of_later_take_no_time_of_the_run() -> None:
    records = read_records(RECORDING)
    last = records[-1]
    later = replace(last, seq=last.seq + 1, ts=last.ts + 10**12, event=BookmarkAdded(at=3))
    before, after = page_data(records)["times"], page_data([*records, later])["times"]
    assert after == [*before, before[-1]]


def test_arguments_of_several_lines_are_read_as_lines() -> None:
    rows = page_data(read_records(RECORDING.with_name("demo-pitches.jsonl")))["rows"]
    write = next(row for row in rows if row.get("tool") == "write_file")
    texts = {title: text for _, title, text, _ in write["d"]}
    assert any(title.startswith("Arguments: ") and "\n" in text for title, text in texts.items())
    assert all("\\n" not in text for title, text in texts.items() if title.startswith("Arg"))


def test_a_row_has_its_states_and_its_details_in_order() -> None:
    rows = page_data(read_records(RECORDING))["rows"]
    edit = next(row for row in rows if row.get("tool") == "edit_file")
    states = [state for _, state in edit["m"]]
    assert states == ["proposed", "waiting", "approved", "running", "done"]
    titles = [title for _, title, _, _ in edit["d"]]
    assert titles[:2] == ["Arguments", "Judged"]
    assert {"Decided", "Result", "Changed"} <= set(titles)
    assert all(row["s"] <= after["s"] for row, after in pairwise(rows))


@settings(max_examples=30)
@given(any_records())
def test_any_events_make_a_page(records: list[Record]) -> None:
    text = page(records)
    assert text.count("</script>") == 2
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", text)


@settings(max_examples=30)
@given(any_records(max_size=6))
def test_a_planted_secret_is_in_no_page(records: list[Record]) -> None:
    clean = cleaned([planted(record, KEY) for record in records], Redactor(b"k" * 32))
    assert KEY not in page(list(clean.records))
