"""What a tool said: numbered lines, diffs, pages and bytes, each shown as what it is."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.app.paint.blobs import binary_name, blob_name, magic, without_blobs
from loopdeck.app.paint.calls import call_lines
from loopdeck.app.paint.code import code_lines
from loopdeck.app.paint.lines import Line, plain
from loopdeck.app.paint.output import Manner, output_lines
from loopdeck.session.calls import CallStatus, CallView
from loopdeck.session.values import Category, Decision, Reason

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (640).to_bytes(4) + (480).to_bytes(4) + b"\x08" * 600
CALL = CallView("c1", 1, "shell", {"command": "make"}, 3, status=CallStatus.DONE)


def tint(text: str, language: str) -> list[Line]:
    """Colours at once."""
    return code_lines(text, language)


def shown(call: CallView, cells: int = 80) -> list[str]:
    """The lines of a call."""
    return [plain(line).rstrip() for line in call_lines(call, cells)]


JUDGED = replace(
    CALL,
    output="hello",
    category=Category.WRITE,
    verdict=Decision.ASK,
    rule="level 3 Human in the loop asks for a write",
    reasons=(Reason(text="`make` runs what the project says"),),
    facts={"runs_code": True, "undoable": "no"},
)


@pytest.mark.parametrize("cells", [46, 76, 118])
def test_what_a_call_said_begins_in_the_third_line(cells: int) -> None:
    lines = shown(JUDGED, cells)
    assert lines[1].startswith("write · cannot be undone · ask: level")
    assert lines[1].endswith("x more")
    assert lines[2] == "hello"


def test_who_answered_stands_beside_the_verdict_where_there_is_room() -> None:
    call = replace(JUDGED, answer="denied", answered_by="human", answer_reason="not now")
    wide, narrow = shown(call, 76), shown(call, 22)
    assert wide[1].endswith("denied by you")
    assert wide[2] == "  “not now”"
    assert narrow[2] == "denied by you"


def test_the_lines_of_a_file_have_their_numbers_and_the_colours_of_its_language() -> None:
    call = replace(
        CALL, tool="read_file", args={"path": "a.py"}, output="     9\tdef f():\n    10\t"
    )
    lines = call_lines(call, 60, manner=Manner(tint=tint))
    assert [plain(line) for line in lines][-2:] == [" 9  def f():", "10  "]
    assert [part.ink for part in lines[-2]][:2] == ["muted", "word"]


@pytest.mark.parametrize(
    ("command", "coloured"),
    [
        ("cat src/a.py", True),
        ("sed -n 1,20p 'src/a.py'", True),
        ("cat a.py | wc", False),
        ("python a.py", False),
    ],
)
def test_a_command_that_prints_a_file_prints_it_in_colour(command: str, coloured: bool) -> None:
    call = replace(CALL, args={"command": command}, output="import os")
    line = call_lines(call, 60, manner=Manner(tint=tint))[-1]
    assert (line[0].ink == "word") is coloured


def test_a_diff_that_a_command_printed_is_a_diff_with_the_name_of_each_file() -> None:
    one = "diff --git a/{0} b/{0}\nindex 1..2\n--- a/{0}\n+++ b/{0}\n@@ -7 +7 @@\n-old\n+new\n"
    rows = shown(replace(CALL, output=one.format("x.md") + one.format("y.md")))
    assert rows.count(" 7 - old") == rows.count(" 7 + new") == 2
    assert "a/x.md b/x.md" in rows
    assert "a/y.md b/y.md" in rows


def test_a_result_in_json_is_a_tree_and_a_failed_one_is_words() -> None:
    call = replace(CALL, output='{"a": [1]}')
    assert shown(call)[-2:] == ["  ▾ a  [1 item]", "      0  1"]
    assert shown(replace(call, status=CallStatus.FAILED))[-1] == '{"a": [1]}'


def test_a_web_page_is_rendered() -> None:
    call = replace(CALL, tool="web_fetch", output="# Title\n\nSome **bold** words.")
    assert shown(call)[-3:] == ["Title", "", "Some bold words."]


def test_an_image_is_named_with_its_kind_and_size() -> None:
    data = base64.b64encode(PNG).decode()
    assert magic(PNG) == "PNG image, 640 × 480"
    assert blob_name(data) == f"PNG image, 640 × 480, {len(PNG)} bytes"
    uri = f"data:image/png;base64,{data}"
    assert without_blobs(f"see {uri} there") == f"see ⟦{blob_name(data)}⟧ there"
    row = shown(replace(CALL, output=f'[{{"data": "{data}"}}]'))[-1]
    assert row.strip() == f"data  ⟦{blob_name(data)}⟧"


def test_long_words_are_no_bytes() -> None:
    assert blob_name("a" * 400) == ""
    assert without_blobs("data:;base64,short") == "data:;base64,short"


def test_binary_output_is_named() -> None:
    assert binary_name("\ufffd\x00\x01" * 50) == "binary output, 150 bytes of it in the log"
    assert binary_name("words \x1b[1mbold\x1b[0m\n" * 9) == ""
    assert "v shows it as it is" in shown(replace(CALL, output="\x00\x01" * 90))[-1]


@given(st.text(alphabet=st.sampled_from("ab \t\n\r\x0b\x85\u2028\x1b漢1"), max_size=80))
def test_any_output_has_its_lines(text: str) -> None:
    rows = text.rstrip("\n").split("\n")
    assert len(output_lines(text, 10_000)) == len(rows)
