"""Takes secrets out of text: known shapes of keys, and the exact values this machine keeps secret.

What is taken out leaves a mark, `‹redacted:KIND:TAG›`. The tag is keyed: equal secrets have equal
tags, and nobody without the key can try out guesses. This is best effort: a password without a
shape that no variable names is not recognised.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from loopdeck.permissions.secrets.guarding import Span, Stream
from loopdeck.permissions.secrets.keyshapes import SHAPES, WIDE, Shape, pattern_of
from loopdeck.permissions.secrets.places import is_sensitive
from loopdeck.permissions.secrets.values import dotenv_values, noted_values

SHORTEST = 8
_BOUNDARY = re.compile(r"[\s\"'<>]")
MARK = re.compile(r"‹redacted:[a-z0-9-]+:[0-9a-f]{8}›")


class Redactor:
    """Cleans text and JSON of secrets. `exact` are values that are secret wherever they stand."""

    def __init__(self, key: bytes = b"", exact: Iterable[str] = ()) -> None:
        self._key = key
        self._exact: list[tuple[str, str]] = []
        self._wide: list[str] = []
        self.hold = 0
        self.learn(exact)

    def learn(self, values: Iterable[str], lines: Iterable[str] = ()) -> None:
        """From now on these are secret too; `lines` only as they are, not inside base64."""
        forms = _forms({value for value in values if len(value) >= SHORTEST})
        forms |= {("line", line) for line in lines if len(line) >= SHORTEST}
        forms |= set(self._exact)
        self._exact = sorted(forms, key=lambda form: len(form[1]), reverse=True)
        self._wide = [value for _, value in self._exact if _BOUNDARY.search(value)]
        self.hold = max(map(len, self._wide), default=0)

    @property
    def pepper(self) -> str:
        """A value only this installation knows, for digests of what may hold a secret."""
        return self._tag("pepper", "", 64) if self._key else ""

    def clean(self, text: str) -> str:
        """The text with a mark in the place of each secret."""
        if len(text) < SHORTEST:
            return text
        for kind, value in self._exact:
            if value in text:
                text = text.replace(value, self.mark(kind, value))
        for shape in SHAPES:
            if shape.anchor in text:
                text = self._shaped(shape, text)
        return text

    def spans(self, text: str, *, wide: bool) -> Iterator[Span]:
        """Where secrets are; with `wide` only of those with spaces or quotes inside."""
        for value in self._wide if wide else [value for _, value in self._exact]:
            if value in text:
                yield from (found.span() for found in re.finditer(re.escape(value), text))
        shapes = [shape for shape in (WIDE if wide else SHAPES) if shape.anchor in text]
        for _, value in self._exact if shapes else ():
            text = text.replace(value, "‹" * len(value))  # `clean` too looks for shapes last
        for shape in shapes:
            yield from (found.span() for found in pattern_of(shape).finditer(text))

    def clean_json(self, value: Any) -> Any:
        """The same for every string inside a JSON value; one without secrets comes back itself."""
        if type(value) is str:
            return self.clean(value)
        if isinstance(value, dict):
            items = cast("dict[str, Any]", value)
            if kept := tuple(_kept_in(items)):
                self.learn(kept)
            fresh = {self.clean(name): self.clean_json(item) for name, item in items.items()}
            return items if fresh == items else fresh
        if isinstance(value, list):
            old = cast("list[Any]", value)
            new = [self.clean_json(item) for item in old]
            return old if new == old else new
        return value

    def mark(self, kind: str, secret: str) -> str:
        """What stands in the place of a secret."""
        return f"‹redacted:{kind}:{self._tag('secret', secret, 8)}›"

    def restored(self, edited: Any, original: Any) -> Any:
        """An edited value in which the marks of `original`'s own secrets are those secrets again.

        A human edits what the log shows; nothing but the very call they edit gives a secret back.
        """
        known = dict(self._marks(original))
        return _swapped(edited, known) if known else edited

    def stream(self) -> Stream:
        """A guard for text that comes in pieces."""
        return Stream(self)

    def _shaped(self, shape: Shape, text: str) -> str:
        def replaced(found: re.Match[str]) -> str:
            group = "key" if "key" in found.re.groupindex else 0
            secret = found[group]
            start, end = (at - found.start() for at in found.span(group))
            whole = found[0]
            return f"{whole[:start]}{self.mark(shape.kind, secret)}{whole[end:]}"

        return pattern_of(shape).sub(replaced, text)

    def _marks(self, value: Any) -> Iterator[tuple[str, str]]:
        """Every mark that cleaning the value leaves, and what it stands for."""
        for text in _strings(value):
            for kind, secret in self._exact:
                if secret in text:
                    yield self.mark(kind, secret), secret
            for shape in SHAPES:
                if shape.anchor not in text:
                    continue
                pattern = pattern_of(shape)
                group = "key" if "key" in pattern.groupindex else 0
                for found in pattern.finditer(text):
                    yield self.mark(shape.kind, found[group]), found[group]

    def _tag(self, use: str, text: str, length: int) -> str:
        data = f"{use}:{text}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, data, hashlib.sha256).hexdigest()[:length]


def _kept_in(items: Mapping[str, Any]) -> Iterator[str]:
    """The values in a file of secrets that a call is about to write."""
    path, content = items.get("path"), items.get("content")
    if isinstance(path, str) and isinstance(content, str) and is_sensitive(path):
        yield from dotenv_values(content)
        yield from noted_values(content)


def holds_mark(value: Any) -> bool:
    """Whether a value holds the mark of a secret: it cannot be run as it stands."""
    return any("‹redacted:" in text and MARK.search(text) for text in _strings(value))


def _forms(values: Iterable[str]) -> set[tuple[str, str]]:
    """Each value as it is, and the ways it looks inside base64."""
    forms: set[tuple[str, str]] = set()
    for value in values:
        forms.add(("value", value))
        forms.update(("base64", form) for form in _base64_forms(value) if len(form) >= SHORTEST)
    return forms


def _base64_forms(value: str) -> Iterator[str]:
    """What of it does not depend on its neighbours, for the three places it can stand at."""
    data = value.encode("utf-8", "surrogatepass")
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode(b"\0" * shift + data).decode()
            known = (shift + len(data)) * 8 // 6
            yield text[-(-shift * 8 // 6) : known]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in cast("dict[str, Any]", value).items():
            yield name
            yield from _strings(item)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _strings(item)


def _swapped(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return MARK.sub(lambda found: known.get(found[0], found[0]), value)
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {name: _swapped(item, known) for name, item in items}
    if isinstance(value, list):
        return [_swapped(item, known) for item in cast("list[Any]", value)]
    return value
