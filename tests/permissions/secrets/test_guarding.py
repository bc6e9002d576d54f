"""Streams that cut a secret in two: what comes out is as if the whole text had been cleaned."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.permissions.secrets.guarding import STEP
from loopdeck.permissions.secrets.redacting import MARK, Redactor

# Put together here, so that no scanner takes this file for a leak.
BODY = "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7d"
TOKEN = "ghp" + "_" + BODY[:36]
PEM = "-----BEGIN RSA PRIVATE " + f"KEY-----\nMIIE{BODY}\n{BODY}\n-----END RSA PRIVATE KEY-----"
OPEN_PEM = "-----BEGIN OPENSSH PRIVATE " + f"KEY-----\n{BODY}\n"
PHRASE = 'correct "horse" 4 battery'
LONGER = PHRASE + " staple"
SECRETS = [
    TOKEN,
    "sk-" + "ant-api03-" + BODY,
    PEM,
    f"Authorization:  Bearer  {BODY}",
    f'"authorization": "Basic {BODY}"',
    f"curl -H 'x-api-key: {BODY}'",
    f"aws_secret_access_key = {BODY}",
    "postgres://app:s3cr3t-pw@db/shop",
    PHRASE,
    LONGER,
]
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *SECRETS,
                OPEN_PEM,
                *(" ", "\n", "\t", '"', "'", "é", "earer", "Authorization:", "x-api-key"),
                *("-----BEGIN ", "-----BEGIN RSA PRIVATE", "-----END RSA PRIVATE KEY-----"),
                *("correct", " horse", "x" * 300, "://u:", "@", "y" * (STEP - 20)),
            ]
        ),
        st.text(max_size=6),
    ),
    max_size=14,
)


def redactor() -> Redactor:
    return Redactor(b"installation", [PHRASE, LONGER, "hunter2-hunter2"])


def through(text: str, cuts: list[int]) -> str:
    """The text as a stream gives it back that was fed in these pieces."""
    stream = redactor().stream()
    edges = [0, *sorted(cuts), len(text)]
    pieces = [text[a:b] for a, b in itertools.pairwise(edges)]
    return "".join([*(stream.add(piece) for piece in pieces), stream.finish()])


@given(PIECES, st.data())
def test_any_pieces_give_what_the_whole_gives(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=12))
    assert through(text, cuts) == through(text, [])
    if len(text) < STEP:
        assert through(text, cuts) == redactor().clean(text)


@given(st.lists(st.sampled_from([*SECRETS, "plain words", "\n"]), max_size=60), st.data())
def test_a_long_text_in_pieces_is_as_clean_as_in_one(parts: list[str], data: st.DataObject) -> None:
    text = " ".join([*parts, "z " * STEP, *parts, "z " * STEP])
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=12))
    assert through(text, cuts) == redactor().clean(text)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("size", [1, 3, 7, 16])
def test_a_secret_cut_into_pieces_does_not_slip_through(secret: str, size: int) -> None:
    text = f"The key is {secret} and that is all of it, good bye. "
    shown = through(text, list(range(0, len(text), size)))
    assert BODY[:8] not in shown
    assert "horse" not in shown
    assert "s3cr3t" not in shown
    assert MARK.search(shown)


def test_a_private_key_that_never_ends_is_held_back_and_then_marked() -> None:
    stream = redactor().stream()
    assert stream.add(f"It is {OPEN_PEM}") == "It is "
    assert MARK.fullmatch(stream.finish().removesuffix("\n"))


@pytest.mark.parametrize("before", [0, 10, STEP - 20, STEP - 5, 3 * STEP])
def test_a_token_in_the_middle_of_an_endless_word_is_still_seen(before: int) -> None:
    text = f"{',' * before}{TOKEN}{',' * 4 * STEP}"
    shown = through(text, list(range(0, len(text), 501)))
    assert TOKEN[:20] not in shown
    assert MARK.search(shown)


def test_a_secret_longer_than_what_is_held_leaves_one_mark_and_no_rest() -> None:
    text = f"Authorization: Bearer {'a1' * 3 * STEP} and more"
    shown = through(text, list(range(0, len(text), 501)))
    assert "a1a1" not in shown
    assert shown.endswith(" and more")


@given(st.lists(st.text(alphabet="abc \n", max_size=9), max_size=30))
def test_plain_words_come_out_in_order_with_at_most_a_word_held(pieces: list[str]) -> None:
    stream = Redactor(b"key").stream()
    shown = "".join(stream.add(piece) for piece in pieces)
    whole = "".join(pieces)
    assert whole.startswith(shown)
    assert not any(char.isspace() for char in whole[len(shown) :])


def test_a_stream_without_any_space_is_held_back_only_so_far() -> None:
    assert len(redactor().stream().add("x" * 50_000)) > 30_000
