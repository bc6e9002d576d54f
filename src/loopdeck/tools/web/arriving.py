"""The bytes of an answer as they come in: unpacked, counted while they are, and never too many."""

import zlib

from loopdeck.errors import ToolError

MOST_BYTES = 5_000_000  # of a page, unpacked
_PIECE = 65_536
PACKED = {"gzip": 31, "x-gzip": 31, "deflate": 47}  # how zlib is told
ACCEPTED = "gzip, deflate"


class Arrival:
    """Takes pieces of one body. `full` says that there was more than is kept."""

    def __init__(self, encoding: str, most: int = MOST_BYTES) -> None:
        wanted = encoding.strip().lower()
        if wanted not in ("", "identity", *PACKED):
            raise ToolError(f"The server sent the page packed as {wanted[:40]!r}, unasked.")
        self._packing = wanted if wanted in PACKED else ""
        self._inflater = zlib.decompressobj(PACKED[self._packing]) if self._packing else None
        self._most = most
        self._body = bytearray()

    @property
    def body(self) -> bytes:
        """What has come."""
        return bytes(self._body[: self._most])

    @property
    def full(self) -> bool:
        """True once more came than is kept."""
        return len(self._body) > self._most

    def take(self, data: bytes) -> None:
        """One piece off the wire. Raises `ToolError` for what is not packed as it says."""
        if self._inflater is None:
            self._body += data[: self._most + 1 - len(self._body)]
            return
        try:
            while data and not self.full and not self._inflater.eof:
                self._body += self._inflater.decompress(data, _PIECE)
                data = self._inflater.unconsumed_tail
        except zlib.error as error:
            if self._packing == "deflate" and not self._body:
                self._raw(data)
                return
            raise ToolError("The page cannot be unpacked: the server packed it wrongly.") from error

    def _raw(self, data: bytes) -> None:
        """Some servers send what is inside of `deflate` without its wrapping."""
        self._packing, self._inflater = "raw", zlib.decompressobj(-15)
        self.take(data)
