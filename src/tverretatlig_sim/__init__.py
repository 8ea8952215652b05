"""Simulate how government agencies coordinate on wicked problems.

Names load when first used, so that light uses stay light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tverretatlig_sim.lazy import names_from
from tverretatlig_sim.version import __version__

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble import Comparison, Ensemble, compare, frameworks, simulate
    from tverretatlig_sim.kernel import PHASES
    from tverretatlig_sim.mesa_model import CoordinationModel
    from tverretatlig_sim.scenario import Scenario, ScenarioError, list_scenarios, load_scenario
    from tverretatlig_sim.scenario.evidence_table import evidence
    from tverretatlig_sim.scenario.generate import generate
    from tverretatlig_sim.scenario.levers import Lever, list_levers, load_lever
    from tverretatlig_sim.scenario.swaps import swap
    from tverretatlig_sim.study import Explanation, explain
    from tverretatlig_sim.study.result import StudyResult
    from tverretatlig_sim.study.store import StoreError
    from tverretatlig_sim.study.study import Study, load_study, study_of

_HOME = {
    "Comparison": "ensemble",
    "CoordinationModel": "mesa_model",
    "Ensemble": "ensemble",
    "Explanation": "study",
    "Lever": "scenario.levers",
    "PHASES": "kernel",
    "Scenario": "scenario",
    "ScenarioError": "scenario",
    "StoreError": "study.store",
    "Study": "study.study",
    "StudyResult": "study.result",
    "compare": "ensemble",
    "evidence": "scenario.evidence_table",
    "explain": "study",
    "frameworks": "ensemble",
    "generate": "scenario.generate",
    "list_levers": "scenario.levers",
    "list_scenarios": "scenario",
    "load_lever": "scenario.levers",
    "load_scenario": "scenario",
    "load_study": "study.study",
    "simulate": "ensemble",
    "study_of": "study.study",
    "swap": "scenario.swaps",
}

__all__ = [
    "PHASES",
    "Comparison",
    "CoordinationModel",
    "Ensemble",
    "Explanation",
    "Lever",
    "Scenario",
    "ScenarioError",
    "StoreError",
    "Study",
    "StudyResult",
    "__version__",
    "compare",
    "evidence",
    "explain",
    "frameworks",
    "generate",
    "list_levers",
    "list_scenarios",
    "load_lever",
    "load_scenario",
    "load_study",
    "simulate",
    "study_of",
    "swap",
]

__getattr__, __dir__ = names_from(__name__, _HOME)
