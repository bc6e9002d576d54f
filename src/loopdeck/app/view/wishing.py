"""The choices for a new session as fields of text, and back."""

from dataclasses import dataclass

from pydantic import ValidationError

from loopdeck.ports.wish import Wish
from loopdeck.session.levels import LEVEL_IN_SHORT
from loopdeck.session.values import Limits


@dataclass(frozen=True, slots=True)
class Field:
    """One choice: what it is called, and what it says while it is empty."""

    name: str
    hint: str


FIELDS = (
    Field("model", "claude-…, openai:…, gemini:…, http://HOST:PORT#NAME"),
    Field("level", ", ".join(f"{level} {words}" for level, words in LEVEL_IN_SHORT.items())),
    Field("folder", "where it works"),
    Field("check", "a command that passes once the goal is met; none"),
    Field("steps", "no limit"),
    Field("tokens", "no limit"),
    Field("cost", "no limit in dollars"),
    Field("minutes", "no limit"),
)
LIMITS = {"steps": "steps", "tokens": "tokens", "cost": "cost_usd", "minutes": "minutes"}


def texts_of(wish: Wish) -> dict[str, str]:
    """What stands in the fields."""
    limits = wish.limits.model_dump()
    texts = {name: _number(limits[field]) for name, field in LIMITS.items()}
    chosen = {"model": wish.model, "level": str(wish.level), "folder": wish.workspace}
    return {**chosen, "check": wish.check, **texts}


def wish_of(texts: dict[str, str]) -> Wish | str:
    """The choice that the fields make, or a sentence that says what is wrong with them."""
    clean = {name: text.strip() for name, text in texts.items()}
    if not clean["model"]:
        return "A session needs a model."
    if clean["level"] not in ("1", "2", "3", "4", "5"):
        return "The level is a number from 1 to 5."
    if not clean["folder"]:
        return "A session needs a folder to work in."
    given = {field: clean[name].replace(",", "") for name, field in LIMITS.items() if clean[name]}
    try:
        limits = Limits.model_validate_strings(given)
    except ValidationError as error:
        wrong = str(error.errors()[0]["loc"][0]).removesuffix("_usd")
        return f"The limit of {wrong} is a number above 0, or empty."
    return Wish(
        model=clean["model"],
        level=int(clean["level"]),
        workspace=clean["folder"],
        check=clean["check"],
        limits=limits,
    )


def summary(wish: Wish) -> str:
    """The choice in a few words."""
    used = {name: text for name, text in texts_of(wish).items() if name in LIMITS and text}
    limits = ", ".join(
        f"${text}" if name == "cost" else f"{text} {name}" for name, text in used.items()
    )
    check = f" · check: {wish.check}" if wish.check else ""
    level = f"level {wish.level}, {LEVEL_IN_SHORT[wish.level]}"
    return f"{wish.model} · {level} · {wish.workspace} · {limits or 'no limit'}{check}"


def _number(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
