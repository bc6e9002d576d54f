"""Work beside the keys: started when it may run, its errors shown, the app never taken down."""

import logging
from collections.abc import Awaitable, Callable

from textual.widget import Widget
from textual.worker import Worker

from loopdeck.app.notices import tell
from loopdeck.errors import LoopdeckError

log = logging.getLogger(__name__)


def start(
    widget: Widget, work: Callable[[], Awaitable[object]], group: str, *, only: bool = False
) -> Worker[None]:
    """Run `work` as long as the widget lives; `only` ends what runs in the same group."""

    async def guarded() -> None:
        try:
            await work()
        except LoopdeckError as error:
            tell(widget, error)
        except Exception as error:
            log.exception("%s failed", group)
            tell(widget, error)

    return widget.run_worker(guarded, group=group, exclusive=only, exit_on_error=False)
