"""Which model a name means, and what is missing when it means none."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from loopdeck.errors import UnknownModel
from loopdeck.models.prices import PriceBook
from loopdeck.models.vendors import (
    ANTHROPIC,
    GEMINI,
    LOCAL,
    OPENAI,
    SERVER_KEY,
    Vendor,
    is_address,
)
from loopdeck.ports import Clock, Model
from loopdeck.session.standing import IMPORTED_MODEL
from loopdeck.session.values import SCRIPTED

DEFAULT_MODEL = "claude-sonnet-5-5"
KEY, TOKEN, SERVER = "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL"
HOW = (
    f"Set {KEY} (or {TOKEN}) to your key, or {SERVER} to any server that speaks the Messages API, "
    "such as Ollama, LM Studio, vLLM or llama.cpp. `loopdeck demo` needs none of them."
)
OTHERS = "Or name another: openai:NAME, gemini:NAME, http://HOST:PORT#NAME, local:FILE.gguf."


@dataclass(frozen=True, slots=True)
class Terms:
    """How much a model may write at once, whether it shows its reasoning, and what it costs.

    `logs` is the folder for what a server of our own has to say.
    """

    prices: PriceBook | None = None
    max_tokens: int = 16_000
    thinking: bool = True
    logs: Path | None = None


def resolve(
    name: str,
    env: Mapping[str, str],
    *,
    clock: Clock,
    prices: PriceBook | None = None,
    pace: float = 1.0,
    max_tokens: int = 16_000,
    thinking: bool = True,
    logs: Path | None = None,
) -> Model:
    """The model called `name`, ready to be asked; nothing is loaded or connected yet.

    `scripted:NAME` is a script, `claude-…` and `anthropic:NAME` are that vendor's, `openai:NAME`
    and `gemini:NAME` those of theirs, `URL#NAME` is on the server there, `local:FILE` a file of
    weights. With a server of one's own in the environment any other name is that server's.
    Without `thinking` none is asked for. Raises `UnknownModel`.
    """
    if name.startswith(SCRIPTED):
        # The scripts and their data are of no use to a real run.
        from loopdeck.models.scripted import scripted_model

        return scripted_model(name, clock=clock, pace=pace)
    terms = Terms(prices, max_tokens, thinking, logs)
    if name.startswith(LOCAL) or is_address(name):
        return _own(name, env, terms)
    for vendor in (OPENAI, GEMINI):
        if name.startswith(vendor.prefix):
            return _served(vendor, name, env, terms)
    return _anthropic(name, env, terms)


def _anthropic(name: str, env: Mapping[str, str], terms: Terms) -> Model:
    from loopdeck.models.anthropic import AnthropicModel

    server = server_of(env)
    key, token = secret(env, KEY), secret(env, TOKEN)
    _refuse_unknown(name, env, server=server, secret_known=bool(key or token))
    return AnthropicModel(
        name,
        api_key=key or None,
        auth_token=token or None,
        base_url=server or None,
        max_tokens=terms.max_tokens,
        thinking=None if terms.thinking else False,
        prices=terms.prices,
    )


def _own(name: str, env: Mapping[str, str], terms: Terms) -> Model:
    """A model on a server or in a file of one's own."""
    if name.startswith(LOCAL):
        from loopdeck.models.local import LocalModel

        return LocalModel(name, max_tokens=terms.max_tokens, logs=terms.logs)
    from loopdeck.models.addressed import AddressedModel

    return AddressedModel(
        name, key=secret(env, SERVER_KEY), max_tokens=terms.max_tokens, prices=terms.prices
    )


def _served(vendor: Vendor, name: str, env: Mapping[str, str], terms: Terms) -> Model:
    from loopdeck.models.served import ServedModel
    from loopdeck.models.vendor_wire import dialect_of, wire_to

    model = name.removeprefix(vendor.prefix)
    if not model.strip() or not _can_be_sent(model, vendor):
        raise UnknownModel(
            "A model needs a name.", f"For example: --model {vendor.prefix}{vendor.example}."
        )
    key, url = key_of(vendor, env), url_of(vendor, env)
    if not key and url == vendor.url:
        raise UnknownModel(
            f"There is no key for the model “{name}”.",
            f"Set {vendor.keys[0]} to your key. `loopdeck demo` needs none.",
        )
    return ServedModel(
        name,
        model,
        wire_to(vendor, url, key),
        dialect_of(vendor, thinking=terms.thinking),
        max_tokens=terms.max_tokens,
        prices=terms.prices,
        seller=vendor.seller if url == vendor.url else None,
    )


def _can_be_sent(model: str, vendor: Vendor) -> bool:
    """One vendor takes the name as a part of an address, where it must not lead elsewhere."""
    inside = vendor is GEMINI and (".." in model or not set(model).isdisjoint("/?#%\\ "))
    return model.isprintable() and not inside


def _refuse_unknown(name: str, env: Mapping[str, str], *, server: str, secret_known: bool) -> None:
    if name.startswith(IMPORTED_MODEL):
        raise UnknownModel(
            f"The session came from elsewhere: “{name.removeprefix(IMPORTED_MODEL)}” is not asked.",
            "`loopdeck replay` shows it; `loopdeck run` begins anew with its goal.",
        )
    plain = name.removeprefix(ANTHROPIC.prefix)
    if not plain.strip() or not plain.isprintable():
        raise UnknownModel("A model needs a name.", f"For example: --model {DEFAULT_MODEL}.")
    if not server and not name.startswith(("claude-", ANTHROPIC.prefix)):
        raise UnknownModel(_stray(name, env), f"{HOW} {OTHERS} A name to try: {DEFAULT_MODEL}.")
    if not (server or secret_known):
        raise UnknownModel(f"There is no key for the model “{name}”.", f"{HOW} {OTHERS}")


def _stray(name: str, env: Mapping[str, str]) -> str:
    """What is missing for a name without its vendor, and without a server that could have it."""
    for vendor in (OPENAI, GEMINI):
        if vendor.makes(name):
            key = "" if key_of(vendor, env) else f" {vendor.keys[0]} is not set, too."
            return f"“{name}” is not named in full: it is {vendor.prefix}{name}.{key}"
    return f"Nobody is known to have the model “{name}”: {SERVER} names no server."


def server_of(env: Mapping[str, str]) -> str:
    """The Messages server of the environment, empty when there is none. Raises `UnknownModel`."""
    return _address(env, SERVER).removesuffix("/v1")  # the client adds it


def url_of(vendor: Vendor, env: Mapping[str, str]) -> str:
    """Where a vendor is, or what the environment puts in its place. Raises `UnknownModel`."""
    if vendor is ANTHROPIC:
        return server_of(env) or vendor.url
    given = (_address(env, variable) for variable in vendor.addresses)
    return next(filter(None, given), vendor.url)


def key_of(vendor: Vendor, env: Mapping[str, str]) -> str:
    """The key for a vendor, empty when there is none. Raises `UnknownModel`."""
    return next(filter(None, (secret(env, variable) for variable in vendor.keys)), "")


def _address(env: Mapping[str, str], variable: str) -> str:
    url = env.get(variable, "").strip()
    try:
        parts = urlsplit(url)
        fine = not url or (parts.scheme in ("http", "https") and bool(parts.hostname))
        _ = parts.port
    except ValueError:
        fine = False
    if not fine or not url.isprintable():
        raise UnknownModel(
            f"{variable} is not the address of a server: {url!r}.",
            "It looks like http://localhost:11434.",
        )
    return url.rstrip("/")


def secret(env: Mapping[str, str], variable: str) -> str:
    """A key of the environment, empty when there is none. Raises `UnknownModel`, never shows it."""
    value = env.get(variable, "").strip()
    if not value.isascii() or not value.isprintable() or " " in value:
        raise UnknownModel(
            f"{variable} holds characters that no key has.", "Copy the key again, without quotes."
        )
    return value
