"""Which model a name means, and what is missing when it means none."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from loopdeck.errors import UnknownModel
from loopdeck.models.anthropic import PREFIX as VENDOR
from loopdeck.models.anthropic import AnthropicModel
from loopdeck.models.prices import PriceBook
from loopdeck.ports import Clock, Model
from loopdeck.session.standing import IMPORTED_MODEL

DEFAULT_MODEL = "claude-sonnet-5-5"
SCRIPTED = "scripted:"
KEY, TOKEN, SERVER = "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL"
HOW = (
    f"Set {KEY} (or {TOKEN}) to your key, or {SERVER} to any server that speaks the Messages API, "
    "such as Ollama, LM Studio, vLLM or llama.cpp. `loopdeck demo` needs none of them."
)


def resolve(
    name: str,
    env: Mapping[str, str],
    *,
    clock: Clock,
    prices: PriceBook | None = None,
    pace: float = 1.0,
    max_tokens: int = 16_000,
    thinking: bool = True,
) -> Model:
    """The model called `name`, ready to be asked; nothing is loaded or connected yet.

    `scripted:NAME` is a script, `claude-…` and `anthropic:NAME` are the vendor's, and with a
    server of one's own any other name is that server's. Without `thinking` none is asked for.
    Raises `UnknownModel`.
    """
    if name.startswith(SCRIPTED):
        # The scripts and their data are of no use to a real run.
        from loopdeck.models.scripted import scripted_model

        return scripted_model(name, clock=clock, pace=pace)
    server = server_of(env)
    key, token = secret(env, KEY), secret(env, TOKEN)
    _refuse_unknown(name, server=server, secret_known=bool(key or token))
    return AnthropicModel(
        name,
        api_key=key or None,
        auth_token=token or None,
        base_url=server or None,
        max_tokens=max_tokens,
        thinking=None if thinking else False,
        prices=prices,
    )


def _refuse_unknown(name: str, *, server: str, secret_known: bool) -> None:
    if name.startswith(IMPORTED_MODEL):
        raise UnknownModel(
            f"The session came from elsewhere: “{name.removeprefix(IMPORTED_MODEL)}” is not asked.",
            "`loopdeck replay` shows it; `loopdeck run` begins anew with its goal.",
        )
    plain = name.removeprefix(VENDOR)
    if not plain.strip() or not plain.isprintable():
        raise UnknownModel("A model needs a name.", f"For example: --model {DEFAULT_MODEL}.")
    if not server and not name.startswith(("claude-", VENDOR)):
        raise UnknownModel(
            f"No model is called “{name}”.", f"{HOW} A name to try: {DEFAULT_MODEL}."
        )
    if not (server or secret_known):
        raise UnknownModel(f"There is no key for the model “{name}”.", HOW)


def server_of(env: Mapping[str, str]) -> str:
    """The base URL of the environment, empty when there is none. Raises `UnknownModel`."""
    url = env.get(SERVER, "").strip()
    try:
        parts = urlsplit(url)
        fine = not url or (parts.scheme in ("http", "https") and bool(parts.hostname))
        _ = parts.port
    except ValueError:
        fine = False
    if not fine or not url.isprintable():
        raise UnknownModel(
            f"{SERVER} is not the address of a server: {url!r}.",
            "It looks like http://localhost:11434.",
        )
    return url.rstrip("/").removesuffix("/v1")  # the client adds it


def secret(env: Mapping[str, str], variable: str) -> str:
    """A key of the environment, empty when there is none. Raises `UnknownModel`, never shows it."""
    value = env.get(variable, "").strip()
    if not value.isascii() or not value.isprintable() or " " in value:
        raise UnknownModel(
            f"{variable} holds characters that no key has.", "Copy the key again, without quotes."
        )
    return value
