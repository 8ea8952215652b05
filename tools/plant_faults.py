"""Plants faults in a copy of the code, one at a time, and says which of them a test command catches.

    python tools/plant_faults.py                         # 40 faults against the fast part of the tests
    python tools/plant_faults.py --list                  # only say which
    python tools/plant_faults.py -- -x -q tests/kernel   # what follows -- is given to pytest instead

Faults are made in the syntax tree, so they outlive reformatting. A seed chooses the places; kinds take turns.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, zip_longest
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "tverretatlig_sim"
AREAS = {
    "kernel": (0.5, "kernel/*"),
    "edits": (0.25, "scenario/edits scenario/fit scenario/combine scenario/levers scenario/operations "
                    "scenario/swaps scenario/levers/**/* scenario/dials/*"),
    "inference": (0.25, "study/sensitivity study/discovery study/explain study/robust study/shapley "
                        "study/history_matching study/analysis/* study/robust/* ensemble/statistics"),
}  # fmt: skip
"""Share of the faults, and files of the package; patterns without a file are passed over."""
EQUIVALENT = {("convene.py", "_heard", "2 * len(ties.source) < agencies**2")}
"""Faults nobody can see, but by the clock: file name, function, the text that would be replaced."""
INSTEAD = {
    ast.Sub: ("difference swapped", "({b} - {a})"), ast.Add: ("sign flipped", "({a} - ({b}))"),
    ast.Mult: ("factor dropped", "({a})"), ast.Div: ("divisor dropped", "({a})"),
}  # fmt: skip
SHIFTED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
PAIRS = [(ast.Lt, ast.GtE), (ast.Gt, ast.LtE), (ast.Eq, ast.NotEq), (ast.Is, ast.IsNot), (ast.In, ast.NotIn)]
TURNED = {**dict(PAIRS), **{b: a for a, b in PAIRS}}
COUNTED = ("month", "index", "rounds", "begins", "ends", "step", "deadline", "start", "len(", "number")
"""Words beside which a comparison is of whole numbers, so that its limit counts."""
OTHER = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "any": "all", "all": "any",
         "sum": "max", "mean": "max", "argmin": "argmax", "argmax": "argmin"}  # fmt: skip
UNORDERED = {*OTHER, "zip", "isinstance", "issubclass", "getattr", "map", "add", "multiply", "_", "ngettext"}
"""Calls whose arguments are not swapped: their order does not matter, or matters to their types only."""


@dataclass(frozen=True)
class Fault:
    """One replacement in a file: the bytes from and to, the text there and the text instead."""

    area: str
    path: Path
    function: str
    line: int
    kind: str
    span: tuple[int, int]
    old: str
    new: str

    def planted(self, source: bytes) -> bytes:
        """The file with the fault in it."""
        return source[: self.span[0]] + self.new.encode() + source[self.span[1] :]

    def __str__(self) -> str:
        old, new = (" ".join(text.split()) for text in (self.old, self.new))
        return f"{self.area}: {self.path.name}:{self.line} {self.function}, {self.kind}: {old}  →  {new}"


def of_operators(node: ast.AST) -> Iterator[tuple[str, ast.AST, str]]:
    """Faults in an operation: kind, what is replaced, new text."""
    match node:
        case ast.BinOp(a, op, b) if type(op) in INSTEAD and not isinstance(a, ast.List | ast.Tuple):
            kind, form = INSTEAD[type(op)]
            yield kind, node, form.format(a=ast.unparse(a), b=ast.unparse(b))
        case ast.UnaryOp(ast.USub() | ast.Not(), inner) if not isinstance(inner, ast.Constant):
            yield "negation dropped", node, f"({ast.unparse(inner)})"
        case ast.BoolOp(op, values):
            other = ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values)
            yield "and for or", node, f"({ast.unparse(other)})"
        case ast.Compare(a, [op], [b]):
            if type(op) in SHIFTED and any(word in ast.unparse(node) for word in COUNTED):
                yield "limit shifted", node, f"({ast.unparse(ast.Compare(a, [SHIFTED[type(op)]()], [b]))})"
            yield "comparison turned", node, f"({ast.unparse(ast.Compare(a, [TURNED[type(op)]()], [b]))})"


def of_names_and_calls(node: ast.AST) -> Iterator[tuple[str, ast.AST, str]]:
    """Faults in months, indices and calls: kind, what is replaced, new text."""
    match node:
        case ast.Attribute(ast.Name("month"), "index", ast.Load()):
            yield "a month late", node, "(month.index - 1)"
        case ast.Subscript(_, ast.Constant(int() as place), ast.Load()):
            yield "index off", node.slice, str(place - 1 if place else 1)
        case ast.Call(function, arguments):
            name = getattr(function, "attr", getattr(function, "id", ""))
            if name in OTHER:
                yield "other reduction", function, ast.unparse(function).removesuffix(name) + OTHER[name]
            for number in (x for argument in arguments for x in ast.walk(argument) if "quantile" in name):
                if isinstance(number, ast.Constant) and isinstance(number.value, float):
                    yield "wrong quantile", number, repr(number.value * 0.8)
            if len(arguments) > 1 and name not in UNORDERED and not isinstance(arguments[1], ast.Starred):
                last = len(arguments) - 1 if name == "where" else 0
                swapped = {last: arguments[1], 1: arguments[last]}
                order = [swapped.get(place, argument) for place, argument in enumerate(arguments)]
                yield "arguments swapped", node, ast.unparse(ast.Call(function, order, node.keywords))


def expressions(node: ast.AST, function: str = "") -> Iterator[tuple[str, ast.AST]]:
    """What functions compute, with their names: no annotations, decorators, defaults or messages."""
    if isinstance(node, ast.Raise | ast.Assert | ast.JoinedStr | ast.arguments | ast.AnnAssign):
        return
    if function:
        yield function, node
    if isinstance(node, ast.FunctionDef):
        for child in node.body:
            yield from expressions(child, node.name)
    else:
        for child in ast.iter_child_nodes(node):
            yield from expressions(child, function)


def faults_in(area: str, path: Path) -> Iterator[Fault]:
    """All faults that could be planted in a file."""
    source = path.read_bytes()
    starts = [0, 0, *accumulate(map(len, source.splitlines(keepends=True)))]
    for function, node in expressions(ast.parse(source)):
        for kind, what, new in (*of_operators(node), *of_names_and_calls(node)):
            span = starts[what.lineno] + what.col_offset, starts[what.end_lineno] + what.end_col_offset
            old = source[slice(*span)].decode()
            if (path.name, function, " ".join(old.split())) not in EQUIVALENT:
                yield Fault(area, path, function, what.lineno, kind, span, old, new)


def chosen(count: int, seed: int) -> list[Fault]:
    """The faults of a seed: a share of each area, kinds in turn, no two in one line."""
    random, result = Random(seed), []
    for area, (share, patterns) in AREAS.items():
        kinds: dict[str, list[Fault]] = {}
        for path in sorted({path for pattern in patterns.split() for path in PACKAGE.glob(f"{pattern}.py")}):
            for fault in faults_in(area, path):
                kinds.setdefault(fault.kind, []).append(fault)
        turns = zip_longest(*(random.sample(kinds[kind], len(kinds[kind])) for kind in sorted(kinds)))
        by_line: dict[tuple[Path, int], Fault] = {}
        for fault in (fault for turn in turns for fault in turn if fault is not None):
            by_line.setdefault((fault.path, fault.line), fault)
        result += list(by_line.values())[: round(share * count)]
    return result


def passes(tree: Path, arguments: list[str], seconds: float) -> bool:
    """Whether pytest passes in a tree within a time."""
    paths = os.environ | {"PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    with subprocess.Popen([sys.executable, "-m", "pytest", *arguments], cwd=tree, env=paths, **quiet) as run:
        try:
            return run.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            return False


def main() -> None:
    """Plant each fault, run the tests, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--faults", type=int, default=40, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="chooses which")
    parser.add_argument("--seconds", type=float, default=900.0, help="longest run of the tests")
    parser.add_argument("--list", action="store_true", help="say which faults, and end")
    parser.add_argument(
        "pytest", nargs="*", default=["-x", "-q", "-m", "not slow"], help="arguments of pytest"
    )
    given = parser.parse_args()
    faults = chosen(given.faults, given.seed)
    if given.list:
        print(*faults, sep="\n")
        return
    with tempfile.TemporaryDirectory() as scratch:
        tree, caught = Path(scratch) / "tree", 0
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".*", "__pycache__", "build", "dist"))
        if not passes(tree, given.pytest, given.seconds):
            sys.exit("plant_faults: the tests fail, or do not end in time, before any fault is planted")
        for number, fault in enumerate(faults, 1):
            target, source = tree / fault.path.relative_to(ROOT), fault.path.read_bytes()
            target.write_bytes(fault.planted(source))
            caught += (found := not passes(tree, given.pytest, given.seconds))
            target.write_bytes(source)
            print(f"{number:3d} {'caught' if found else 'MISSED'}  {fault}", flush=True)
    print(f"{caught} of {len(faults)} caught")


if __name__ == "__main__":
    main()
