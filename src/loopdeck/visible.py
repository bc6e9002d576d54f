"""Makes what acts or hides in text from outside visible, without knowing where it will be shown.

Nothing is dropped, because dropping would hide the attack: an escape shows as `␛`, an invisible
character as `⟨U+202E⟩`. Tabs and line feeds stay.
"""

import re
import unicodedata
from itertools import groupby

MARKS = 4  # combining marks that may stand on one letter
_MANY = 24  # kinds of hostile characters above which one pass beats one pass a kind

# Ranges of code points that act on the terminal, reorder text or cannot be seen.
_HOSTILE = (
    (0x00, 0x08),  # C0 before the tab
    (0x0B, 0x1F),  # C0 after the line feed: carriage return and escape among them
    (0x7F, 0x9F),  # DEL and C1
    (0xAD, 0xAD),  # soft hyphen
    (0x34F, 0x34F),  # combining grapheme joiner
    (0x61C, 0x61C),  # Arabic letter mark
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),  # Khmer vowels without a shape
    (0x180B, 0x180F),  # Mongolian selectors and separator
    (0x200B, 0x200C),  # zero width
    (0x200E, 0x200F),  # direction marks
    (0x2028, 0x202E),  # line and paragraph separators, bidi embeddings and overrides
    (0x2060, 0x206F),  # joiners, invisible operators, bidi isolates
    (0x3164, 0x3164),  # Hangul filler
    (0xD800, 0xDFFF),  # surrogates without a partner
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFA0, 0xFFA0),  # halfwidth Hangul filler
    (0xFFF0, 0xFFFB),  # unassigned specials, interlinear annotation
    (0xFFFE, 0xFFFF),  # not characters
    (0x1BCA0, 0x1BCA3),  # shorthand format controls
    (0x1D173, 0x1D17A),  # musical format controls
    (0xE0000, 0xE0FFF),  # tags and more variation selectors
)


def _class(ranges: tuple[tuple[int, int], ...]) -> str:
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


_EMOJI = (
    r"\u203c\u2049\u20e3\u2100-\u23ff\u2460-\u27bf\u2900-\u2bff\u3030\u303d\u3297\u3299"
    r"\U0001f000-\U0001faff"
)
# A selector may pick the look of the one sign before it; anywhere else it carries hidden data.
_STRAY_SELECTOR = rf"[\ufe00-\ufe0d]|(?<![{_EMOJI}])[\ufe0e\ufe0f]"
# A joiner between two pictures makes one of them; it has nothing to hide there.
_PICTURE = r"\u2194\u2195\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_STRAY_JOINER = rf"(?<![{_PICTURE}])(?<![{_PICTURE}]\ufe0f)\u200d|\u200d(?![{_PICTURE}])"
_STRAY = f"{_STRAY_SELECTOR}|{_STRAY_JOINER}"
HOSTILE_CLASS = _class(_HOSTILE)
"""The hostile ranges as the inside of a regular expression's character class."""

_ACTS = re.compile(f"[{HOSTILE_CLASS}]|{_STRAY}")
_ASCII_ACTS = re.compile(r"[^\n\t -~]")
_HOSTILE_ONE = re.compile(f"[{HOSTILE_CLASS}]")
_STRAY_ONE = re.compile(_STRAY)
# Where a pile of marks can be: signs outside the blocks of plain punctuation and pictures.
_PILE = re.compile(
    r"[^\w\s\x00-\u02ff\u2010-\u20cf\u2100-\u2ddf\u2e00-\u3029\u3030-\u3098"
    rf"\ue000-\ufb1d\ufe10-\ufe1f\ufe30-\uffff\U0001f000-\U0001faff]{{{MARKS + 1},}}"
)


def expose(text: str) -> str:
    """The text with everything that acts or hides made visible."""
    if text.isascii():
        return _expose(text) if _ASCII_ACTS.search(text) else text
    if _ACTS.search(text):
        text = _expose(text)
    return _PILE.sub(_cap, text)


def token(character: str) -> str:
    """What is shown in the place of a hostile character."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"


def escape(line: str) -> str:
    """The same JSON, in which what acts or hides is an escape, so that reading it gives it back."""
    if line.isascii() and "\x7f" not in line:
        return line  # JSON escapes the other controls itself
    return _HOSTILE_ONE.sub(_escape_of, line)


def _escape_of(match: re.Match[str]) -> str:
    pairs = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{pairs[at : at + 4]}" for at in range(0, len(pairs), 4))


def _expose(text: str) -> str:
    text = text.replace("\r\n", "\n")
    text = _STRAY_ONE.sub(_token_of, text)
    hostile = [one for one in set(text) if _HOSTILE_ONE.match(one)]
    if len(hostile) > _MANY:
        text = text.translate(_Tokens({ord(one): token(one) for one in hostile}))
    else:
        for one in hostile:
            text = text.replace(one, token(one))
    return text


class _Tokens(dict[int, str]):
    """A table for `str.translate`: an exception for each clean character would be slow."""

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, chr(code))


def _token_of(match: re.Match[str]) -> str:
    return token(match[0])


def _cap(match: re.Match[str]) -> str:
    kept: list[str] = []
    for marks, run in groupby(match[0], _is_mark):
        pile = "".join(run)
        kept.append(pile[:MARKS] if marks else pile)
        if marks and len(pile) > MARKS:
            kept.append(f"⟨+{len(pile) - MARKS} marks⟩")
    return "".join(kept)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")
