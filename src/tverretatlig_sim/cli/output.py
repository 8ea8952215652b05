"""What commands print and write."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tverretatlig_sim.cli.options import ANOTHER_FOLDER, refusals
from tverretatlig_sim.i18n import Message, label

if TYPE_CHECKING:
    from tverretatlig_sim.show.files import Writer
    from tverretatlig_sim.show.rows import Document, Part, Sheet

WIDE = 110
"""Width of tables that do not go to a terminal, in characters, unless the variable COLUMNS says another."""


def give(sheet: Sheet, *, as_json: bool, out: Path | None = None) -> None:
    """Write a result to a folder, if there is one, and print it: as one JSON document, or for readers.

    Raises:
        Refusal: the files cannot be written.
    """
    from tverretatlig_sim.show.files import sheet_files

    if out is not None:
        write(out, sheet_files(sheet))
    if as_json:
        print_json(sheet.document)
    else:
        print_all(*sheet.parts, *written(out))


def print_json(document: Document | list[Document]) -> None:
    """Print one JSON document."""
    from tverretatlig_sim.show.render import as_json

    click.echo(as_json(document, ascii_only=_encoding() != "utf8"))


def print_all(*parts: Part) -> None:
    """Print tables and paragraphs."""
    from tverretatlig_sim.show.render import terminal

    shown = sys.stdout.isatty()
    width = shutil.get_terminal_size((WIDE, 24)).columns if shown or os.environ.get("COLUMNS") else WIDE
    click.echo(terminal(*parts, width=width, bold=shown, encoding=sys.stdout.encoding or "ascii"))


def _encoding() -> str:
    return (sys.stdout.encoding or "").lower().replace("-", "")


def written(folder: Path | None) -> list[str]:
    """A line that says where the results are, if there are any."""
    return ["", label("note.written", folder=folder)] if folder else []


def write(folder: Path, files: Mapping[str, Writer], advice: Message | str = ANOTHER_FOLDER) -> None:
    """Write files of results.

    Raises:
        Refusal: they cannot be written.
    """
    from tverretatlig_sim.show.files import write_folder

    with refusals(advice):
        write_folder(folder, files)
