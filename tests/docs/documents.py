"""The documents of the project, and what stands in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

DOCUMENTS = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "experiments").glob("*.md")),
]
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\S+\.toml)\n")
"""First line of a TOML block that a reader is to save under that name."""


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text and the line of the document it starts in."""

    language: str
    text: str
    line: int


def blocks(document: Path) -> list[Block]:
    """The fenced blocks of a document, in order."""
    text = document.read_text(encoding="utf-8")
    return [Block(found[1], found[2], text.count("\n", 0, found.start(2))) for found in FENCE.finditer(text)]


def save_files(document: Path, folder: Path) -> list[Path]:
    """Save the TOML blocks of a document that begin with a file's name."""
    saved = []
    for block in blocks(document):
        name = FILE.match(block.text) if block.language == "toml" else None
        if name:
            saved.append(folder / name[1])
            saved[-1].parent.mkdir(parents=True, exist_ok=True)
            saved[-1].write_text(block.text, encoding="utf-8")
    return saved
