"""Relative links in the documents lead somewhere, and so do their anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .documents import DOCUMENTS, FENCE, NAMES, ROOT

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FOLDERS = ("docs", "experiments", "notebooks", "benchmarks", "tests", "src", "scenarios", "tools")
PATH = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*)`")
"""A file or folder of the repository named in running text."""


def prose(document: Path) -> str:
    """The document without its fenced blocks."""
    return FENCE.sub("", document.read_text(encoding="utf-8"))


def anchors(document: Path) -> set[str]:
    """Anchors of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def astray(document: Path) -> Iterator[str]:
    """Links that lead nowhere, and paths named in running text that do not exist."""
    for target in LINK.findall(prose(document)):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        aim = (document.parent / path) if path else document
        inside = aim.exists() and aim.resolve().is_relative_to(ROOT)
        if not inside or (anchor and anchor not in anchors(aim)):
            yield target
    yield from (path for path in PATH.findall(prose(document)) if not (ROOT / path).exists())


def test_links_and_paths_lead_somewhere() -> None:
    found = {name: list(astray(document)) for name, document in zip(NAMES, DOCUMENTS, strict=True)}
    assert {name: targets for name, targets in found.items() if targets} == {}
