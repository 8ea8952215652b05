"""Behaviour as last stored: what the kernel computes, what commands print as JSON, what the app serves.

It is that of 0.1.0 but for the changes that CHANGELOG.md lists.

``python tests/frozen/freeze.py [kernel|json|app]`` rewrites what is stored,
``python tests/frozen/freeze.py --check [kernel|json|app]`` prints the largest deviation of each item,
``python tests/frozen/freeze.py --texts [json|app]`` rewrites sentences, if nothing else has changed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from frozen.documents import DOCUMENTS, check_documents, documents, rewrite_texts, store
from frozen.kernel import Kernel, check_kernel, parameter_sets

CHECKS: Mapping[str, Callable[[str], bool]] = {
    "kernel": lambda only: check_kernel(),
    "json": lambda only: check_documents("json", only),
    "app": lambda only: check_documents("app", only),
}
WRITERS: Mapping[str, Callable[[], None]] = {
    "kernel": lambda: Kernel.computed(parameter_sets()).write(),
    "json": lambda: store("json", dict(documents("json"))),
    "app": lambda: store("app", dict(documents("app"))),
}


def main_of_script() -> int:
    """Check or rewrite."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="print deviations; change nothing")
    parser.add_argument("--texts", action="store_true", help="take over sentences only")
    parser.add_argument("--only", default="", help="check documents whose name starts so: compare, /view")
    parser.add_argument("parts", nargs="*", default=list(CHECKS), metavar="kernel|json|app")
    asked = parser.parse_args()
    for part in asked.parts:
        if part not in CHECKS:
            parser.error(f"{part}: no such part")
    if asked.check:
        good = [CHECKS[part](asked.only) for part in asked.parts]
        return 0 if all(good) else 1
    for part in asked.parts:
        if not asked.texts:
            WRITERS[part]()
        elif part in DOCUMENTS:
            rewrite_texts(part)
    return 0


if __name__ == "__main__":
    sys.exit(main_of_script())
