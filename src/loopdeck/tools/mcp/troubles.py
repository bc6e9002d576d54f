"""What went wrong with a server, as a sentence that can be shown."""

from typing import cast

from loopdeck.errors import LoopdeckError
from loopdeck.visible import expose

MOST_ERROR = 300


def sentence(error: BaseException) -> str:
    """What went wrong, in words; of several at once the first."""
    match first(error):
        case LoopdeckError() as known:
            text = str(known)
        case FileNotFoundError() as missing:
            text = f"There is no program {missing.filename}"
        case OSError() as failed:
            text = f"It cannot be started: {failed.strerror or failed}"
        case other:
            text = str(other).strip() or type(other).__name__
    text = expose(text.splitlines()[0])[:MOST_ERROR]
    return text if text.endswith(".") else f"{text}."


def first(error: BaseException) -> BaseException:
    """The first of several that happened at once, or the one that did."""
    while isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        error = group.exceptions[0]
    return error
