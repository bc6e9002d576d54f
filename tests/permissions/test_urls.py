"""Addresses in one form, and addresses in rules."""

import pytest

from loopdeck.permissions.urls import address, oddity, url_pattern


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("HTTPS://Docs.Python.org", "https://docs.python.org/"),
        ("https://docs.python.org:443/3/?q=1#frag", "https://docs.python.org/3/?q=1"),
        ("http://docs.python.org.:80/a", "http://docs.python.org/a"),
        ("http://h:8080/a/./b/../c", "http://h:8080/a/c"),
        ("http://h/%2e%2e/%2E/x", "http://h/x"),
        ("http://h/a/..", "http://h/"),
        ("http://h/a%20b/ü", "http://h/a%20b/%C3%BC"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ],
)
def test_an_address_has_one_form(text: str, same: str) -> None:
    assert str(address(text)) == same
    assert str(address(same)) == same


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ftp://h/", "http://"),
        ("file:///etc/passwd", "http://"),
        ("docs.python.org", "http://"),
        ("javascript:alert(1)", "http://"),
        ("http://user:pw@h/", "password"),
        ("http://h@evil.example/", "password"),
        ("http://h/a b", "spaces"),
        ("http://h\\@evil.example/", "backslashes"),
        ("http://h/\r\nX: y", "control"),
        ("http://", "host"),
        ("http://h:99999/", "not an address"),
        ("http://[::1", "not an address"),
        ("http://a..b/", "host"),
        ("http://-\u2028/", "host"),
        ("http://h/" + "a" * 9_000, "longer"),
    ],
)
def test_what_is_no_address_says_why(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        address(text)


def test_a_name_that_reads_as_another_is_pointed_out() -> None:
    at = address("https://аpple.com/")  # the first letter is Cyrillic
    assert at.host.startswith("xn--")
    words = oddity(at.host, at.reads)
    assert at.host in words
    assert "Cyrillic, Latin letters, mixed within one word" in words
    plain = address("https://bücher.example/")
    assert "mixed" not in oddity(plain.host, plain.reads)
    assert oddity("docs.python.org", address("https://docs.python.org").reads) == ""


@pytest.mark.parametrize(
    ("pattern", "covered", "not_covered"),
    [
        (
            "https://docs.python.org/*",
            ["https://docs.python.org/", "https://docs.python.org/3/?q=a"],
            [
                "http://docs.python.org/",
                "https://docs.python.org.evil.example/",
                "https://docs.python.org:8443/",
                "https://evil.example/docs.python.org/",
            ],
        ),
        (
            "https://docs.python.org/3/*",
            ["https://docs.python.org/3/library/"],
            [
                "https://docs.python.org/2/",
                "https://docs.python.org/3/../2/",
                "https://docs.python.org/3/%2e%2e%2f2/",
                "https://docs.python.org/3/..%5c2",
            ],
        ),
        ("https://docs.python.org", ["https://docs.python.org/x"], ["https://python.org/"]),
        (
            "https://*.example.com/a?b=[1]",
            ["https://x.example.com/a?b=[1]"],
            ["https://example.com/a?b=[1]", "https://x.example.com/acb=1"],
        ),
        ("http://[::1]:8000/*", ["http://[::1]:8000/a"], ["http://[::2]:8000/a"]),
    ],
)
def test_a_pattern_covers_what_it_says(
    pattern: str, covered: list[str], not_covered: list[str]
) -> None:
    parsed = url_pattern(pattern)
    assert [url for url in covered if not parsed.covers(address(url))] == []
    assert [url for url in not_covered if parsed.covers(address(url))] == []


def test_what_forbids_sees_through_the_spelling() -> None:
    parsed = url_pattern("https://h.example/admin/*")
    for url in (
        "https://h.example/admin/x",
        "https://h.example/%61dmin/x",
        "https://H.example/Admin/x",
        "https://h.example/a/%2e%2e/admin/x",
    ):
        assert parsed.may_be(address(url)), url
    assert not parsed.may_be(address("https://h.example/a"))


@pytest.mark.parametrize(
    "text", ["docs.python.org", "https://do*cs.org/", "ftp://h/", "https:///x"]
)
def test_what_is_no_pattern_says_so(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not like|is a star|stands alone"):
        url_pattern(text)
