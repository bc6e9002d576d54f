"""Here-documents are taken out of a text, or the text is not understood."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.permissions.shell import classify
from loopdeck.permissions.shell.heredocs import MARK, extract
from loopdeck.permissions.shell.script import NotUnderstood
from loopdeck.session.values import Category


def bodies(text: str) -> list[str]:
    return [heredoc.body for heredoc in extract(text).found.values()]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cat <<EOF\na\nb\nEOF\nls", ["a\nb\n"]),
        ("cat <<'EOF' | head\n$(x)\nEOF", ["$(x)\n"]),
        ('cat << "E"\n`x`\nE\n', ["`x`\n"]),
        ("cat <<-EOF\n\ta\n\tEOF", ["\ta\n"]),
        ("cat <<A; cat <<B\n1\nA\n2\nB", ["1\n", "2\n"]),
        ("cat <<EOF\nEOF", [""]),
        ("cat <<EOF\n EOF\nEOF", [" EOF\n"]),
        ("cat <<< word", []),
        ("cat <<EOF\nno end", []),
        ("echo $((1<<2))", []),
    ],
)
def test_a_body_reaches_to_its_last_line(text: str, found: list[str]) -> None:
    assert bodies(text) == found


def test_the_text_keeps_its_length_and_the_rest_its_place() -> None:
    text = "cat <<'EOF' > out\nbody\nEOF\nls"
    extracted = extract(text)
    assert len(extracted.text) == len(text)
    assert extracted.text.index("ls") == text.index("ls")
    assert extracted.text.startswith(f"cat <{MARK}")
    assert "body" not in extracted.text


def test_only_a_document_in_quotes_or_without_signs_is_literal() -> None:
    literal = [
        heredoc.literal
        for text in ("<<'E'\n$x\nE", "<<E\nx\nE", "<<E\n$x\nE", "<<\\E\n$(x)\nE")
        for heredoc in extract(f"cat {text}").found.values()
    ]
    assert literal == [True, True, False, True]


@pytest.mark.parametrize(
    "text",
    [
        "cat <<EOF\n$(x)\nEOF",
        "cat <<EOF\n`x`\nEOF",
        "cat <<EOF\n${x:=$(y)}\nEOF",
        "cat <<EOF\n$((x))\nEOF",
        'cat <<EOF "a\n"; rm x; "\nEOF\n"',
        "cat <<EOF $(\nrm x\nEOF\n)",
        "cat <<EOF \\\nrm x\nEOF",
        "cat <<EOF # '\nrm x\nEOF",
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        extract(text)


@given(st.text(alphabet="<'\"-EO F\n\t$`\\ab|", max_size=60))
def test_the_length_never_changes(text: str) -> None:
    with contextlib.suppress(NotUnderstood):
        assert len(extract(text).text) == len(text)


@pytest.mark.parametrize(
    ("command", "category"),
    [
        ("cat > t.py <<< x", Category.WRITE),
        ('wc -c 2>/dev/null <<< "a b"', Category.READ),
        ("cat > t <<< a && cat 2>&1 <<< b", Category.WRITE),
        ("bash >/dev/null <<< 'rm x'", Category.DESTRUCTIVE),
        ("cat > t <<< $(rm x)", Category.DESTRUCTIVE),
        ("cat > t <<<\nx", Category.UNKNOWN),
        ("cat > t <<< #x", Category.UNKNOWN),
        ("cat > t <<<<< x", Category.UNKNOWN),
        ("cat > t <<<(ls)", Category.UNKNOWN),
        ("grep '<<<' > t <<< x", Category.UNKNOWN),
        ("cat > t <<< x # <<< y", Category.UNKNOWN),
    ],
)
def test_a_word_as_input_may_stand_behind_another_redirect(
    command: str, category: Category
) -> None:
    assert classify(command).category is category
