"""Print the lowest allowed version of every direct dependency, as constraints for pip.

``pip install -c <(python tools/lowest.py) ".[test]"`` then installs what the bounds in ``pyproject.toml``
promise to work with.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

BOUND = re.compile(r"(?P<name>[\w.-]+)(?:\[[^\]]*\])?\s*>=\s*(?P<version>[\w.]+)")


def constraints(project: Path = Path(__file__).parents[1] / "pyproject.toml") -> list[str]:
    """Constraints ``name==version``, sorted; a requirement without a lower bound has none."""
    table = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    extras = table["optional-dependencies"].values()
    wanted = {*table["dependencies"], *(requirement for extra in extras for requirement in extra)}
    found = (BOUND.match(requirement) for requirement in wanted)
    return sorted(f"{bound['name']}=={bound['version']}" for bound in found if bound)


if __name__ == "__main__":
    print("\n".join(constraints()))
