"""Of all that a server wrote before it ended, the line that says why."""

import pytest

from loopdeck.tools.mcp.stderr import Tail

NODE = """node:internal/modules/cjs/loader:1210
  throw err;
  ^

Error: Cannot find module '/no/index.js'
    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15) {
  code: 'MODULE_NOT_FOUND',
  requireStack: []
}

Node.js v20.20.2
"""


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Traceback (most recent call last):\n  File x\nKeyError: 'TOKEN'\n", "KeyError: 'TOKEN'"),
        (NODE, "Error: Cannot find module '/no/index.js'"),
        ("starting\nusage: serve FOLDER\n", "usage: serve FOLDER"),
        ("fatal: no \x1b[2J folder\nbye\n", "fatal: no ␛[2J folder"),
        (
            "npm error code E404\nnpm error A complete log of this run is in x\n",
            "npm error code E404",
        ),
        ("  \n", ""),
        ("", ""),
    ],
)
def test_the_line_that_says_why_is_found(said: str, why: str) -> None:
    tail = Tail(None)
    tail.add(said.encode())
    assert tail.reason() == why
