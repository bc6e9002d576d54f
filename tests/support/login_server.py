"""An MCP server that wants a login, and the authorization server beside it, on this machine.

Both are small enough to lie: each answer can be replaced.
"""

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from httpx2 import AsyncClient

from loopdeck.permissions.urls import Address
from loopdeck.session.values import JsonObject

ACCESS, REFRESH = "access-7f3a9b12c5", "refresh-2d8e4410aa"


_Answer = tuple[int, dict[str, str], object]


@dataclass
class LoginServer:
    """What it was asked, in order; `says` replaces what it would answer at a path."""

    url: str = ""
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list[Any])
    says: dict[str, tuple[int, object]] = field(default_factory=dict[str, Any])
    metadata: JsonObject = field(default_factory=dict)
    challenge: str = ""
    returns: dict[str, str] = field(default_factory=dict)  # what a browser brings back instead
    token: str = ACCESS  # the one that is taken now
    lasts: int = 3_600
    given: int = 0
    told: str = ""  # at what address its resource metadata stand, if not at the usual one
    hellos: int = 0
    lets: str = ""  # a method that needs no token
    needs: str = ""  # a scope without which no tool runs
    scope: str = ""  # what was last asked for
    basic: str = ""  # who asked for a token last, as its header says

    def paths(self) -> list[str]:
        """What was asked for, without how."""
        return [path for _, path, _ in self.asked]

    def answer(self, method: str, path: str, form: dict[str, str], bearer: str) -> _Answer:
        """One answer: status, headers, body."""
        self.asked.append((method, path, form))
        if path in self.says:
            status, body = self.says[path]
            return status, {}, body
        match path:
            case "/mcp":
                return self._mcp(form, bearer)
            case "/.well-known/oauth-protected-resource/mcp":
                resource = {"resource": f"{self.url}/mcp", "authorization_servers": [self.url]}
                return 200, {}, resource
            case "/.well-known/oauth-authorization-server":
                return 200, {}, self._about()
            case "/register":
                return 201, {}, {"client_id": "client-1", **form, "redirect_uris": self._uris(form)}
            case "/authorize":
                return self._authorize(form)
            case "/token":
                return self._tokens(form)
            case _:
                return 404, {}, {}

    def _about(self) -> JsonObject:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "registration_endpoint": f"{self.url}/register",
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def _uris(self, form: dict[str, Any]) -> list[str]:
        return form.get("redirect_uris", [])

    def _authorize(self, form: dict[str, str]) -> _Answer:
        self.challenge, self.scope = form["code_challenge"], form.get("scope", "")
        back = {"code": "code-1", "state": form["state"], "iss": self.url, **self.returns}
        return 302, {"location": f"{form['redirect_uri']}?{urlencode(back)}"}, {}

    def _tokens(self, form: dict[str, str]) -> _Answer:
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] != REFRESH:
                return 400, {}, {"error": "invalid_grant"}
        else:
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            made = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if made != self.challenge or form["code"] != "code-1":
                return 400, {}, {"error": "invalid_grant"}
        self.given += 1
        self.token = f"{ACCESS}-{self.given}"
        tokens = {"access_token": self.token, "token_type": "bearer", "expires_in": self.lasts}
        return 200, {}, {**tokens, "refresh_token": REFRESH}

    def _mcp(self, form: dict[str, Any], bearer: str) -> _Answer:
        if bearer != self.token and form.get("method") != (self.lets or None):
            told = self.told or f"{self.url}/.well-known/oauth-protected-resource/mcp"
            return 401, {"www-authenticate": f'Bearer resource_metadata="{told}"'}, {}
        if form.get("method") == "tools/call" and self.needs not in self.scope:
            lacks = f'Bearer error="insufficient_scope", scope="{self.needs}"'
            return 403, {"www-authenticate": lacks}, {}
        self.hellos += 1
        result: JsonObject = {"tools": []}
        if form.get("method") == "initialize":
            result = {
                "protocolVersion": "2025-11-25",
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "kept", "version": "1"},
            }
        elif form.get("method") == "tools/list":
            result = {"tools": [{"name": "whoami", "inputSchema": {"type": "object"}}]}
        elif form.get("method") == "tools/call":
            result = {"content": [{"type": "text", "text": f"you showed {bearer}"}]}
        elif "id" not in form or form.get("method") == "server/discover":
            return (202 if "id" not in form else 404), {}, {}
        return 200, {}, {"jsonrpc": "2.0", "id": form["id"], "result": result}


@asynccontextmanager
async def wanting_login() -> AsyncGenerator[LoginServer]:
    """Serve it on a free port."""
    fake = LoginServer()

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = head.split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        method, target, _ = lines[0].split(" ")
        parts = urlsplit(target)
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        if bearer.startswith("Basic "):
            fake.basic = base64.b64decode(bearer.removeprefix("Basic ")).decode()
        form = _form(headers.get("content-type", ""), parts.query, body)
        status, more, said = fake.answer(method, parts.path, form, bearer)
        sent = said if isinstance(said, bytes) else json.dumps(said).encode()
        more = {"content-type": "application/json", "content-length": str(len(sent)), **more}
        top = "".join(f"{name}: {value}\r\n" for name, value in more.items())
        writer.write(f"HTTP/1.1 {status} x\r\nconnection: close\r\n{top}\r\n".encode() + sent)
        try:
            await writer.drain()
        except ConnectionError:
            return
        finally:
            writer.close()

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    fake.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield fake


def _form(kind: str, query: str, body: bytes) -> dict[str, Any]:
    if kind.startswith("application/json"):
        return json.loads(body)
    found = parse_qs(query or body.decode())
    return {name: values[0] for name, values in found.items()}


async def browse(_at: Address, url: str) -> None:
    """A human who says yes at once."""
    async with AsyncClient(follow_redirects=True, trust_env=False) as browser:
        await browser.get(url)
