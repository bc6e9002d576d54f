"""Settings that every test shares: the same examples each time, no haste, little to collect."""

import gc
import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,  # the machine may be busy; speed is measured in bench/, not here
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("hunt", max_examples=3_000, deadline=None)
settings.load_profile("steady")

# The `python3` of a script is the one that runs the tests: the chooser that some machines have in
# its place takes ten times as long to start.
os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))

# Nobody outside is spoken to, so nobody outside is trusted: to read the hundred and fifty
# certificates of those who are takes longer than most tests of a client.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = str(Path(__file__).parent)

# A deck is a hundred thousand small objects. To go through them every 700 is a third of its test,
# and every 20,000 is a twentieth; few are in a circle, so they go without being looked for.
gc.set_threshold(300_000, 50, 50)


def pytest_collection_finish() -> None:
    """What was imported stays: nobody need look at it again."""
    gc.collect()
    gc.freeze()
