"""Where a page may come from: every kind of address that is not of the public internet."""

from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from loopdeck.errors import ToolError
from loopdeck.permissions.urls import address
from loopdeck.tools.reach import (
    CARRIER,
    GROUP,
    LOCAL,
    LOOPBACK,
    PRIVATE,
    Reach,
    nature,
    sounds_near,
)


@pytest.mark.parametrize(
    ("ip", "what"),
    [
        ("127.0.0.1", LOOPBACK),
        ("127.8.8.8", LOOPBACK),
        ("0.0.0.0", LOOPBACK),
        ("::1", LOOPBACK),
        ("::", LOOPBACK),
        ("::ffff:127.0.0.1", LOOPBACK),
        ("::7f00:1", LOOPBACK),
        ("64:ff9b::7f00:1", LOOPBACK),
        ("2002:7f00:1::", LOOPBACK),
        ("10.0.0.1", PRIVATE),
        ("172.16.3.4", PRIVATE),
        ("192.168.1.1", PRIVATE),
        ("::ffff:10.0.0.1", PRIVATE),
        ("fc00::1", PRIVATE),
        ("fec0::1", PRIVATE),
        ("2001:0:53aa:64c::f5ff:fffe", PRIVATE),  # Teredo around 10.0.0.1
        ("100.64.0.1", CARRIER),
        ("169.254.169.254", LOCAL),
        ("::ffff:169.254.169.254", LOCAL),
        ("fd00:ec2::254", LOCAL),
        ("fe80::1", LOCAL),
        ("224.0.0.1", GROUP),
        ("255.255.255.255", GROUP),
        ("ff02::1", GROUP),
    ],
)
def test_an_address_of_no_public_place_is_called_what_it_is(ip: str, what: str) -> None:
    assert nature(ip_address(ip)) == what


@pytest.mark.parametrize("ip", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_nothing_else(ip: str) -> None:
    assert nature(ip_address(ip)) == ""


def reach(*found: str, named: Sequence[str] = ()) -> Reach:
    async def resolve(host: str, port: int) -> Sequence[str]:
        del host, port
        return found

    return Reach(resolve=resolve, named=lambda host: host in named)


async def test_the_first_answer_is_taken_if_all_are_fine() -> None:
    there = address("https://docs.example/")
    assert await reach("8.8.8.8", "1.1.1.1").place(there) == "8.8.8.8"
    for answers in (("8.8.8.8", "10.0.0.1"), ("127.0.0.1",), ("fe80::1%eth0",)):
        with pytest.raises(ToolError, match="nothing was fetched"):
            await reach(*answers).place(there)
    with pytest.raises(ToolError, match="There is no host"):
        await reach().place(there)


async def test_a_rule_that_names_the_host_lets_it_be_near() -> None:
    for url, ip, name in (
        ("http://wiki.corp.example/", "10.0.0.1", "wiki.corp.example"),
        ("http://localhost:8000/", "127.0.0.1", "localhost"),
        ("http://127.0.0.1/", "127.0.0.1", "127.0.0.1"),
        ("http://[::1]:80/", "::1", "::1"),
        ("http://169.254.169.254/", "169.254.169.254", "169.254.169.254"),
    ):
        assert await reach(ip, named=[name]).place(address(url)) == ip
        with pytest.raises(ToolError):
            await reach(ip).place(address(url))


@pytest.mark.parametrize("ip", ["127.0.0.1", "169.254.169.254", "::1", "224.0.0.1"])
async def test_a_name_never_stands_for_this_machine_or_for_credentials(ip: str) -> None:
    # Whoever owns a name that was allowed could let it lead there at any time.
    with pytest.raises(ToolError, match="rule"):
        await reach(ip, named=["docs.example"]).place(address("http://docs.example/"))


def test_a_name_may_say_by_itself_that_it_is_near() -> None:
    assert all(
        map(sounds_near, ("localhost", "printer", "nas.local", "10.0.0.1", "::1", "a.internal"))
    )
    assert not any(map(sounds_near, ("docs.python.org", "8.8.8.8", "local.example")))
