"""The command ``tverretatlig``, and how it ends: with a status, at most one message, and no traceback."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

from tverretatlig_sim.i18n import Message, _, joined, reason_of

__all__ = ["main", "status_of"]

FAILED, INTERRUPTED = 1, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave the program with its exit status.

    Args:
        arguments: what follows the command's name; default: the program's own arguments.
    """

    def run() -> int:
        from tverretatlig_sim.cli.commands import tverretatlig  # slow to import; Ctrl-C is heeded meanwhile

        words = None if arguments is None else list(arguments)
        return tverretatlig.main(words, prog_name="tverretatlig", standalone_mode=False) or 0

    status = status_of(run)
    if status == INTERRUPTED:
        os._exit(status)  # after Ctrl-C inside an import, Python would end with a status of its own
    sys.exit(status)


def status_of(action: Callable[[], int]) -> int:
    """Do something and say with which status the program should end.

    Returns:
        The status that the action gives; 1 if the system failed; 2 if what was asked for cannot be done; 130
        after Ctrl-C, 143 after SIGTERM (usually by way of ``SystemExit``).
    """
    heard: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)

    before = _listen(hear)
    try:
        _open_streams()
        status = action()
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return _say(_("Stopped before the end."), INTERRUPTED)
    except BrokenPipeError:
        _discard_output()
        return FAILED
    except (OSError, MemoryError) as error:
        _discard_output()
        return _say(_("Error: {message}", message=_reason(error)), FAILED)
    except Exception as error:
        if (after := _status_after(error)) is not None:
            return after
        if heard:
            return 128 + heard[0]  # an import that was interrupted may fail in a way of its own
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _status_after(error: Exception) -> int | None:
    """Say what click has to say, if the error is one of its own."""
    import click

    if isinstance(error, click.Abort):
        return _say(_("Stopped before the end."), INTERRUPTED)
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    return None


def _listen(hear: Callable[[int, FrameType | None], None]) -> dict[int, signal.Handlers]:
    """Hear Ctrl-C and SIGTERM, unless they are ignored on purpose; gives who heard them before."""
    if threading.current_thread() is not threading.main_thread():
        return {}  # signals go to the main thread
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    heeded = {number: old for number, old in before.items() if old is not signal.SIG_IGN}
    for number in heeded:
        signal.signal(number, hear)
    return heeded  # type: ignore[return-value]


def _reason(error: OSError | MemoryError) -> Message:
    if isinstance(error, MemoryError):
        return _("not enough memory; try fewer runs")
    file = "" if error.filename is None else str(error.filename)
    return joined(": ", (file, reason_of(error)))


def _open_streams() -> None:
    """Have somewhere to write, also if a stream is closed or cannot show every letter."""
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _say(message: Message, status: int) -> int:
    print(str(message), file=sys.stderr)
    return status


def _discard_output() -> None:
    """Send what is still to be written nowhere, so that Python does not stumble over it again at its end."""
    with suppress(OSError, ValueError):  # not a stream of the system's
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
