"""Fixtures for the tests of the loader."""

from __future__ import annotations

from pathlib import Path

import pytest

from tverretatlig_sim.scenario import files

from .small_world import PARAMETERS, World


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands in for the scenarios that come with the package."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "parameters.toml").write_text(PARAMETERS, encoding="utf-8")
    monkeypatch.setattr(files, "SHIPPED", folder)
    return folder


@pytest.fixture
def world(tmp_path: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The small world, with the working folder beside it so that messages show short paths."""
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return World(folder)
