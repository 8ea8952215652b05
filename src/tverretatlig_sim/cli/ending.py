"""How the command ends: with a status, at most one message, and no traceback for what users can mend."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import NoReturn, TextIO

FAILED, INTERRUPTED, TERMINATED = 1, 130, 143


def status_of(action: Callable[[], object]) -> int:
    """Do something and say with which status the program should end.

    Returns:
        0; 1 if the system failed; 2 if what was asked for cannot be done; 130 after Ctrl-C.
    """
    try:
        _listen()
        _open_streams()
        return _status_of(action)
    except KeyboardInterrupt:
        return _say(_stopped(), INTERRUPTED)
    except BrokenPipeError:
        _discard(sys.stdout)
        return FAILED
    except (OSError, MemoryError) as error:
        _discard(sys.stdout)
        return _say(_failed(error), FAILED)


def _status_of(action: Callable[[], object]) -> int:
    import click

    try:
        action()
        sys.stdout.flush()
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.exceptions.Exit as ending:
        sys.stdout.flush()
        return ending.exit_code
    except click.ClickException as error:
        from tverretatlig_sim.cli.spoken import show

        show(error)
        return error.exit_code
    return 0


def _stopped() -> str:
    from tverretatlig_sim.cli.language import told
    from tverretatlig_sim.language import say

    return told(say("Stopped before the end."))


def _failed(error: OSError | MemoryError) -> str:
    from tverretatlig_sim.cli.language import told
    from tverretatlig_sim.language import joined, say
    from tverretatlig_sim.language.system import reason_of

    if isinstance(error, MemoryError):
        return told(say("Error: {message}", message=say("not enough memory; try fewer runs")))
    file = "" if error.filename is None else str(error.filename)
    return told(say("Error: {message}", message=joined(": ", (file, reason_of(error)))))


def _listen() -> None:
    """Stop at the first Ctrl-C and let the tidying up after it run undisturbed."""

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(TERMINATED)

    if threading.current_thread() is not threading.main_thread():
        return  # signals go to the main thread
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, interrupt)


def _open_streams() -> None:
    """Have somewhere to write, also if a stream is closed or cannot show every letter."""
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _say(message: str, status: int) -> int:
    print(message, file=sys.stderr)
    return status


def _discard(stream: TextIO) -> None:
    """Send what is still to be written nowhere, so that Python does not stumble over it again at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):  # not a stream of the system's
        return
