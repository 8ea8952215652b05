"""The pictures of ``docs/gallery.md``, made by the code that stands above them.

Run ``python tools/gallery.py`` to see which there are, with ``--write`` to draw them anew (a minute or two).
Nothing depends on their bytes; none is larger than ``MOST`` bytes.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from PIL import Image

PAGE = Path(__file__).resolve().parents[1] / "docs" / "gallery.md"
PART = re.compile(r"^```python\n(?P<code>.*?)^```$|^!\[[^\]]*\]\((?P<picture>[^)]+)\)$", re.M | re.S)
"""Code, or a picture of the figure that the code before it made."""
MOST = 60 * 1024
"""Largest file, in bytes."""
DPI = 75
"""Resolution: 960 pixels a figure."""
COLOURS = (192, 128, 96, 64)
"""Colours of a picture; fewer are tried until it is small enough."""


def parts() -> Iterator[tuple[str, Path | None]]:
    """Code and pictures of the page, in order: one of the two is empty."""
    for found in PART.finditer(PAGE.read_text(encoding="utf-8")):
        picture = found["picture"]
        yield found["code"] or "", PAGE.parent / picture if picture else None


def save(figure: Figure, path: Path) -> None:
    """Write a figure as a small PNG."""
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=DPI)
    with Image.open(path) as image:
        drawn = image.convert("RGB")
    for colours in COLOURS:
        drawn.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST:
            return
    raise SystemExit(f"{path.name}: {path.stat().st_size} bytes, at most {MOST}")


def main() -> None:
    """Show or draw the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="draw the pictures anew")
    asked = parser.parse_args()
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for code, picture in parts():
        if picture is None and asked.write:
            exec(compile(code, str(PAGE), "exec"), namespace)
        elif picture is not None:
            if asked.write:
                save(namespace["figure"], picture)
            print(picture.relative_to(PAGE.parent), picture.stat().st_size if picture.exists() else "missing")


if __name__ == "__main__":
    main()
