"""Compile the catalogues of all languages: ``python tools/compile_catalogues.py``; needs babel."""

import runpy
from pathlib import Path

MODULE = Path(__file__).parents[1] / "src" / "tverretatlig_sim" / "i18n.py"


def compile_all() -> list[Path]:
    """Compile what has changed, and say where all of it is."""
    i18n = runpy.run_path(str(MODULE))
    for code in i18n["LANGUAGES"]:
        i18n["compiled"](code)
    return [*MODULE.parent.glob("locale/*/LC_MESSAGES/*.mo")]


if __name__ == "__main__":
    print(*compile_all(), sep="\n")
