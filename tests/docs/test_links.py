"""Relative links in the documents lead somewhere, and so do their anchors."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_links_resolve(document: Path) -> None:
    for target in LINK.findall(prose(document)):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        aim = (document.parent / path) if path else document
        assert aim.exists(), target
        assert aim.resolve().is_relative_to(ROOT), target
        assert not anchor or anchor in anchors(aim), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_named_paths_exist(document: Path) -> None:
    missing = [path for path in PATH.findall(prose(document)) if not (ROOT / path).exists()]
    assert missing == []
