"""An error in a widget or a worker ends the app, is told by whoever ran it, and draws nothing."""

import pytest
from textual.app import ComposeResult
from textual.widgets import Static

from loopdeck.app.safety import SafeApp


class Fragile(SafeApp[None]):
    """Has a widget that fails when a key is pressed, and a worker that fails."""

    BINDINGS = [("x", "break", "break"), ("w", "work", "work")]  # noqa: RUF012 - as textual has it

    def compose(self) -> ComposeResult:
        yield Static("all is well")

    def action_break(self) -> None:
        raise ZeroDivisionError("hunter2")

    def action_work(self) -> None:
        self.run_worker(self.work())

    async def work(self) -> None:
        raise ZeroDivisionError("hunter2")


@pytest.mark.parametrize("key", ["x", "w"])
async def test_point_13_a_fault_of_the_screen_is_kept_and_no_traceback_is_shown(
    key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = Fragile()
    with pytest.raises(Exception, match="hunter2"):  # noqa: PT012
        async with app.run_test() as pilot:
            await pilot.press(key)
            await pilot.pause()
    assert app.fault is not None
    assert "hunter2" in str(app.fault)
    out, err = capsys.readouterr()
    assert "hunter2" not in out + err
