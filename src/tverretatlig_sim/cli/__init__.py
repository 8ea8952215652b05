"""The command ``tverretatlig``."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave the program with its exit status.

    Args:
        arguments: what follows the command's name; default: the program's own arguments.
    """
    # Imports wait, so that Ctrl-C is met from the first moment on.
    from tverretatlig_sim.cli.ending import INTERRUPTED, status_of

    def run() -> None:
        from tverretatlig_sim.cli.commands import tverretatlig

        tverretatlig.main(
            None if arguments is None else list(arguments), prog_name="tverretatlig", standalone_mode=False
        )

    status = status_of(run)
    if status == INTERRUPTED:
        os._exit(status)  # after Ctrl-C inside an import, Python would end with a status of its own
    sys.exit(status)
