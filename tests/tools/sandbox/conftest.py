"""A workspace in a sandbox, for each backend that a test asks for."""

from pathlib import Path

import pytest

from loopdeck.tools.sandbox.backend import Backend
from tests.support.sandboxes import MakeYard, Yard, yard_of


@pytest.fixture
def yard(backend: Backend, tmp_path: Path) -> MakeYard:
    """Makes the workspace; skips the test where the backend does not hold."""

    async def make() -> Yard:
        return await yard_of(backend, tmp_path)

    return make
