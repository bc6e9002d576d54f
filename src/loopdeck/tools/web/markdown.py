"""Markdown, written block by block as a page is read: no tree, so no nesting is too deep for it."""

import re
from typing import Final, Literal, NamedTuple

MOST = 4_000_000  # characters; a page can be made to become far longer than it is
DEEPEST = 6  # list, or quotation in a quotation; what lies deeper is shown there
LONGEST_LINK = 1_000
_SPACE: Final = re.compile(r"[ \t\r\n\f\v]+")
_RAGGED: Final = re.compile(r"[ \t]+\n")

Kind = Literal["text", "item", "row", "code"]


class Block(NamedTuple):
    """A paragraph or the like; `inner` says that it is of the page's own article."""

    kind: Kind
    text: str
    inner: bool


class Writer:
    """Takes words and where blocks begin and end. Beginnings without an end do no harm."""

    def __init__(self) -> None:
        self.inner = 0
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._prefix = ""
        self._lists: list[int] = []  # 0 for bullets, else the number of the next item
        self._quotes = 0
        self._code = False
        self._link: tuple[int, str] | None = None
        self._cells: list[int] | None = None  # where the cells of a row begin among the words
        self._head = False
        self._left = MOST

    @property
    def in_code(self) -> bool:
        """Whether spaces and line ends count."""
        return self._code

    def add(self, words: str) -> None:
        """Words that belong to the block."""
        if self._left > 0:
            self._left -= len(words)
            self._words.append(words if self._code else _SPACE.sub(" ", words))

    def end(self, kind: Kind = "text") -> None:
        """End the block, if it says anything."""
        self.end_link()
        self._cells, self._head = None, False
        text = "".join(self._words)
        self._words = []
        text = text if self._code else _closed(_SPACE.sub(" ", text).strip())
        if not text.strip():
            return
        if self._prefix and kind == "text":
            kind = "item" if self._lists else "text"
        quote = "> " * min(self._quotes, DEEPEST)
        self._put(kind, f"{quote}{self._prefix}{text}")
        self._prefix = ""

    def heading(self, level: int) -> None:
        """Begin a heading."""
        self.end()
        self._prefix = f"{'#' * level} "

    def begin_list(self, number: int) -> None:
        """Begin a list of bullets (0) or numbers."""
        self.end()
        self._lists.append(number)

    def end_list(self) -> None:
        """End the innermost list."""
        self.end()
        self._prefix = ""
        if self._lists:
            self._lists.pop()

    def item(self) -> None:
        """Begin an item."""
        self.end()
        number = self._lists[-1] if self._lists else 0
        if number:
            self._lists[-1] += 1
        depth = min(max(len(self._lists), 1), DEEPEST) - 1
        self._prefix = f"{'  ' * depth}{number}. " if number else f"{'  ' * depth}- "

    def quote(self, change: int) -> None:
        """Begin (1) or end (-1) a quotation."""
        self.end()
        self._quotes = max(0, self._quotes + change)

    def begin_code(self) -> None:
        """Begin lines that stay as they are."""
        self.end()
        self._code = True

    def end_code(self) -> None:
        """End them."""
        text = _RAGGED.sub("\n", "".join(self._words)).strip("\n")
        self._words, self._code, self._link, self._prefix = [], False, None, ""
        if text.strip():
            fence = "```"
            while fence in text:
                fence += "`"
            self._put("code", f"{fence}\n{text}\n{fence}")

    def begin_link(self, url: str) -> None:
        """Words that follow lead to `url`."""
        self.end_link()
        if url and len(url) <= LONGEST_LINK and not self._code:
            self._link = (len(self._words), url)

    def end_link(self) -> None:
        """No words that follow do."""
        if self._link is None:
            return
        (at, url), self._link = self._link, None
        text = "".join(self._words[at:])
        words = _SPACE.sub(" ", text).strip()
        if words and words != url:
            self._left -= len(url)
            after = " " if text.endswith(" ") else ""
            before = " " if text.startswith(" ") else ""
            self._words[at:] = [f"{before}[{words}]({url}){after}"]

    def cell(self, *, head: bool) -> None:
        """Begin a cell of the row."""
        self.end_link()
        if self._cells is None:
            self.end()
            self._cells = []
        self._head = self._head or head
        self._cells.append(len(self._words))

    def end_row(self) -> None:
        """End the row; one whose cells hold blocks of their own is what these are."""
        self.end_link()
        starts, head = self._cells, self._head
        if starts is None or len(starts) < 2:
            self.end()
            return
        ends = [*starts[1:], len(self._words)]
        pairs = zip(starts, ends, strict=True)
        cells = [_SPACE.sub(" ", "".join(self._words[a:b])).strip() for a, b in pairs]
        self._words, self._cells, self._head = [], None, False
        if any(cells):
            rule = f"\n|{' --- |' * len(cells)}" if head else ""
            self._put("row", f"| {' | '.join(map(_closed, cells))} |{rule}")

    def _put(self, kind: Kind, text: str) -> None:
        if self._left > -MOST:
            self.blocks.append(Block(kind, text, self.inner > 0))


def joined(blocks: list[Block]) -> str:
    """The text of blocks: items and rows stand close together."""
    text: list[str] = []
    before = ""
    for block in blocks:
        close = block.kind == before and block.kind in ("item", "row")
        text += [("\n" if close else "\n\n") if text else "", block.text]
        before = block.kind
    return "".join(text)


def _closed(text: str) -> str:
    """The text with what was begun as code and not ended."""
    return text + "`" if text.count("`") % 2 else text
