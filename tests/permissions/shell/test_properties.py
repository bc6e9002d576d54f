"""Properties of the classifier that hold for any text, not only for commands we thought of."""

import posixpath
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loopdeck.permissions.shell import classify
from loopdeck.session.values import Assessment, Category
from tests.permissions.corpus import entries, place, rank, themes

HARMLESS = "/dev/null"
PLACE = place()
COMMANDS = [entry.command for theme in themes() for entry in entries(theme)]
READS = [entry.command for entry in entries("reads") if entry.want is Category.READ]
PROGRAMS = ["ls", "cat", "rm", "grep", "git", "curl", "sort", "python", "evil"]
# What a command line is made of, so that random text finds its way into the grammar.
BITS = [
    *(
        "ls",
        "cat",
        "rm",
        "x",
        "-rf",
        "notes.md",
        "git",
        "status",
        "sh",
        "-c",
        "echo",
        "find",
        ".env",
    ),
    *(" ", "  ", "\t", "\n", ";", "&", "|", "&&", "||", ">", ">>", "<", "<<", "<<<", "2>&1"),
    *(
        "'",
        '"',
        "\\",
        "`",
        "$",
        "$(",
        "${",
        ")",
        "}",
        "{",
        "(",
        "[",
        "]",
        "[[",
        "((",
        "=",
        "#",
        "!",
    ),
    *(
        "*",
        "?",
        "~",
        ",",
        "EOF",
        "\nEOF\n",
        "<<'EOF'\n",
        "if ",
        "then ",
        "fi",
        "for ",
        "do ",
        "done",
    ),
    *("\0", "\r", "\x1b", "\u202e", "\u00a0", "\ud800", "é", "𝒙", "/dev/tcp/h/1", "$'\\x72m'"),
]
LINES = st.lists(st.sampled_from(BITS), max_size=30).map("".join)
BYTES = st.binary(max_size=200).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
ANY = st.one_of(LINES, st.text(max_size=200), BYTES)
ADDED = st.sampled_from(["ls", "rm x", "curl https://example.com", "touch a", "./evil.sh", "true"])
# A command in which a word can follow the last one without becoming part of an open construct.
WHOLE = st.sampled_from(
    [text for text in COMMANDS if not {"\n", "#", "\\"} & set(text) and "<<" not in text]
)

BROKEN = [
    *("{} '", '{} "', "{} $(", "{} `", "{} ${{", "{} |", "{} &&", "{} ||", "( {}", "{{ {}", "{} )"),
    *("{} <(", "if {}", "if {}; then", "for x in a; do {}", "while {}", "case x in", "{} ;; {}"),
    *("[[ {}", "&& {}", "| {}", "; ; {}", "{} | | {}", "{} >", "{} <", "{} >>", "{} 2>&", "fi {}"),
    *("done {}", "}} {}", "{} <<<", "{} | && {}", "for in {}", "(( {}", "{} &&& {}", "{} > > {}"),
]
MONSTROUS = [
    *("x" * 1_000_000, "ls |" * 10_000 + "ls", "(" * 100_000, "$(" * 100_000, "'" * 999_999),
    *("echo " + "a " * 400_000, "{" * 50_000, "ls\n" * 100_000, "<<E\n" * 50_000, "[[" * 50_000),
    *("sh -c '" * 2_000, "cat <<'E'\n" + "x\n" * 300_000 + "E", "ls " + "\\" * 500_000),
]


def judged(command: str) -> Assessment:
    return classify(command, PLACE)


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("command", ["ls", "cat notes.md", "git status"])
def test_what_bash_would_not_parse_is_never_a_read(broken: str, command: str):
    assert judged(broken.format(command, command)).category is not Category.READ


@given(st.sampled_from(READS), st.integers(min_value=1, max_value=400))
def test_a_read_that_is_cut_inside_a_quote_is_not_a_read(command: str, at: int):
    cut = command[:at]
    if "\\" not in cut and "<<" not in cut and "#" not in cut and _open_quote(cut):
        assert judged(cut).category is not Category.READ


def _open_quote(text: str) -> bool:
    """Whether the text, which has no escapes, ends inside quotes."""
    inside = ""
    for letter in text:
        if inside:
            inside = "" if letter == inside else inside
        elif letter in "'\"":
            inside = letter
    return bool(inside)


@settings(max_examples=120)
@given(st.one_of(WHOLE, LINES), st.sampled_from(["; ", " | ", " && ", " || ", "\n", " & "]), ADDED)
@example("ls", "\n", "rm x")
@example("cat <<EOF\nx\nEOF", "\n", "rm x")
def test_adding_a_command_never_makes_it_milder(command: str, joint: str, added: str):
    before = judged(command).category
    unfinished = before is Category.UNKNOWN and joint != "; "  # `ls &&` and a line more is whole
    if not unfinished and not command.endswith("\\"):
        assert rank(judged(command + joint + added).category) >= rank(before)


@given(WHOLE, st.sampled_from(["; ", " | ", " && ", " || ", "\n"]), ADDED)
def test_what_is_added_counts_as_much_as_alone(command: str, joint: str, added: str):
    """Unless it is text of the first command, which no command of `WHOLE` leaves open."""
    assert rank(judged(command + joint + added).category) >= rank(judged(added).category)


@given(st.sampled_from(PROGRAMS), st.sampled_from(["x", "-l", "--version", "notes.md", "status"]))
def test_the_spelling_of_a_word_does_not_matter(program: str, argument: str):
    plain = judged(f"{program} {argument}").category
    for name in _spellings(program):
        assert judged(f"{name} {argument}").category is plain, name
    for word in _spellings(argument):
        assert judged(f"{program} {word}").category is plain, word


def _spellings(word: str) -> list[str]:
    half = len(word) // 2
    return [
        f"'{word}'",
        f'"{word}"',
        f"\\{word}",
        f"{word[:half]}''{word[half:]}",
        f'{word[:half]}"{word[half:]}"',
        f"'{word[:half]}'\"{word[half:]}\"",
        f"{word[:-1]}\\{word[-1]}",
    ]


@settings(max_examples=200)
@given(ANY)
def test_any_text_gets_an_answer_soon(command: str):
    judged(command)  # the tables of its programs are read with the first of them
    before = time.thread_time()  # of the processor, so that a busy machine changes nothing
    said = judged(f"{command} ")
    assert time.thread_time() - before < 0.1
    assert isinstance(said.category, Category)


@pytest.mark.parametrize("command", MONSTROUS, ids=lambda text: f"{text[:8].strip()}…")
def test_a_monstrous_text_is_answered_and_is_no_read(command: str):
    before = time.thread_time()
    said = judged(command)
    assert time.thread_time() - before < 1  # its figure, 100 ms, is in the bench
    assert said.category is not Category.READ


@given(st.one_of(ANY, st.sampled_from(COMMANDS)))
@example("é rm 'ü'; rm x")
@example("𝒙; evil --option")
def test_every_reason_points_into_the_command(command: str):
    for reason in judged(command).reasons:
        if reason.span is not None:
            start, end = reason.span
            assert 0 <= start <= end <= len(command)


@settings(max_examples=150)
@given(st.one_of(LINES, st.sampled_from(READS)))
def test_a_read_writes_nowhere(command: str):
    said = judged(command)
    if said.category is Category.READ:
        targets = {posixpath.normpath(str(path)) for path in said.facts.get("writes", [])}
        assert targets <= {HARMLESS}
        assert not said.facts.get("deletes")
        assert not said.facts.get("runs_code")
        assert not said.facts.get("hosts")


@given(
    st.sampled_from(["ls", "cat notes.md", "grep -n x notes.md", "(ls)", "{ ls; }"]),
    st.sampled_from([">", ">>", ">|", "&>", "&>>", ">&", "<>", "1>", "2>", "3>", "2>>", "{fd}>"]),
    st.sampled_from(["out", "'out'", "./out", "$X", "/dev/tcp/h/1", "/dev/sda", "/dev/null/../x"]),
    st.sampled_from(["", " "]),
)
def test_a_redirect_to_anything_but_nowhere_is_no_read(
    command: str, operator: str, target: str, gap: str
):
    assert judged(f"{command} {operator}{gap}{target}").category is not Category.READ


@given(st.sampled_from(READS))
def test_judging_twice_gives_the_same(command: str):
    assert judged(command) == judged(command)
