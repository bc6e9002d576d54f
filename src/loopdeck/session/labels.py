"""Makes what people type into a label: one line of a name, tags without blanks, none twice."""

from collections.abc import Iterable

from loopdeck.errors import UsageError
from loopdeck.session.plain import plain_text
from loopdeck.session.summary import Label

LONGEST_NAME = 200
LONGEST_TAG = 40
MOST_TAGS = 20


def label(name: str, tags: Iterable[str]) -> Label:
    """The label of a name and of texts that hold tags. Raises `UsageError`."""
    kept = " ".join(plain_text(name).split())
    if len(kept) > LONGEST_NAME:
        raise UsageError(
            f"A name has at most {LONGEST_NAME} characters; this one has {len(kept)}.",
            "Shorten it.",
        )
    return Label(kept, _tags(tags))


def _tags(tags: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for words in tags:
        for word in plain_text(words).replace(",", " ").split():
            tag = word.lstrip("#")
            if len(tag) > LONGEST_TAG:
                raise UsageError(f"A tag has at most {LONGEST_TAG} characters.", "Shorten it.")
            if tag:
                kept.setdefault(tag.casefold(), tag)
    if len(kept) > MOST_TAGS:
        raise UsageError(f"A session has at most {MOST_TAGS} tags.", "Take one away first.")
    return tuple(kept.values())
