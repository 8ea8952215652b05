"""The Python in the documents runs, without a warning; the scenario files in them are valid."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tverretatlig_sim import load_scenario

from .documents import DOCUMENTS, NAMES, ROOT, Block, blocks, save_files

QUICK = (
    "README.md",
    "docs/cite.md",
    "docs/frameworks/index.md",
    "docs/how-to/app.md",
)
MANY = re.compile(r"\b(runs=|trials=|stored_sets\(|part\(0, )(\d+)\b")


def few(found: re.Match[str]) -> str:
    """As few runs or sets as the code needs to work."""
    return f"{found[1]}{min(int(found[2]), 8)}"


def run(block: Block, name: str, namespace: dict[str, Any]) -> None:
    """Execute one block, with few runs unless it asserts; a traceback shows the line of the document."""
    text = block.text if "assert" in block.text else MANY.sub(few, block.text)
    exec(compile("\n" * block.line + text, name, "exec"), namespace)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in QUICK else pytest.mark.slow)
        for name, document in zip(NAMES, DOCUMENTS, strict=True)
        if any(block.language == "python" for block in blocks(document))
    ],
)
def test_python_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    save_files(ROOT / name, tmp_path)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(ROOT / name):
        if block.language == "python":
            run(block, name, namespace)


def test_scenario_files_are_valid(tmp_path: Path) -> None:
    valid = [
        load_scenario(path)
        for document in DOCUMENTS
        for path in save_files(document, tmp_path / document.stem)
        if path.parent == tmp_path / document.stem
    ]
    assert len(valid) > 3
