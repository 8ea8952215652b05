"""No rule or parameter names an arrangement: what something is called changes nothing but luck."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import tverretatlig_sim
from tverretatlig_sim import Scenario, list_scenarios, load_scenario
from tverretatlig_sim.scenario.files import shipped_folder

PACKAGE = Path(tverretatlig_sim.__file__).parent
RULES = ("kernel", "world", "ensemble", "mesa_model")

CONCEPTS = {"secretariat"}
"""A forum may be called what it is: in the rules, the word stands for an entity of the model."""


def names_in(scenario: Scenario) -> set[str]:
    """What a scenario, its parts, its actors and its forums are called."""
    parts = [scenario, scenario.arrangement, scenario.portfolio, scenario.letters]
    listed = [*parts, *scenario.agencies, *scenario.ministries, *scenario.arrangement.forum]
    return {entry.name for entry in listed}


@cache
def all_names() -> frozenset[str]:
    return frozenset(set().union(*(names_in(load_scenario(name)) for name in list_scenarios())) - CONCEPTS)


def sources() -> list[Path]:
    return [path for part in RULES for path in sorted((PACKAGE / part).rglob("*.py"))]


def mentions(text: str) -> set[str]:
    """Names that stand in a text as words of their own; hyphens may be written as underscores or spaces."""
    flat = re.sub(r"[-_\s]+", " ", text)
    return {
        name for name in all_names() if re.search(rf"(?<!\w){re.escape(name.replace('-', ' '))}(?!\w)", flat)
    }


def effective(code: str) -> str:
    """What a module does, without comments and documentation, where an example may name somebody."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [line for line in body if not is_text(line)]
            node.body = kept or [ast.Pass()]  # type: ignore[attr-defined]
    return ast.unparse(tree)


def is_text(line: ast.stmt) -> bool:
    return (
        isinstance(line, ast.Expr)
        and isinstance(line.value, ast.Constant)
        and isinstance(line.value.value, str)
    )


def test_there_is_something_to_look_for() -> None:
    assert {"Udir", "KD", "0-24-2018", "steering-group"} <= all_names()
    assert len(sources()) > 20
    code = '"""About Hdir."""\nif name == "pure-network" or pure_hierarchy:\n    "POD"\n    x = Udir  # KDI\n'
    assert mentions(effective(code)) == {"pure-network", "pure-hierarchy", "Udir"}


def test_no_rule_names_an_actor_or_arrangement() -> None:
    named = {path.name: mentions(effective(path.read_text(encoding="utf-8"))) for path in sources()}
    assert {name: found for name, found in named.items() if found} == {}


def test_no_parameter_names_an_actor_or_arrangement() -> None:
    """Neither in its value nor in its evidence."""
    assert not mentions((shipped_folder() / "parameters.toml").read_text(encoding="utf-8"))
