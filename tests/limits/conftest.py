"""Fixtures of the limit cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from .laboratory import Laboratory


@pytest.fixture
def lab(tmp_path: Path) -> Laboratory:
    """A laboratory in an empty folder."""
    return Laboratory(tmp_path)
