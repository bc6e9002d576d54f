"""Rows out of the pages of a SQLite file, one page at a time, whatever became of the others.

SQLite finds a row through other pages, and gives up where one of them is damaged or the file is
too short. A row itself is whole on its own page, so that nothing is lost but what was on a page
that is. The format is that of https://www.sqlite.org/fileformat2.html.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

PAGE_BYTES = 4096
_MAGIC = b"SQLite format 3\0"
_LEAF = 13  # a page with rows of a table
_FILE_HEADER = 100  # bytes, before the first page's own
_LOG_HEADER, _FRAME_HEADER = 32, 24
_WHOLE = (0, 1, 2, 3, 4, 6, 8)  # bytes of a whole number, by its type

Row = tuple[object, ...]


class _Broken(Exception):
    """These bytes are no row."""


@dataclass(frozen=True, slots=True)
class Pages:
    """A file and its log: `newer` are the pages that were committed to the log alone."""

    file: bytes
    newer: Mapping[int, bytes]
    size: int

    @classmethod
    def of(cls, file: bytes, log: bytes) -> "Pages":
        """The pages as the last commit left them, as far as they are there."""
        size = _page_size(file)
        return cls(file, _committed(log, size), size)

    @property
    def version(self) -> int:
        """The file's `user_version`, where its first page can tell."""
        first = self._page(1)
        return _number(first, 60, 4) if first.startswith(_MAGIC) else 0

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Every row of every table with its id; the columns tell which table it may be of."""
        last = max(len(self.file) // self.size, max(self.newer, default=0))
        for number in range(1, last + 1):
            yield from self._rows_of(self._page(number), _FILE_HEADER if number == 1 else 0)

    def _page(self, number: int) -> bytes:
        start = (number - 1) * self.size
        return self.newer.get(number) or self.file[start : start + self.size]

    def _rows_of(self, page: bytes, start: int) -> Iterator[tuple[int, Row]]:
        if len(page) < self.size or page[start] != _LEAF:
            return
        cells = start + 8
        for at in range(cells, cells + 2 * _number(page, start + 3, 2), 2):
            try:
                yield self._row(page, _number(page, at, 2))
            except (_Broken, IndexError, UnicodeDecodeError):
                continue

    def _row(self, page: bytes, at: int) -> tuple[int, Row]:
        length, at = _varint(page, at)
        ident, at = _varint(page, at)
        return ident, _columns(self._payload(page, at, length))

    def _payload(self, page: bytes, at: int, length: int) -> bytes:
        """The bytes of a row: a long one goes on in pages that each name the next."""
        most = self.size - 35
        if length <= most:
            return page[at : at + length]
        least = (self.size - 12) * 32 // 255 - 23
        here = least + (length - least) % (self.size - 4)
        here = here if here <= most else least
        parts, left = [page[at : at + here]], length - here
        next_page = _number(page, at + here, 4)
        while left > 0:
            more = self._page(next_page) if next_page else b""
            if len(more) < self.size:
                raise _Broken
            parts.append(more[4 : 4 + left])
            left -= self.size - 4
            next_page = _number(more, 0, 4)
        return b"".join(parts)


def _page_size(file: bytes) -> int:
    size = _number(file, 16, 2) if len(file) >= _FILE_HEADER else 0
    return size if size in (512, 1024, 2048, 4096, 8192, 16384, 32768) else PAGE_BYTES


def _committed(log: bytes, size: int) -> dict[int, bytes]:
    """The pages in a log up to its last commit; what comes after a break in it is not trusted."""
    found: dict[int, bytes] = {}
    fresh: dict[int, bytes] = {}
    salts, order = log[16:24], "big" if log[:4] == b"\x37\x7f\x06\x83" else "little"
    sums = _sums(log[:24], order, (0, 0))
    for at in range(_LOG_HEADER, len(log) - size - _FRAME_HEADER + 1, size + _FRAME_HEADER):
        head, page = log[at : at + _FRAME_HEADER], log[at + _FRAME_HEADER :][:size]
        sums = _sums(page, order, _sums(head[:8], order, sums))
        if head[8:16] != salts or sums != (_number(head, 16, 4), _number(head, 20, 4)):
            break
        fresh[_number(head, 0, 4)] = page
        if _number(head, 4, 4):  # the last page of a commit
            found |= fresh
            fresh = {}
    return found


def _sums(data: bytes, order: str, before: tuple[int, int]) -> tuple[int, int]:
    """The running check sum of a log."""
    one, two = before
    words = memoryview(data).cast("I")
    swapped = order != "little"
    for at in range(0, len(words) - 1, 2):
        first, second = words[at], words[at + 1]
        if swapped:
            first, second = _swap(first), _swap(second)
        one = one + first + two & 0xFFFFFFFF
        two = two + second + one & 0xFFFFFFFF
    return one, two


def _swap(word: int) -> int:
    return int.from_bytes(word.to_bytes(4, "little"), "big")


def _columns(data: bytes) -> Row:
    end, at = _varint(data, 0)
    kinds: list[int] = []
    while at < end:
        kind, at = _varint(data, at)
        kinds.append(kind)
    values: list[object] = []
    for kind in kinds:
        length = _length(kind)
        part = data[at : at + length]
        if len(part) < length:
            raise _Broken
        values.append(_value(kind, part))
        at += length
    return tuple(values)


def _length(kind: int) -> int:
    if kind < len(_WHOLE):
        return _WHOLE[kind]
    if kind == 7:  # a float
        return 8
    return (kind - 12) // 2 if kind >= 12 else 0


def _value(kind: int, part: bytes) -> object:
    if kind in (0, 7):  # a cost is the one float there is, and nothing that has to be saved
        return None
    if kind in (8, 9):
        return kind - 8
    if kind < len(_WHOLE):
        return int.from_bytes(part, "big", signed=True)
    return part.decode() if kind % 2 else part


def _number(data: bytes, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length], "big")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for place in range(9):
        byte = data[at + place]
        if place == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    raise _Broken
