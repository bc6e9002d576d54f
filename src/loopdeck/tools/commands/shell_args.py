"""What `shell` takes: a command, for how long, where, and whether it stays."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, WithJsonSchema, field_validator, model_validator

from loopdeck.tools.arguments import Arguments

NAME = r"^(?:[a-z0-9][a-z0-9-]{0,23})?$"
"""The names that a service may have, or none."""


def _named(name: str) -> str:
    if not re.fullmatch(NAME, name):
        raise ValueError("a name is up to 24 small letters, digits and hyphens")
    return name


ServiceName = Annotated[
    str, AfterValidator(_named), WithJsonSchema({"type": "string", "pattern": NAME})
]

DEFAULT_TIMEOUT = 120
MAX_TIMEOUT = 600


class ShellArgs(Arguments):
    """What `shell` takes."""

    command: str = Field(
        min_length=1,
        max_length=100_000,
        description="A bash command. Each call is a fresh shell in the workspace, without input; "
        "what it leaves in the background ends with it, unless you name a service.",
    )
    timeout: int = Field(
        default=DEFAULT_TIMEOUT,
        ge=1,
        le=MAX_TIMEOUT,
        description="Seconds after which it is stopped.",
    )
    service: ServiceName = Field(
        default="",
        description="A short name: the command stays beside your next calls, as a server or a "
        "watcher has to, until you stop it with the tool `service`, or this run ends.",
    )
    reachable: bool = Field(
        default=False,
        description="With a service: your next calls reach it at localhost. It gets the network "
        "for that, which your human is asked about.",
    )
    outside_sandbox: bool = Field(
        default=False,
        description="Ask your human to run it outside the sandbox, after the sandbox blocked it.",
    )

    @model_validator(mode="after")
    def _is_a_service(self) -> Self:
        if self.reachable and not self.service:
            raise ValueError("only a service can be reachable: name it in `service`")
        return self

    @field_validator("command")
    @classmethod
    def _runnable(cls, command: str) -> str:
        if not command.strip():
            raise ValueError("the command is empty")
        if "\0" in command:
            raise ValueError("the command holds a NUL character")
        return command
