"""Commands in which the whole content of a file stands, and those in which it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.permissions.shell.whole import written_whole

WHOLE = {
    "cat > f.py <<'EOF'\nprint(1)\nEOF\npython f.py": {"f.py": "print(1)\n"},
    "cat <<'EOF' > g && python g\nx\ny\nEOF": {"g": "x\ny\n"},
    "cat > f <<EOF\nplain\nEOF": {"f": "plain\n"},
    "echo hi there > f": {"f": "hi there\n"},
    'echo "hi *" > "a b"': {"a b": "hi *\n"},
    "printf 'a\\nb\\n' > sub/f": {"sub/f": "a\nb\n"},
    "cd sub && echo x > y": {"sub/y": "x\n"},
    "mkdir -p t; echo 1 > t/a; echo 2 > t/b": {"t/a": "1\n", "t/b": "2\n"},
    "echo 1 > f; echo 2 > f": {"f": "2\n"},
}
PARTIAL = [
    "echo $x > f",
    "echo * > f",
    "echo ~ > f",
    "echo -n a > f",
    "echo a >> f",
    "echo a > $f",
    "echo a > f 2> g",
    "echo a | tee f",
    "for i in 1; do echo a > f; done",
    "echo a > f || echo b > f",
    "(echo a > f)",
    "cat g > f",
    "cat > f <<EOF\n$x\nEOF",
    "cat > f <<'A' <<'B' 2>&1\n1\nA\n2\nB",
    "printf '%s' a > f",
    "printf 'a\\tb' > f",
    "cd - && echo a > f",
    "cd && echo a > f",
    "python - > f <<'EOF'\nprint(1)\nEOF",
    "echo 'unfinished > f",
]


@pytest.mark.parametrize(("command", "files"), WHOLE.items())
def test_a_content_that_stands_in_the_command_is_read(command: str, files: object) -> None:
    assert written_whole(command) == files


@pytest.mark.parametrize("command", PARTIAL)
def test_a_content_that_does_not_is_not_guessed(command: str) -> None:
    assert written_whole(command) == {}


@given(st.text(alphabet="ceho ca>f<'\n;&|$E", max_size=40))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    written_whole(text)
