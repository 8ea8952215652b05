"""The script that executes the notebooks: what it compares, what it refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tverretatlig_sim import list_levers, list_scenarios

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbclient")

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.fixture
def execute(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(FOLDER))
    sys.modules.pop("execute", None)
    import execute

    return execute


def notebook(*outputs: dict[str, object]) -> Any:
    """A notebook with one code cell that has these outputs."""
    cell = nbformat.v4.new_code_cell("1", id="one", outputs=[nbformat.from_dict(one) for one in outputs])
    return nbformat.v4.new_notebook(cells=[cell])


def printed(text: str, name: str = "stdout") -> dict[str, object]:
    return {"output_type": "stream", "name": name, "text": text}


def shown(**data: str) -> dict[str, object]:
    kinds = {kind.replace("_", "/"): text for kind, text in data.items()}
    return {"output_type": "execute_result", "execution_count": 7, "metadata": {}, "data": kinds}


def test_chunks_of_a_stream_do_not_matter(execute: ModuleType) -> None:
    pieces, whole = notebook(printed("a\n"), printed("b\n")), notebook(printed("a\nb\n"))
    assert list(execute.differences(pieces, whole)) == []


@pytest.mark.parametrize("outputs", [[printed("2\n")], [shown(text_plain="2")], []])
def test_other_text_is_a_difference(execute: ModuleType, outputs: list[dict[str, object]]) -> None:
    assert list(execute.differences(notebook(printed("1\n")), notebook(*outputs)))


def test_figures_are_not_compared(execute: ModuleType) -> None:
    one, other = shown(text_plain="<Figure 1>", image_png="a"), shown(text_plain="<Figure 2>", image_png="b")
    assert list(execute.differences(notebook(one), notebook(other))) == []


def test_what_belongs_to_the_session_is_dropped(execute: ModuleType) -> None:
    cleaned = execute.cleaned(notebook(shown(text_plain="1"), printed("/home/me: warning", "stderr")))
    assert cleaned.cells[0].outputs == [{**shown(text_plain="1"), "execution_count": None}]


def test_cells_need_ids_of_their_own(execute: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "twice.ipynb"
    once = notebook()
    path.write_text(json.dumps({**once, "cells": [*once.cells, *once.cells]}), encoding="utf-8")
    assert execute.check(path, write=False) == ["twice.ipynb: every cell needs an id of its own"]


def test_stored_notebooks_are_whole(execute: ModuleType) -> None:
    for path in sorted(FOLDER.glob("*.ipynb")):
        stored = execute.read(path)
        code = [cell for cell in stored.cells if cell.cell_type == "code"]
        assert any(cell.outputs for cell in code), "stored without outputs"
        assert all(output.output_type != "error" for cell in code for output in cell.outputs)
        assert execute.cleaned(nbformat.from_dict(stored)) == stored


def test_the_lesson_is_the_same_in_both_languages_and_shows_titles(execute: ModuleType) -> None:
    english, norsk = (execute.read(FOLDER / f"{name}.ipynb") for name in ("lesson", "leksjon"))
    for one, other in zip(english.cells, norsk.cells, strict=True):
        assert (one.id, one.cell_type) == (other.id, other.cell_type)
        if one.cell_type == "code":
            assert one.source.replace('use_language("en")', 'use_language("nb")') == other.source
        else:
            assert one.source != other.source
    for made in (english, norsk):
        shown = " ".join(execute.texts(made).values())
        assert not [name for name in (*list_scenarios(), *list_levers()) if name in shown]
        assert "_" not in shown
