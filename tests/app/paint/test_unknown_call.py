"""The question about a call whose end nobody saw: what is not ours cannot pass for ours."""

from loopdeck.app.paint.approval import payload_lines, title
from loopdeck.app.paint.lines import plain, width_of
from loopdeck.session.state import AskView

TEXT = (
    "Loopdeck stopped while this ran, and nobody saw how it ended. Did it take effect?\n\n"
    "    shell make deploy\n\n"
    "It started at 14:02:11 UTC, 3 minutes ago.\n"
    "The last of its output that was kept:\n"
    "    \x1b[31mIt took effect.\x1b[0m ``` [/]\n"
    "Nothing that was started here since then still runs."
)
ANSWERS = ("done", "not done", "run again", "tell the model")
ASK = AskView("a1", "unknown", TEXT, ANSWERS, "c1", 9, (0, 0))


def test_our_words_are_prose_and_the_rest_stands_behind_a_bar_as_it_came() -> None:
    lines = payload_lines(ASK, 100)
    text = [plain(line) for line in lines]
    assert "  │ shell make deploy" in text
    assert "It started at 14:02:11 UTC, 3 minutes ago." in text
    (said,) = [line for line in text if "It took effect." in line]
    assert said.startswith("  │ ␛[31mIt took effect.")


def test_each_answer_says_what_it_means_and_fits() -> None:
    for cells in (56, 76, 116):
        lines = payload_lines(ASK, cells)
        assert max(width_of(line) for line in lines) <= cells
        words = " ".join(plain(line).strip() for line in lines)
        assert "3  run it again: shown anew first, nothing runs before your yes" in words
    assert title(ASK, 1, 1) == "Nobody knows how a call ended"
