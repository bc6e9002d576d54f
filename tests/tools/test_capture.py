"""The capture: nothing lost on disk, nothing garbled on the way."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from loopdeck.tools import capture as module
from loopdeck.tools.capture import HEAD, TAIL, Capture


def no_spool() -> Path:
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
    capture = Capture(lambda: tmp_path)
    for number in range(3_000):
        capture.feed(b"%08d\n" % number)
    capture.close()
    assert Path(capture.path).read_bytes() == b"".join(b"%08d\n" % n for n in range(3_000))


def test_the_file_stops_growing_at_its_limit(tmp_path: Path) -> None:
    capture = Capture(lambda: tmp_path)
    chunk = b"x" * 10_000_000
    for _ in range(module.MAX_SPOOL // len(chunk) + 2):
        capture.feed(chunk)
    capture.close()
    assert Path(capture.path).stat().st_size == module.MAX_SPOOL
    assert "only the first 200.0 MB were kept" in capture.text()
    Path(capture.path).unlink()


def test_live_output_is_bounded_and_says_what_it_skips() -> None:
    capture = Capture(no_spool)
    capture.feed(b"a" * 100_000)
    text = capture.live()
    assert len(text) < 5_000
    assert "96.0 kB not shown live" in text
