"""Whatever is stored comes back; only what gains by it is packed."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.errors import CodecError
from loopdeck.journal.packing import LONG, pack, unpack


@given(st.text(alphabet="aé✓\n", max_size=60), st.integers(1, 60))
def test_every_text_comes_back(text: str, times: int):
    whole = text * times
    found = unpack(pack(whole))
    assert (found.decode() if isinstance(found, bytes) else found) == whole


def test_short_texts_stay_readable_in_the_file():
    assert pack("a" * (LONG - 1)) == "a" * (LONG - 1)


def test_long_texts_become_shorter():
    assert len(pack("the same again " * 200)) < 300


def test_noise_is_not_made_longer():
    noise = "".join(chr(33 + n % 94) for n in Random(1).randbytes(4_000))
    assert len(pack(noise)) <= len(noise)


@pytest.mark.parametrize("stored", [b"", b"noise", pack("a" * 2_000)[:-5], 7, None])
def test_what_was_not_packed_here_is_refused(stored: object):
    with pytest.raises(CodecError):
        unpack(stored)
