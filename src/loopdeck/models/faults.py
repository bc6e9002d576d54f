"""What a model server's errors mean for a person: a sentence, a next step, worth a retry or not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from loopdeck.errors import ContextFull, ModelError, ModelRejected, ModelUnavailable, NothingThere
from loopdeck.models.arguments import tidy

# An error inside a stream that began well has no status of its own; and one vendor says with the
# status of a rate limit, another with that of a wrong request, that the account is what is wrong.
STATUS_OF = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
    "invalid_api_key": 401,
    "model_not_found": 404,
    "context_length_exceeded": 413,
    "rate_limit_exceeded": 429,
    "server_error": 500,
    "INVALID_ARGUMENT": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
TRUER = {"insufficient_quota": 402, "context_length_exceeded": 413, "API_KEY_INVALID": 401}
PASSING = frozenset({408, 409, 425, 429})
TOO_LONG = re.compile(
    r"too long|too large|context (window|length|size)|exceeds? .*(context|token)", re.IGNORECASE
)
LONGEST_QUOTE = 300
SHORTEN = (
    "Start a new session with a smaller goal, or use a model with a larger context window: "
    "`loopdeck run --model NAME`."
)


@dataclass(frozen=True, slots=True)
class Server:
    """Who answers, for sentences: its name, where its key and its address are set, its protocol."""

    name: str
    key: str = "ANTHROPIC_API_KEY (or ANTHROPIC_AUTH_TOKEN)"
    address: str = "ANTHROPIC_BASE_URL"
    protocol: str = "the Messages API"


def from_status(
    status: int,
    kind: str,
    said: str,
    headers: Mapping[str, str],
    *,
    server: Server,
    model: str,
) -> ModelError:
    """The error for an HTTP status, or for the `kind` of an error inside a stream."""
    if status < 300:
        status = STATUS_OF.get(kind, 500)
    status = TRUER.get(kind, status)
    if status in PASSING or status >= 500:
        return ModelUnavailable(_passing(status, server.name), wait_s=wait_asked(headers))
    return _rejected(status, quoted(said), server, model)


HUNG_UP = frozenset({"ReadError", "WriteError", "CloseError", "RemoteProtocolError"})
"""The HTTP client's errors, by name, of a connection that was there: it takes long to load."""


def unreachable(server: Server, error: BaseException) -> ModelUnavailable:
    """The error for a connection that could not be made or was lost before an answer."""
    if {type(error).__name__, type(error.__cause__).__name__} & HUNG_UP:
        return ModelUnavailable(
            f"{server.name} took the request and hung up without an answer.",
            f"Check what the server itself says, and {server.address} if it is set.",
        )
    return ModelUnavailable(
        f"{server.name} cannot be reached.",
        f"Check the network, and {server.address} if it is set.",
    )


def silent(server: Server, seconds: float) -> ModelUnavailable:
    """The error for an answer that does not go on."""
    return ModelUnavailable(f"{server.name} sent nothing new for {seconds:g} seconds.")


def unreadable(server: Server) -> ModelUnavailable:
    """The error for an answer that breaks the protocol."""
    return ModelUnavailable(
        "The model server sent a reply that cannot be read.",
        f"If this goes on, check that {server.address} speaks {server.protocol}.",
    )


def cut_off() -> ModelUnavailable:
    """The error for an answer that ends before its end."""
    return ModelUnavailable("The reply was cut off before its end.", "Nothing of it was run.")


def wait_asked(headers: Mapping[str, str]) -> float | None:
    """The pause the server asks for, in seconds or as a date."""
    exact, about = headers.get("retry-after-ms"), headers.get("retry-after")
    for text, unit in ((exact, 0.001), (about, 1.0)):
        if text is not None and re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text.strip()):
            return float(text) * unit
    try:
        # Measured against the server's own clock, not against the one of this machine.
        end = parsedate_to_datetime(about or "")
        wait = (end - parsedate_to_datetime(headers.get("date", ""))).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(wait, 0.0)


def quoted(said: str) -> str:
    """The server's words on one line, and not too many of them."""
    line = " ".join(tidy(said).split()).rstrip(".")
    return line if len(line) <= LONGEST_QUOTE else line[:LONGEST_QUOTE] + "…"


def _passing(status: int, server: str) -> str:
    match status:
        case 429:
            return f"{server} says that too many requests came: its rate limit is reached."
        case 503 | 529:
            return f"{server} is overloaded."
        case 408 | 504:
            return f"{server} took too long to answer."
        case _:
            return f"{server} has a problem of its own (status {status})."


def _rejected(status: int, said: str, at: Server, model: str) -> ModelRejected:
    words, server = f": {said}." if said else ".", at.name
    match status:
        case 401:
            return ModelRejected(
                f"{server} does not accept the key{words}",
                f"Set {at.key} to a key that is valid for this server, and start again.",
            )
        case 402:
            return ModelRejected(
                f"{server} wants to be paid first{words}", "Look at the billing of your account."
            )
        case 403:
            return ModelRejected(
                f"{server} does not let this key use “{model}”{words}",
                "Use a key with that permission, or another model: `loopdeck run --model NAME`.",
            )
        case 404 | 405:
            return NothingThere(
                f"{server} knows no model “{model}”{words}",
                f"Check the name, and {at.address} if it is set.",
            )
        case 400 | 413 | 422 if status == 413 or TOO_LONG.search(said):
            return ContextFull(f"The conversation is too long for “{model}”{words}", SHORTEN)
        case _:
            return ModelRejected(
                f"{server} does not take this request (status {status}){words}",
                f"Try another model, or check that {at.address} speaks {at.protocol}.",
            )
