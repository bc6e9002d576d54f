"""HTML as Markdown: what is read, what is not, and pages that are made to do harm."""

import pytest

from loopdeck.tools.web.page import markdown_of

BASE = "https://docs.example/a/"


def read(html: str) -> str:
    return markdown_of(html, BASE)


def test_a_page_becomes_markdown() -> None:
    html = """<!doctype html><html><head><title>A
      page</title><style>p{}</style><script>if (1 < 2) document.write("<p>no")</script></head>
    <body><h2>Hello &amp; <em>you</em></h2>
    <p>See <a href="../b?c=1">the
    docs</a>, <code>x = 1</code>.<p>Second.
    <ul><li>one<li>two<ul><li>deep</ul></ul><ol start=3><li><p>c</p></li><li>d</ol>
    <pre><code>def f():
        return 1
</code></pre><blockquote><p>quoted</p></blockquote>
    <table><tr><th>a<th>b</tr><tr><td>1<td>2</table><hr><img src=x alt="a cat"></body></html>"""
    assert read(html) == (
        "# A page\n\n## Hello & you\n\nSee [the docs](https://docs.example/b?c=1), `x = 1`.\n\n"
        "Second.\n\n- one\n- two\n  - deep\n3. c\n4. d\n\n```\ndef f():\n        return 1\n```\n\n"
        "> quoted\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n---\n\n[picture: a cat]"
    )


def test_what_stands_around_an_article_is_left_out() -> None:
    words = "This is what the page is about. " * 10
    around = "<nav>menu</nav><div role=navigation>more menu</div><footer>small print</footer>"
    html = f"<p>teaser</p><main><h1>Title</h1><p>{words}</p></main>{around}"
    assert read(html) == f"# Title\n\n{words.strip()}"


def test_a_page_of_nothing_but_a_menu_is_read_as_that() -> None:
    assert read("<nav><a href='/x'>to x</a></nav>") == "[to x](https://docs.example/x)"


def test_what_nobody_sees_is_not_read() -> None:
    hidden = "<p hidden>no</p><p aria-hidden=true>no</p><template>no</template><!-- no -->"
    assert read(f"<p>yes</p>{hidden}<noscript>no</noscript><svg><text>no</text></svg>") == "yes"


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "data:text/html,x", "#top", "", "http://[", "file:///etc/passwd"],
)
def test_a_link_that_leads_nowhere_is_its_words(href: str) -> None:
    assert read(f'<a href="{href}">words</a>') == "words"


def test_a_link_cannot_end_its_own_brackets() -> None:
    assert read('<a href="/x) [fake](http://evil.example">a</a>').count("](") == 1


def test_code_is_fenced_so_that_it_cannot_end_its_fence() -> None:
    assert read("<pre>```\nout?\n```</pre>") == "````\n```\nout?\n```\n````"


def test_tags_that_are_never_closed_or_never_opened_do_no_harm() -> None:
    assert read("</li></table></pre></main></a><p>words<b><i><a href=/x><pre>code") == (
        "words\n\n```\ncode\n```"
    )
    assert read("<body><p>before<script>rest of it") == "before"


def test_tables_that_lay_out_a_page_are_read_as_text() -> None:
    html = "<table><tr><td><p>First.</p><p>Second.</p></td></tr></table>"
    assert read(html) == "First.\n\nSecond."


def test_nesting_has_no_depth_that_is_too_much() -> None:
    assert read("<div>" * 5_000 + "x") == "x"
    assert read("<ul><li>" * 2_000 + "x").strip() == "- x"
    assert read("<blockquote>" * 2_000 + "x") == "> > > > > > x"
    assert read("<table><tr><td>" * 2_000 + "x") == "x"


def test_a_page_cannot_become_far_longer_than_it_is() -> None:
    text = markdown_of("<a href=x>a</a> " * 8_000, "https://e.example/" + "p" * 900 + "/")
    assert len(text) < 6_000_000
