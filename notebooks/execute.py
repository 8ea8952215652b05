"""Execute every notebook of this folder from a clean kernel and compare with what is stored.

Run ``python notebooks/execute.py``. Each notebook runs in a folder of its own. The exit status is 1 if a
notebook is not valid, a cell fails, or a printed text or table differs from what is stored; figures are not
compared. With ``--write`` the notebooks are stored as they came out instead.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

FOLDER = Path(__file__).resolve().parent
SECONDS = 300
"""Longest time one cell may take."""


def read(path: Path) -> NotebookNode:
    """A notebook.

    Raises:
        nbformat.ValidationError: it does not fit the format.
        ValueError: a cell has no name of its own.
    """
    text = path.read_text(encoding="utf-8")
    names = [cell.get("id") for cell in json.loads(text).get("cells", [])]
    if None in names or len(set(names)) < len(names):  # nbformat would mend this without a word
        raise ValueError(f"{path.name}: every cell needs an id of its own")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    return notebook


def executed(notebook: NotebookNode) -> NotebookNode:
    """The notebook as it comes out of a clean kernel, without what differs from run to run.

    Raises:
        CellExecutionError: a cell fails.
    """
    fresh = nbformat.from_dict(notebook)
    with TemporaryDirectory() as folder:
        client = NotebookClient(
            fresh, timeout=SECONDS, record_timing=False, resources={"metadata": {"path": folder}}
        )
        client.execute()
    return cleaned(fresh)


def cleaned(notebook: NotebookNode) -> NotebookNode:
    """The notebook without what belongs to the session: execution counts, and warnings about the machine."""
    notebook.metadata.language_info = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
            for output in cell.outputs:
                output.update({"execution_count": None} if "execution_count" in output else {})
    return notebook


def texts(notebook: NotebookNode) -> dict[str, str]:
    """What each code cell printed or showed, as plain text."""
    return {
        cell.id: "".join(_text(output) for output in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


def _text(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return str(output.text)
    data = output.get("data", {})
    return "" if "image/png" in data else f"{data.get('text/plain', '')}\n"


def differences(stored: NotebookNode, fresh: NotebookNode) -> Iterator[str]:
    """Lines that say where the text of two versions of a notebook differs."""
    before, after = texts(stored), texts(fresh)
    for name, text in after.items():
        old, new = before.get(name, "").splitlines(), text.splitlines()
        yield from unified_diff(old, new, f"{name}, stored", f"{name}, now", lineterm="", n=1)


def check(path: Path, *, write: bool) -> list[str]:
    """Execute one notebook; what is wrong with it, nothing if all is well.

    Args:
        path: the notebook.
        write: whether to store what came out, instead of comparing.
    """
    try:
        notebook = read(path)
        fresh = executed(notebook)
    except (CellExecutionError, ValueError, nbformat.ValidationError) as error:
        return [str(error)]
    if write:
        nbformat.write(fresh, path)
        return []
    return list(differences(notebook, fresh))


def main(arguments: Sequence[str] | None = None) -> int:
    """Execute all notebooks; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="store the outputs instead of comparing them")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=FOLDER, help="default: the folder of this script"
    )
    options = parser.parse_args(arguments)
    failed = False
    for path in sorted(options.folder.glob("*.ipynb")):
        problems = check(path, write=options.write)
        print(f"{path.name}: {'differs or fails' if problems else 'ok'}", *problems, sep="\n  ")
        failed = failed or bool(problems)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
