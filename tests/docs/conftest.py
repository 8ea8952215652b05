"""Makes the tools that write tables into the documents importable."""

from __future__ import annotations

import sys

from .documents import ROOT

sys.path.insert(0, str(ROOT / "tools"))
