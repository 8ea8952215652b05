"""Tables in the documents that are written from the code, between two markers."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def markdown_table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def stored(document: Path, name: str) -> str:
    """What stands between the markers ``<!-- name -->`` and ``<!-- /name -->`` of a document.

    Raises:
        ValueError: the document does not have both markers.
    """
    text = document.read_text(encoding="utf-8")
    _, found, rest = text.partition(f"<!-- {name} -->\n")
    inside, ended, _ = rest.partition(f"\n<!-- /{name} -->")
    if not (found and ended):
        raise ValueError(f"{document.name} lacks the markers <!-- {name} --> and <!-- /{name} -->")
    return inside


def write(document: Path, name: str, table: str) -> None:
    """Put a table between the markers of a document."""
    text = document.read_text(encoding="utf-8")
    old, new = (f"<!-- {name} -->\n{body}\n<!-- /{name} -->" for body in (stored(document, name), table))
    document.write_text(text.replace(old, new), encoding="utf-8")


def command(document: str, name: str, table: str) -> None:
    """Print the table, or with ``--write`` put it into its document."""
    parser = argparse.ArgumentParser(description=f"The table “{name}” of {document}.")
    parser.add_argument("--write", action="store_true", help="write it into the document")
    if parser.parse_args().write:
        write(ROOT / document, name, table)
    else:
        print(table)
