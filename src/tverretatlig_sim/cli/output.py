"""What commands print and write."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tverretatlig_sim.cli.options import ANOTHER_FOLDER, refusals
from tverretatlig_sim.i18n import Message

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tverretatlig_sim.show.documents import Document
    from tverretatlig_sim.show.files import Writer

WIDE = 110
"""Width of tables that do not go to a terminal, in characters."""


def print_json(document: Document | list[Document]) -> None:
    """Print one JSON document."""
    from tverretatlig_sim.show.documents import as_json

    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    click.echo(as_json(document, ascii_only=not utf8))


def print_all(*parts: RenderableType) -> None:
    """Print tables and paragraphs; names stand as they are, whatever brackets they hold."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else WIDE
    console = Console(width=width, markup=False, emoji=False, highlight=False)
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    click.echo("\n".join(line.rstrip() for line in capture.get().splitlines()))


def write(
    folder: Path | None, files: Callable[[], Mapping[str, Writer]], advice: Message | str = ANOTHER_FOLDER
) -> None:
    """Write files of results, if there is a folder for them.

    Raises:
        Refusal: they cannot be written.
    """
    from tverretatlig_sim.show.files import write_folder

    if folder is not None:
        with refusals(advice):
            write_folder(folder, files())
