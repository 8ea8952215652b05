"""Tables of experiments in the documents, between markers."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))


def put(document: str, name: str, table: str) -> None:
    """Put a table between the markers ``<!-- name -->`` and ``<!-- /name -->`` of a document in docs/.

    Raises:
        ValueError: the document does not have both markers.
    """
    from generated import write

    write(ROOT / "docs" / document, name, table)
