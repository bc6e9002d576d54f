"""Places where words were said, as lines of any width."""

import pytest

from loopdeck.app.paint.hits import hit_line, hits_head, no_hits
from loopdeck.app.paint.lines import plain, width_of
from loopdeck.ports.search import Hit

DAY = 86_400 * 1_000_000_000
HIT = Hit(
    "s1", "mend the lamp", 7, 0, "call_finished", "… a needle in the hay, and a needle", ((4, 10),)
)


@pytest.mark.parametrize("cells", [20, 56, 76, 116, 196])
@pytest.mark.parametrize("text", ["short", "翻訳をレビューする" * 9, "a\u202eb\x1b[2J[/]" * 30])
def test_a_place_and_the_heads_fit_their_line(cells: int, text: str) -> None:
    hit = Hit("s1", text, 7, 0, "model_replied", text, ((0, 1),))
    assert width_of(hit_line(hit, DAY, cells)) <= cells
    assert width_of(hits_head(cells)) <= cells
    assert max(width_of(line) for line in no_hits("", cells)) <= cells


def test_the_words_that_were_looked_for_are_marked() -> None:
    line = hit_line(HIT, DAY, 120)
    assert [part.text for part in line if part.ink == "mark"] == ["needle"]
    assert " ".join(plain(line).split()).startswith("1 d mend the lamp result … a needle in")


def test_hostile_words_are_shown_not_obeyed() -> None:
    hit = Hit("s1", "t\x1b]0;x\x07", 7, 0, "odd_kind", "a\x1b[2J\u202eb", ((1, 5),))
    text = plain(hit_line(hit, 0, 120))
    assert "t␛]0;x␇" in text
    assert "a␛[2J⟨U+202E⟩b" in text
    assert "event" in text


def test_the_columns_stand_under_their_heads() -> None:
    head, line = plain(hits_head(120)), plain(hit_line(HIT, DAY, 120))
    assert head.index("what was said") == line.index("…")
    assert head.index("session") == line.index("mend")
