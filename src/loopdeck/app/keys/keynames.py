"""Names of keys: as textual has them, as people write them, as they are shown."""

from string import punctuation

from textual.keys import Keys

_ARROWS = {"left": "←", "right": "→", "up": "↑", "down": "↓"}
_MODIFIERS = ("alt", "ctrl", "hyper", "meta", "shift", "super")
_SYMBOLS = {
    "+": "plus",
    "-": "minus",
    "_": "underscore",
    "/": "slash",
    "@": "at",
    "!": "exclamation_mark",
    '"': "quotation_mark",
    "#": "number_sign",
    "$": "dollar_sign",
    "%": "percent_sign",
    "&": "ampersand",
    "'": "apostrophe",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
    "*": "asterisk",
    ",": "comma",
    ".": "full_stop",
    ":": "colon",
    ";": "semicolon",
    "<": "less_than_sign",
    "=": "equals_sign",
    ">": "greater_than_sign",
    "?": "question_mark",
    "[": "left_square_bracket",
    "\\": "backslash",
    "]": "right_square_bracket",
    "^": "circumflex_accent",
    "`": "grave_accent",
    "{": "left_curly_bracket",
    "|": "vertical_line",
    "}": "right_curly_bracket",
    "~": "tilde",
}
_CHARACTERS = {name: character for character, name in _SYMBOLS.items()}


def key_name(key: str) -> str:
    """The name textual gives a key that was written as people write it."""
    key = key.strip()
    if len(key) == 1:
        return _SYMBOLS.get(key, key)
    *modifiers, base = key.lower().removesuffix("++").split("+")
    if key.endswith("++"):
        modifiers, base = [*modifiers, base], "plus"
    if modifiers == ["shift"] and len(base) == 1 and base.isalpha():
        return base.upper()
    return "+".join((*modifiers, _SYMBOLS.get(base, base)))


def exists(name: str) -> bool:
    """Whether a terminal may send such a key."""
    *modifiers, base = name.split("+")
    if any(modifier not in _MODIFIERS for modifier in modifiers):
        return False
    plain = {value.split("+")[-1] for value in (key.value for key in Keys)}
    if len(base) == 1:
        return base.isprintable() and base not in punctuation and not base.isspace()
    return base in plain or base in _CHARACTERS


def spoken(name: str) -> str:
    """The key as people read it."""
    *modifiers, base = name.split("+")
    return "+".join((*modifiers, _ARROWS.get(base, _CHARACTERS.get(base, base))))


def written(name: str) -> str:
    """The key as it is written in a table of Markdown."""
    *modifiers, base = name.split("+")
    return "+".join((*modifiers, _CHARACTERS.get(base, base))).replace("|", "\\|")
