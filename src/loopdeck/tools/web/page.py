"""A page of HTML as Markdown: its words, headings, lists, links, tables and code, and no more."""

from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from urllib.parse import urljoin

from loopdeck.tools.web.markdown import Writer, joined

ENOUGH = 200  # letters of an article that make it the page
LONGEST_TITLE = 300
_UNREAD = frozenset(
    (
        *("script", "style", "template", "noscript", "svg", "math", "iframe", "object", "canvas"),
        *("audio", "video", "select", "textarea", "datalist", "dialog"),
    )
)
_AROUND = frozenset({"nav", "footer", "aside"})
_AROUND_ROLES = frozenset({"navigation", "contentinfo", "complementary", "search", "banner"})
_INNER = frozenset({"main", "article"})
_BLOCKS = frozenset(
    (
        *("p", "div", "section", "header", "article", "main", "figure", "figcaption", "details"),
        *("summary", "form", "fieldset", "address", "dl", "dt", "dd", "nav", "footer", "aside"),
        *("center", "body", "table", "thead", "tbody", "caption"),
    )
)
_LISTINGS = frozenset({"pre", "listing"})
_VOID = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
        *("track", "wbr"),
    )
)


def _rule(write: Writer) -> None:
    write.end()
    write.add("---")
    write.end()


def _code(write: Writer) -> None:
    write.add("`")


_BEGINNINGS: dict[str, Callable[[Writer], None]] = {
    **{f"h{level}": partial(Writer.heading, level=level) for level in range(1, 7)},
    **dict.fromkeys(("ul", "menu"), partial(Writer.begin_list, number=0)),
    **dict.fromkeys(_LISTINGS, Writer.begin_code),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), _code),
    "li": Writer.item,
    "blockquote": partial(Writer.quote, change=1),
    "br": Writer.end,
    "hr": _rule,
    "tr": Writer.end_row,
    "td": partial(Writer.cell, head=False),
    "th": partial(Writer.cell, head=True),
}
_ENDS: dict[str, Callable[[Writer], None]] = {
    **dict.fromkeys((*(f"h{level}" for level in range(1, 7)), "li"), Writer.end),
    **dict.fromkeys(("ul", "ol", "menu"), Writer.end_list),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), _code),
    **dict.fromkeys(("tr", "table"), Writer.end_row),
    "a": Writer.end_link,
    "blockquote": partial(Writer.quote, change=-1),
}


def markdown_of(html: str, base: str) -> str:
    """The page's text: the article where it has one, else all but what stands around it."""
    text = _read(html, base, whole=False)
    return text if len(text) >= ENOUGH else max(text, _read(html, base, whole=True), key=len)


def _read(html: str, base: str, *, whole: bool) -> str:
    page = _Page(base, whole=whole)
    page.feed(html)
    page.close()
    return page.text()


class _Page(HTMLParser):
    """Gathers the text of one page. With `whole` nothing counts as what stands around it."""

    def __init__(self, base: str, *, whole: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._writer = Writer()
        self._base = base
        self._whole = whole
        self._unread = ""  # the tag that is not read, and how often it was begun inside of itself
        self._depth = 0
        self._titles: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """What begins."""
        said = {name: value or "" for name, value in attrs}
        if self._unread:
            self._depth += tag == self._unread
        elif self._is_unread(tag, said):
            self._unread, self._depth = tag, 1
        elif tag == "title":
            self._in_title = not self._titles
        else:
            self._begin(tag, said)

    def handle_endtag(self, tag: str) -> None:
        """What ends; an end without a beginning is nothing."""
        if self._unread:
            self._depth -= tag == self._unread
            if not self._depth:
                self._unread = ""
        elif tag == "title":
            self._in_title = False
        else:
            self._end(tag)

    def handle_data(self, data: str) -> None:
        """Words."""
        if self._unread:
            return
        if self._in_title:
            self._titles.append(data[:LONGEST_TITLE])
        else:
            self._writer.add(data)

    def text(self) -> str:
        """The text, under the page's title."""
        self._writer.end_code() if self._writer.in_code else self._writer.end()
        blocks = self._writer.blocks
        inner = joined([block for block in blocks if block.inner])
        text = inner if len(inner) >= ENOUGH and not self._whole else joined(blocks)
        title = " ".join("".join(self._titles).split())[:LONGEST_TITLE]
        return text if not title or text.startswith(f"# {title}") else f"# {title}\n\n{text}"

    def _is_unread(self, tag: str, said: dict[str, str]) -> bool:
        if tag in _VOID:
            return False
        hidden = "hidden" in said or said.get("aria-hidden", "").lower() == "true"
        around = tag in _AROUND or said.get("role", "").lower() in _AROUND_ROLES
        return tag in _UNREAD or hidden or (around and not self._whole)

    def _begin(self, tag: str, said: dict[str, str]) -> None:
        write = self._writer
        if write.in_code:
            write.add("\n" if tag == "br" else "")
            return
        if tag in _BLOCKS:
            write.end()
        write.inner += tag in _INNER
        match tag:
            case "a":
                write.begin_link(self._absolute(said.get("href", "")))
            case "img":
                alt = said.get("alt", "").strip()
                write.add(f"[picture: {alt}]" if alt else "")
            case "ol":
                write.begin_list(_number(said.get("start", "1")))
            case _ if begin := _BEGINNINGS.get(tag):
                begin(write)
            case _:
                pass

    def _end(self, tag: str) -> None:
        write = self._writer
        if write.in_code:
            if tag in _LISTINGS:
                write.end_code()
            return
        if end := _ENDS.get(tag):
            end(write)
        elif tag in _BLOCKS:
            write.end()
        if tag in _INNER:
            write.inner = max(0, write.inner - 1)

    def _absolute(self, href: str) -> str:
        """Where a link leads; empty for one that leads nowhere else."""
        href = href.strip()
        if not href or href.startswith("#"):
            return ""
        try:
            url = urljoin(self._base, href)
        except ValueError:
            return ""
        if not url.startswith(("http://", "https://", "mailto:")):
            return ""
        return url.translate(_ESCAPES)


_ESCAPES = str.maketrans({" ": "%20", "(": "%28", ")": "%29", "\n": "", "\r": "", "\t": ""})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 else 1
