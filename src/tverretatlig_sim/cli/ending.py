"""How the command ends: with a status, at most one message, and no traceback for what users can mend."""

from __future__ import annotations

import _thread
import io
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import TextIO

FAILED, INTERRUPTED, TERMINATED = 1, 130, 143
PATIENCE = 5.0
"""Seconds that a command has for tidying up after a signal, undisturbed by others."""


def status_of(action: Callable[[], object]) -> int:
    """Do something and say with which status the program should end.

    Returns:
        0; 1 if the system failed; 2 if what was asked for cannot be done; 130 after Ctrl-C, 143 after SIGTERM
        (usually by way of ``SystemExit``).
    """
    ending = Ending()
    try:
        ending.listen()
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
    except Exception:
        if ending.asked is None:
            raise
        return ending.status  # an import that was interrupted may fail in a way of its own


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
        error.show()
        return error.exit_code
    return 0


def _stopped() -> str:
    from tverretatlig_sim.i18n import _

    return str(_("Stopped before the end."))


def _failed(error: OSError | MemoryError) -> str:
    from tverretatlig_sim.i18n import _, joined, reason_of

    if isinstance(error, MemoryError):
        return str(_("Error: {message}", message=_("not enough memory; try fewer runs")))
    file = "" if error.filename is None else str(error.filename)
    return str(_("Error: {message}", message=joined(": ", (file, reason_of(error)))))


class Ending:
    """How the command was asked to end, if it was.

    The exception that a signal raises may get lost where a library swallows it, as some do while they are
    imported. It is then raised once more, and in the end the process ends without.

    Attributes:
        asked: number of the signal.
    """

    def __init__(self) -> None:
        self.asked: int | None = None
        self._raised = -math.inf

    @property
    def status(self) -> int:
        """With which the program ends after its signal."""
        return 128 + (self.asked or 0)

    def listen(self) -> None:
        """Stop at the first Ctrl-C and let the tidying up after it run undisturbed."""
        if threading.current_thread() is not threading.main_thread():
            return  # signals go to the main thread
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        first, tidying = self.asked is None, time.monotonic() - self._raised < PATIENCE
        if tidying:
            return
        self.asked, self._raised = number, time.monotonic()
        if first:
            # Not threading.Thread: a signal may come while that module holds its lock.
            _thread.start_new_thread(self._insist, (number, threading.get_ident()))
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(TERMINATED)

    def _insist(self, number: int, main: int) -> None:
        time.sleep(PATIENCE)
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(main, number)  # wakes it if it waits for something
        else:
            _thread.interrupt_main(signal.Signals(number))
        time.sleep(PATIENCE)
        os._exit(self.status)


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
