"""The Markdown document through a real reader: hostile text in every field makes no element."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from loopdeck.exporting.markdown import markdown
from loopdeck.session.records import Record
from tests.support.anyevent import any_records
from tests.support.planting import planted

OURS = {
    *("h1", "h2", "h3", "p", "strong", "em", "code", "pre", "blockquote", "br", "hr", "ul", "li"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary", "input"),
}
HOSTILE = (
    '<script>alert(1)</script><img src="http://x/y.png"> <a href="javascript:x">a</a>',
    "![x](http://x/y.png) [y](http://x) <http://x> [z]: http://x",
    "</details></summary></td></table><h1>x</h1>",
    "\n```\n~~~\n# big\n\n<b>x</b>\n\n| a | b |\n|---|---|\n",
    "a\n\n    indented\n\n---\n\n===\n\n- one\n1. two\n> three\n<!-- \n--> <u>x</u>",
    "`` ` ``` <i>x</i> ``` ` `` \\` <i>x</i> \\",
)


class Elements(HTMLParser):
    """The names of all elements, and every link and picture."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        if tag == "details":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            assert self.open
            self.open.pop()


def elements(text: str) -> Elements:
    """What a reader of CommonMark, tables and raw HTML makes of a document."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return Elements(reader.render(text))


@pytest.mark.parametrize("hostile", HOSTILE)
@settings(max_examples=15)
@given(records=any_records(max_size=6))
def test_no_text_of_a_session_becomes_an_element(hostile: str, records: list[Record]) -> None:
    found = elements(markdown([planted(record, hostile) for record in records]))
    assert found.names <= OURS
    assert found.open == []
