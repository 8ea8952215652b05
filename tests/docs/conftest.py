"""Makes the tools that write tables into the documents importable, and the experiments one by one."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from .documents import ROOT

sys.path.insert(0, str(ROOT / "tools"))


Loaded = Callable[[str], ModuleType]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Loaded:
    """An experiment by name, loaded anew."""

    def loaded(name: str) -> ModuleType:
        monkeypatch.syspath_prepend(str(ROOT / "experiments"))
        for module in ("structures", name):
            sys.modules.pop(module, None)
        return importlib.import_module(name)

    return loaded
