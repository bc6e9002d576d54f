"""The decoys of a trial tell which of them was reached."""

import socket
import tempfile
from pathlib import Path

from loopdeck.tools.sandbox.listening import Decoys, decoys


def knock(kind: str, around: Decoys) -> None:
    """Do what a command in a sandbox must not be able to do."""
    if kind == "tcp":
        socket.create_connection(("127.0.0.1", around.port)).close()
    elif kind == "udp":
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"x", ("127.0.0.1", around.datagrams))
    else:
        name = around.names[0 if kind == "abstract" else 1]
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(name.replace("@", "\0", 1))


def test_each_way_in_is_noticed() -> None:
    words = {
        "tcp": "the network",
        "udp": "the network by UDP",
        "abstract": "a service on this machine",
        "file": "a service on this machine",
    }
    for kind, said in words.items():
        # A path in the folder of a test may be too long for a socket.
        with tempfile.TemporaryDirectory() as folder, decoys(Path(folder)) as around:
            assert around.reached() == ""
            knock(kind, around)
            assert around.reached() == said


def test_a_folder_that_is_too_deep_for_a_socket_is_no_trouble(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    with decoys(deep) as around:
        assert [name[0] for name in around.names] == ["@"]
