"""The Python in the documents runs, without a warning; the scenario files in them are valid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tverretatlig_sim import load_scenario

from .documents import DOCUMENTS, NAMES, Block, blocks, save_files


def run(block: Block, name: str, namespace: dict[str, Any]) -> None:
    """Execute one block; a traceback shows the line of the document."""
    exec(compile("\n" * block.line + block.text, name, "exec"), namespace)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_python_runs(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    save_files(document, tmp_path)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(document):
        if block.language == "python":
            run(block, str(document), namespace)


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_scenario_files_are_valid(document: Path, tmp_path: Path) -> None:
    for path in save_files(document, tmp_path):
        if path.parent == tmp_path:
            load_scenario(path)
