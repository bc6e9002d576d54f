"""What an answer is: by its type, by its first bytes, and in which letters."""

import pytest

from loopdeck.tools.web.kinds import content_type, decoded, kind_of


@pytest.mark.parametrize(
    ("header", "body", "kind"),
    [
        ("text/html; charset=utf-8", b"<p>", "html"),
        ("application/xhtml+xml", b"<p>", "html"),
        ("", b"\n<!-- x --><!DOCTYPE HTML><p>", "html"),
        ("text/plain", b"<html><p>", "html"),
        ("text/plain", b"a < b", "text"),
        ("application/json", b"{}", "text"),
        ("application/vnd.api+json", b"{}", "text"),
        ("application/rss+xml", b"<rss>", "text"),
        ("text/markdown", b"# x", "text"),
        ("text/html", b"%PDF-1.7", "binary"),
        ("text/plain", b"a\0b", "binary"),
        ("", b"PK\x03\x04", "binary"),
        ("text/plain; charset=utf-16", "hello".encode("utf-16"), "text"),
    ],
)
def test_the_kind_is_what_it_turns_out_to_be(header: str, body: bytes, kind: str) -> None:
    told = content_type(header)
    assert told.may_be_text
    assert kind_of(told, body)[0] == kind


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("application/pdf", "a PDF file"),
        ("image/png", "a picture (image/png)"),
        ("video/mp4", "a film (video/mp4)"),
        ("application/zip", "a ZIP archive"),
        ("application/wasm", "binary data (application/wasm)"),
    ],
)
def test_what_cannot_be_read_is_called_by_its_name(header: str, words: str) -> None:
    told = content_type(header)
    assert not told.may_be_text
    assert told.words == words


@pytest.mark.parametrize(
    ("header", "body", "text"),
    [
        ("text/html", "ü".encode(), "ü"),
        ("text/html; charset=iso-8859-1", b"\xfc\x93", "ü“"),
        ('text/html; charset="Shift_JIS"', "日本".encode("shift_jis"), "日本"),
        ("text/html", b"<meta charset=koi8-r>\xc1", "<meta charset=koi8-r>а"),
        ("application/xml", b'<?xml encoding="latin-1"?>\xfc', '<?xml encoding="latin-1"?>ü'),
        ("text/html; charset=utf-8", b"\xef\xbb\xbfx", "x"),
        ("text/html", b"\xff\xfex\0", "x"),
        ("text/html; charset=nonsense", "ü".encode(), "ü"),
        ("text/html; charset=base64", "ü".encode(), "ü"),
        ("text/html", b"caf\xe9 and more", "café and more"),
        ("text/html", "cut ü".encode()[:-1], "cut \ufffd"),
    ],
)
def test_letters_are_read_in_the_set_they_are_in(header: str, body: bytes, text: str) -> None:
    assert decoded(content_type(header), body) == text
