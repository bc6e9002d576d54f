"""Which words of a changed line changed, so that the eye finds them."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

_TOKENS = re.compile(r"\w+|\s+|.", re.DOTALL)
_LONGEST = 400  # characters of a line that is compared word by word
_ALIKE = 0.4  # lines that share less than this are other lines, not changed ones

Span = tuple[int, int]


def changed(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Where the two differ; nothing where they have too little in common to be the same line."""
    if not old.strip() or not new.strip() or max(len(old), len(new)) > _LONGEST:
        return (), ()
    olds, news = _TOKENS.findall(old), _TOKENS.findall(new)
    matcher = SequenceMatcher(None, olds, news, autojunk=False)
    if matcher.quick_ratio() < _ALIKE or matcher.ratio() < _ALIKE:
        return (), ()
    blocks = [op for op in matcher.get_opcodes() if op[0] != "equal"]
    left = _spans(olds, [(low, high) for _, low, high, _, _ in blocks])
    return left, _spans(news, [(low, high) for _, _, _, low, high in blocks])


def _spans(tokens: Sequence[str], ranges: Iterable[Span]) -> tuple[Span, ...]:
    """Ranges of tokens as ranges of characters; a blank between two of them joins them."""
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    found: list[Span] = []
    for low, high in ranges:
        if low == high:
            continue
        if found and not "".join(tokens[starts.index(found[-1][1]) : low]).strip():
            found[-1] = (found[-1][0], starts[high])
        else:
            found.append((starts[low], starts[high]))
    return tuple(found)
