"""No frame shows a pane without what it is there for."""

import pytest

from tests.app.screens import MEDIUM, NARROW, WIDE, deck, screen_text
from tests.support import stories


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE])
async def test_the_drawer_opens_with_all_that_is_in_it(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, frames = stories.waiting_for_two(), list[str]()
    before = stories.beginning()
    async with deck(before, size=size) as desk:

        def look(*_frame: object) -> None:  # a screen that is painted passes its frame to this
            frames.append(screen_text(desk.app))

        monkeypatch.setattr(desk.app, "_display", look)
        desk.journal.push(*whole[len(before) :])
        await desk.shows("% seen")
        await desk.pilot.pause()
    opened = [frame for frame in frames if "Approve?" in frame]
    assert opened
    empty = [at for at, frame in enumerate(opened) if "Hi Noor" not in frame]
    assert not empty, opened[empty[0]]
    assert all("asks because" in frame and "n deny" in frame for frame in opened)
