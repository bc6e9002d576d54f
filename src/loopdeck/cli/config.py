"""The config file: TOML in, checked settings out."""

import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from loopdeck.errors import ConfigError
from loopdeck.session.faults import first_fault
from loopdeck.session.values import JsonObject, Limits


class Price(BaseModel):
    """USD per million tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: float = Field(ge=0)
    output: float = Field(ge=0)
    cache_read: float | None = Field(default=None, ge=0)
    cache_write: float | None = Field(default=None, ge=0)


class McpLogin(BaseModel):
    """Who Loopdeck is for a server's login, where it cannot register itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    client_id: str = ""
    client_secret: str = ""
    metadata_url: str = ""
    port: int = Field(default=0, ge=0, le=65_535)


class McpServer(BaseModel):
    """How an MCP server is reached: a command with its arguments, or an address."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: str = ""
    args: list[str] = Field(default_factory=list[str])
    env: dict[str, str] = Field(default_factory=dict)
    url: str = ""
    headers: dict[str, str] = Field(default_factory=dict)
    transport: Literal["stdio", "http", "sse", ""] = ""
    trusted: bool = False
    timeout: float = Field(default=120.0, gt=0, le=3_600)
    disabled: bool = False
    login: McpLogin = McpLogin()
    roots: bool = True
    sampling: Literal["never", "ask"] = "never"
    from_workspace: bool = False


class McpSettings(BaseModel):
    """The MCP servers of this person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    servers: dict[str, McpServer] = Field(default_factory=dict)


class WebSettings(BaseModel):
    """What the web is used for beside `web_fetch`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    search: bool = False
    search_usd: float = Field(default=0.01, ge=0)


class Settings(BaseModel):
    """Everything the config file may say; each part has a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str | None = None
    level: int = Field(default=3, ge=1, le=5)
    theme: str | None = None
    limits: Limits = Limits()
    keys: dict[str, str] = Field(default_factory=dict)
    prices: dict[str, Price] = Field(default_factory=dict)
    rule: list[JsonObject] = Field(default_factory=list[JsonObject])
    max_output_tokens: int = Field(default=16_000, ge=256)
    thinking: bool = True
    sandbox: bool = True
    motion: bool = True
    bell: bool = True
    notify: list[str] = Field(default_factory=list[str])
    spool_mb: int = Field(default=1_000, ge=0)
    mcp: McpSettings = McpSettings()
    web: WebSettings = WebSettings()


def load_settings(path: Path, *, named: bool) -> Settings:
    """The settings in a file; a missing file is fine unless the user named it."""
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        if named:
            raise ConfigError(f"There is no config file {path}.", "Check the path.") from None
        return Settings()
    except OSError as error:
        raise ConfigError(
            f"The config file {path} cannot be read: {error.strerror}.", "Name another: --config."
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"The config file {path} is not UTF-8 text.", "Save it again.") from error
    return parse_settings(text, str(path))


def parse_settings(text: str, name: str) -> Settings:
    """The settings in TOML text. Raises `ConfigError` with the place that is wrong."""
    try:
        data: Mapping[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name} is not valid TOML: {error}.", "See docs/config.md.") from error
    try:
        return Settings.model_validate(data, strict=True)
    except ValidationError as error:
        first, place, why = first_fault(error)
        close: list[str] = []
        if first["type"] == "extra_forbidden":
            close = get_close_matches(str(first["loc"][-1]), _names_at(first["loc"]), n=1)
        meant = f" Did you mean {close[0]}?" if close else ""
        raise ConfigError(f"{name}: {place}: {why}.{meant}", "See docs/config.md.") from error


def _names_at(place: tuple[int | str, ...]) -> Iterable[str]:
    """What may be said where something else was."""
    match place:
        case (_,):
            return Settings.model_fields
        case ("limits", _):
            return Limits.model_fields
        case ("web", _):
            return WebSettings.model_fields
        case ("prices", _, _):
            return Price.model_fields
        case ("mcp", _):
            return McpSettings.model_fields
        case ("mcp", "servers", _, _):
            return McpServer.model_fields
        case ("mcp", "servers", _, "login", _):
            return McpLogin.model_fields
        case _:
            return ()
