"""The child process of a local model: serves one file on the loopback until its parent is gone."""

import sys
from importlib import import_module
from typing import Any


def main(file: str) -> None:
    """Load the file, say where it is served, and stay until standard input ends."""
    llama: Any = import_module("xllamacpp")  # has no types
    params = llama.CommonParams()
    params.model.path = file
    params.port = 0
    params.use_jinja = True  # without it the server takes no tools
    params.n_parallel = 1
    server = llama.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.buffer.read()


if __name__ == "__main__":
    main(sys.argv[1])
