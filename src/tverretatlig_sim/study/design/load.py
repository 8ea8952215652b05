"""Study files: read, checked, and turned into what is to be run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.scenario.checking import checked
from tverretatlig_sim.scenario.errors import Origin, Problem, ScenarioError, did_you_mean, listed, quoted
from tverretatlig_sim.scenario.files import read_table, shown
from tverretatlig_sim.study.design.designs import design_points, design_problems
from tverretatlig_sim.study.design.factors import Factor, read_factors
from tverretatlig_sim.study.design.listed import points_of_file
from tverretatlig_sim.study.design.outcomes import outcome_names
from tverretatlig_sim.study.design.schema import RecordTable, StudyFile
from tverretatlig_sim.study.design.variants import Variant, load_variants
from tverretatlig_sim.world.sparse import Floats


@dataclass(frozen=True)
class Plan:
    """A sound study file, spelled out.

    Attributes:
        file: what the file says.
        variants: the arrangements, ready to be simulated.
        factors: what varies between points.
        fixed: parameters that are the same in all points, where not the default.
        points: shape (point, factor).
        notes: sentences on what was left out.
    """

    file: StudyFile
    variants: tuple[Variant, ...]
    factors: tuple[Factor, ...]
    fixed: Mapping[str, float]
    points: Floats
    notes: tuple[Message | str, ...]


def read_plan(path: Path) -> Plan:
    """A study file, checked.

    Raises:
        ScenarioError: with all problems of the file and the scenarios it names.
    """
    return plan_of({"name": path.stem, **read_table(path)}, path.parent, shown(path))


def plan_of(raw: Mapping[str, Any], folder: Path, source: str) -> Plan:
    """A study given as a table, checked.

    Args:
        raw: what a study file holds.
        folder: to which paths are relative.
        source: what messages call it.

    Raises:
        ScenarioError: with all problems of the study and the scenarios it names.
    """
    origin, problems = Origin(source), list[Problem]()
    head = {key: value for key, value in raw.items() if key != "parameters"}
    file = checked(StudyFile, head, origin, problems)
    factors, fixed = read_factors(raw.get("parameters", {}), origin, problems)
    if file is None or problems:
        raise ScenarioError(problems)
    problems += design_problems(file.design, factors, origin)
    listed_points = None
    if file.design.file is not None and not problems:
        listed_points = points_of_file(file.design.file, folder, origin, problems)
    variants, notes = load_variants(file, folder, origin, problems)
    problems += _outcome_problems(file.record, variants, origin)
    if problems:
        raise ScenarioError(problems)
    factors, points = listed_points or (factors, design_points(file.design, factors, file.seed))
    return Plan(file, variants, factors, fixed, points, notes)


def _outcome_problems(record: RecordTable, variants: tuple[Variant, ...], origin: Origin) -> list[Problem]:
    if record.outcomes == "all" or not variants:
        return []
    known, here = outcome_names(variants[0].scenario), Origin(origin.file, "record, outcomes")
    problems = [
        here.problem(quoted(name), _("unknown outcome"), listed(known), did_you_mean(name, known))
        for name in record.outcomes
        if name not in known
    ]
    if not record.outcomes:
        problems.append(here.problem("", _("is empty"), _('at least one outcome, or "all"')))
    return problems
