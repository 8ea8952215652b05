"""Compile the catalogues of words while the package is built or installed."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the compiled catalogues, which are not under version control."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile them and have them packed."""
        tool = runpy.run_path(str(Path(self.root) / "tools" / "compile_catalogues.py"))
        build_data["artifacts"] += [f"/{path.relative_to(self.root)}" for path in tool["compile_all"]()]
