"""The architecture of the design page: imports go one way, never in a circle, and nothing grows too big."""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"
PACKAGE = "tverretatlig_sim"
LAYERS = ("scenario", "world", "kernel", "ensemble", "study", "show", "faces")
"""From what is imported to what imports."""
FACES = ("cli", "app", "mesa_model")
FILES = {
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((SOURCE / PACKAGE).rglob("*.py"))
}
LAYOUT = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING,
    tokenize.ENDMARKER,
}  # fmt: skip


def imported(module: str) -> Iterator[str]:
    """Modules of the package that a module imports, anywhere in it: at its head, in functions, for types."""
    tree = ast.parse(FILES[module].read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in FILES)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inside = [f"{node.module}.{name.name}" for name in node.names]
            yield from (name if name in FILES else node.module for name in inside if node.module in FILES)


def layer(module: str) -> int:
    """Rank of a module; the root's helpers come before all layers, the root itself after them."""
    parts = module.split(".")[1:]
    if not parts or parts == ["__main__"]:
        return len(LAYERS)
    home = "faces" if parts[0] in FACES else parts[0]
    return LAYERS.index(home) if home in LAYERS else -1


def test_imports_go_one_way() -> None:
    against = [
        f"{module} imports {other}"
        for module in FILES
        for other in imported(module)
        if layer(other) > layer(module)
    ]
    assert not against, "\n".join(against)


def test_no_import_goes_in_a_circle() -> None:
    graph = {module: set(imported(module)) - {module} for module in FILES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" → ".join(error.args[1])) from error


def test_tests_stay_small() -> None:
    tests = Path(__file__).parent.rglob("*.py")
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in tests) <= 24_100


def tokens(path: Path) -> int:
    read = tokenize.tokenize(io.BytesIO(path.read_bytes()).readline)
    return sum(token.type not in LAYOUT for token in read)


def test_the_package_stays_small() -> None:
    """Bounds that may only fall, so that what grows is noticed when it grows."""
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in FILES.items()}
    assert {name: number for name, number in lines.items() if number > 500} == {}
    assert len(FILES) <= 160
    assert sum(lines.values()) <= 38_500
    if sys.version_info < (3, 12):  # later ones take f-strings apart
        assert sum(map(tokens, FILES.values())) <= 274_200
