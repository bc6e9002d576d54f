"""Which machines a page may come from: a name is looked up once, and each answer is judged."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from loopdeck.errors import ToolError
from loopdeck.permissions.urls import Address

Ip = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_CARRIER = ip_network("100.64.0.0/10")
_TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))  # IPv4 in the last 32 bits
_OLD_TUNNELS = (ip_network("::/96"),)  # IPv4 there too, but for the loopback address itself
_BY_NAME = ("localhost", "local", "internal", "localdomain", "lan", "home.arpa", "intranet")


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as this machine knows them. Raises `OSError`."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def nothing_refused(_at: Address) -> str:
    """No rule forbids anything."""
    return ""


def nothing_named(_host: str) -> bool:
    """No rule names any host."""
    return False


LOOPBACK = "this very machine"
LOCAL = "an address of this network link, where machines also keep their credentials"
PRIVATE = "an address of a private network"
CARRIER = "an address inside of a provider's network"
GROUP = "an address of many machines at once"
NOWHERE = "no address of the public internet"


def nature(ip: Ip) -> str:
    """What keeps an address from being one of the public internet; empty for one that is."""
    inner = _within(ip)
    if inner is not None:
        return nature(inner)
    if ip.is_loopback or ip.is_unspecified:
        return LOOPBACK
    if ip.is_link_local or ip == ip_address("fd00:ec2::254"):
        return LOCAL
    if ip.is_multicast or ip == ip_address("255.255.255.255"):
        return GROUP
    if ip.version == 4 and ip in _CARRIER:
        return CARRIER
    if ip.is_private or (ip.version == 6 and ip.is_site_local):
        return PRIVATE
    return "" if ip.is_global and not ip.is_reserved else NOWHERE


def sounds_near(host: str) -> bool:
    """Whether a name alone says that it is one of this machine or of a private network."""
    try:
        return bool(nature(ip_address(host)))
    except ValueError:
        return "." not in host or any(host.endswith(f".{name}") for name in _BY_NAME)


def _within(ip: Ip) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if ip.version == 4:
        return None
    if inner := ip.ipv4_mapped or ip.sixtofour:
        return inner
    if ip.teredo:
        return ip.teredo[1]
    old = any(ip in net for net in _OLD_TUNNELS) and int(ip) > 1
    if old or any(ip in net for net in _TRANSLATED):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


@dataclass(frozen=True, slots=True)
class Reach:
    """How the web is reached.

    `refused` gives the rule that keeps a redirect from being followed, `named` says whether an
    allow rule of the human names this very host, so that it may be one of their own network.
    `nature` says what keeps a number from being one of the public internet.
    """

    resolve: Resolve = resolve
    refused: Callable[[Address], str] = nothing_refused
    named: Callable[[str], bool] = nothing_named
    nature: Callable[[Ip], str] = nature

    async def place(self, at: Address) -> str:
        """The one numeric address to connect to. Raises `ToolError` where nobody may go."""
        try:
            found = await self.resolve(at.host, at.port)
        except (OSError, UnicodeError) as error:
            raise ToolError(
                f"There is no host {at.host}, or it cannot be looked up now."
            ) from error
        if not found:
            raise ToolError(f"There is no host {at.host}.")
        for each in found:  # one bad answer among good ones is a trap, not a choice
            self._check(at, each)
        return found[0]

    def _check(self, at: Address, numeric: str) -> None:
        ip = ip_address(numeric.partition("%")[0])
        what = self.nature(ip)
        if not what:
            return
        literal = str(ip) == at.host
        here = ip.is_loopback and at.host == "localhost"
        kept = what in (PRIVATE, CARRIER)
        if (literal or here or kept) and self.named(at.host):
            return
        raise ToolError(
            f"{at.host} leads to {numeric}, which is {what}; nothing was fetched. Your human can "
            f"let it be fetched with a rule of their own that names the host: "
            f"allow web_fetch(domain:{at.host if kept or here else numeric})."
        )
