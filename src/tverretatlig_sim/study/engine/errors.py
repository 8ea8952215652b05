"""What goes wrong with a store, said so that its owner can mend it."""

from __future__ import annotations

import errno
from pathlib import Path

from tverretatlig_sim.i18n import Message, _, joined, reason_of

FULL = (errno.ENOSPC, errno.EDQUOT)
READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)


class StoreError(Exception):
    """A store cannot be used, or not any further; what is in it stays.

    Attributes:
        advice: what to do next.
        system: whether the system failed, rather than what was asked for.
    """

    def __init__(self, message: Message | str, advice: Message | str = "", *, system: bool = False) -> None:
        super().__init__(message)
        self.advice = advice
        self.system = system


class DamagedPartError(Exception):
    """A part that is not what was written."""


def write_failure(folder: Path, error: OSError) -> StoreError:
    """Why nothing can be written to a store."""
    if error.errno in FULL:
        advice = _("Finished parts are kept. Free some space, then resume.")
        return StoreError(_("{folder}: the disk is full", folder=folder), advice, system=True)
    reason = reason_of(error)
    if error.errno in READ_ONLY:
        what = _("{folder}: cannot be written to ({reason})", folder=folder, reason=reason)
        advice = _("Make the folder writable, or give another with --store.")
        return StoreError(what, advice, system=True)
    advice = _("Finished parts are kept. Mend it, then resume.")
    return StoreError(joined(": ", (str(folder), reason)), advice, system=True)
