"""The capture: nothing lost on disk, nothing garbled on the way."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.permissions.secrets.redacting import MARK, Redactor
from loopdeck.ports.tools import Spool
from loopdeck.tools.commands.capture import HEAD, TAIL, Capture

ROOM = 20_000_000


def no_spool() -> Spool:
    raise OSError("No space left on device")


@given(st.text(max_size=200), st.integers(1, 5))
def test_characters_split_over_chunks_come_out_whole(text: str, size: int) -> None:
    raw = text.encode("utf-8", "replace")
    capture = Capture(no_spool)
    shown = ""
    for at in range(0, len(raw), size):
        capture.feed(raw[at : at + size])
        shown += capture.live()
    assert shown == raw.decode()
    assert capture.text() == raw.decode()


def test_a_disk_that_is_full_does_not_end_the_command() -> None:
    capture = Capture(no_spool)
    capture.feed(b"a" * HEAD)
    capture.feed(b"b" * 5_000_000)
    capture.feed(b"z" * TAIL)
    text = capture.text()
    assert text.startswith("a" * HEAD)
    assert text.endswith("z" * TAIL)
    assert "could not be kept" in text
    assert capture.path == ""


def test_the_file_has_everything_up_to_its_limit(tmp_path: Path) -> None:
    capture = Capture(lambda: Spool(tmp_path, ROOM))
    for number in range(3_000):
        capture.feed(b"%08d\n" % number)
    capture.close()
    assert Path(capture.path).read_bytes() == b"".join(b"%08d\n" % n for n in range(3_000))


def test_the_file_stops_growing_at_its_limit(tmp_path: Path) -> None:
    capture = Capture(lambda: Spool(tmp_path, ROOM))
    chunk = b"x" * 10_000_000
    for _ in range(ROOM // len(chunk) + 2):
        capture.feed(chunk)
    capture.close()
    assert Path(capture.path).stat().st_size == ROOM
    assert "its full output was not kept, only the first 20.0 MB" in capture.text()
    Path(capture.path).unlink()


def test_live_output_is_bounded_and_says_what_it_skips() -> None:
    capture = Capture(no_spool)
    capture.feed(b"a" * 100_000)
    text = capture.live()
    assert len(text) < 5_000
    assert "96.0 kB not shown live" in text


TOKEN = "ghp" + "_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"
REDACTOR = Redactor(b"installation")


WORDS = (TOKEN.encode(), b"\xff\xfe\x80", "é€𝄞".encode(), b"\n", b"word " * 99, b"x" * 99)


@given(st.lists(st.sampled_from(WORDS), max_size=20), st.integers(5, 3_000))
def test_the_file_is_clean_however_the_output_came_and_else_the_same_to_the_byte(
    tmp_path_factory: pytest.TempPathFactory, words: list[bytes], size: int
) -> None:
    raw = b",".join([b"start", *words, b"end"])
    filler = b" " * (HEAD + TAIL)
    spool = Spool(tmp_path_factory.getbasetemp(), ROOM)
    capture = Capture(lambda: spool, REDACTOR.stream())
    for piece in (*(raw[at : at + size] for at in range(0, len(raw), size)), filler):
        capture.feed(piece)
    capture.close()
    path = Path(capture.path)
    kept = path.read_bytes()
    path.unlink()
    clean = REDACTOR.clean(raw.decode("utf-8", "surrogateescape"))
    assert kept == clean.encode("utf-8", "surrogateescape") + filler
    assert TOKEN.encode() not in kept


def test_a_secret_on_the_edge_of_what_the_model_gets_is_not_cut_in_two(tmp_path: Path) -> None:
    for before in range(HEAD - len(TOKEN), HEAD, 7):
        capture = Capture(lambda: Spool(tmp_path, ROOM), REDACTOR.stream())
        capture.feed(b"-" * before + b"=" + TOKEN.encode() + b" " + b"-" * HEAD + b" ")
        capture.feed(b"=" * 3 + TOKEN.encode() + b" " + b"-" * (TAIL - 20))
        capture.close()
        assert TOKEN[:8] not in capture.text()
        assert TOKEN[-8:] not in capture.text()


def test_what_is_skipped_in_live_output_does_not_show_half_a_secret() -> None:
    capture = Capture(no_spool, REDACTOR.stream())
    capture.feed(b"a " * 50 + TOKEN.encode() + b" " + b"b " * 1_990)
    text = capture.live()
    assert "not shown live" in text
    assert TOKEN[-8:] not in text


def test_short_output_is_whole_once_the_capture_is_closed() -> None:
    capture = Capture(no_spool, REDACTOR.stream())
    capture.feed(b"the key is " + TOKEN.encode())
    capture.close()
    assert MARK.search(capture.text())
    assert capture.text().startswith("the key is ")


def test_where_nothing_may_be_kept_the_text_says_so() -> None:
    capture = Capture(lambda: None)
    capture.feed(b"a" * 3 * HEAD)
    capture.close()
    assert capture.path == ""
    assert "nothing of it is kept" in capture.text()
