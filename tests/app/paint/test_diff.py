"""A diff with the numbers its lines have in the files."""

from loopdeck.app.paint.diff import diff_counts, diff_lines, diff_size, is_new_file
from loopdeck.app.paint.lines import Line, plain

CHANGE = """\
--- a/notes.md
+++ b/notes.md
@@ -8,3 +8,4 @@
 same
-old
+new
+newer
 end
@@ -40,1 +41,1 @@ def there():
-- list item
+-- list item
"""


def test_every_line_has_its_number_and_sign() -> None:
    assert [plain(line) for line in diff_lines(CHANGE, 40)] == [
        " 8   same",
        " 9 - old",
        " 9 + new",
        "10 + newer",
        "11   end",
        "   ┄ def there():",
        "40 - - list item",
        "41 + -- list item",
    ]


def test_added_and_removed_lines_have_their_inks() -> None:
    inks = [line[-1].ink for line in diff_lines(CHANGE, 40)]
    assert inks[:4] == ["plain", "del", "add", "add"]


def test_long_lines_are_wrapped_and_never_cut() -> None:
    text = "--- a/x\n+++ b/x\n@@ -0,0 +1,1 @@\n+" + "abcdefghij" * 20 + "\n"
    lines = diff_lines(text, 50)
    assert "".join(line[1].text[2:] for line in lines) == "abcdefghij" * 20
    assert all(len(plain(line)) <= 50 for line in lines)


def test_lines_are_counted_and_new_files_are_seen() -> None:
    assert diff_counts(CHANGE) == (3, 2)
    assert not is_new_file(CHANGE)
    assert is_new_file("--- /dev/null\n+++ b/x\n@@ -0,0 +1,1 @@\n+a\n")


def test_text_that_is_no_diff_is_shown_as_it_is() -> None:
    assert [plain(line).strip() for line in diff_lines("just words\n", 40)] == ["just words"]


def test_a_file_without_a_last_line_break_says_so() -> None:
    text = "--- a\n+++ b\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n"
    assert any("No newline" in plain(line) for line in diff_lines(text, 60))


def test_the_size_of_a_diff_is_that_of_its_own_words() -> None:
    assert diff_size("--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1,1 @@\n+hello 0\n") == 7
    assert diff_size("--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n") == 7


def marked(line: Line) -> list[str]:
    """The words of a line that are marked as changed."""
    return [part.text for part in line if part.ink in ("add-mark", "del-mark")]


def test_the_words_that_changed_are_marked_on_both_sides() -> None:
    text = "--- a\n+++ b\n@@ -1 +1 @@\n-total = count(old, 3)\n+total = count(new, 30)\n"
    old, new = diff_lines(text, 60)
    assert (marked(old), marked(new)) == (["old", "3"], ["new", "30"])
    assert plain(old) == " 1 - total = count(old, 3)"


def test_a_mark_goes_on_where_its_line_is_wrapped() -> None:
    text = f"--- a\n+++ b\n@@ -1 +1 @@\n-same same {'x' * 30}\n+same same {'y' * 30}\n"
    lines = diff_lines(text, 25)
    assert "".join(word for line in lines for word in marked(line)) == "x" * 30 + "y" * 30


def test_lines_that_have_nothing_in_common_are_not_compared() -> None:
    text = "--- a\n+++ b\n@@ -1 +1 @@\n-import os\n+return 42\n"
    assert [marked(line) for line in diff_lines(text, 60)] == [[], []]


def test_only_so_many_lines_are_compared_word_by_word() -> None:
    body = "".join(f"-row {at} one\n+row {at} two\n" for at in range(300))
    lines = diff_lines(f"--- a\n+++ b\n@@ -1,300 +1,300 @@\n{body}", 60)
    assert marked(lines[0]) == ["one"]
    assert marked(lines[-1]) == []
