"""Simulate how government agencies coordinate on wicked problems.

Names load when first used, so that light uses stay light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tverretatlig_sim.display import register_plotters
from tverretatlig_sim.lazy import names_from
from tverretatlig_sim.version import __version__

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble.compare import Comparison, compare
    from tverretatlig_sim.ensemble.ensemble import Ensemble
    from tverretatlig_sim.ensemble.frameworks import frameworks
    from tverretatlig_sim.ensemble.outcomes import OUTCOMES, Outcome, outcome
    from tverretatlig_sim.ensemble.series import Series, series
    from tverretatlig_sim.ensemble.simulate import simulate
    from tverretatlig_sim.errors import TverretatligError
    from tverretatlig_sim.kernel import RULES, rule
    from tverretatlig_sim.mesa_model import CoordinationModel
    from tverretatlig_sim.scenario import Scenario, ScenarioError, list_scenarios, load_scenario, with_levers
    from tverretatlig_sim.scenario.build import (
        Agency,
        Event,
        Forum,
        Letter,
        Member,
        Ministry,
        Project,
        Recommendation,
        Term,
        Tie,
        build,
        from_graph,
        scenario_graph,
    )
    from tverretatlig_sim.scenario.combine import swap
    from tverretatlig_sim.scenario.evidence import evidence
    from tverretatlig_sim.scenario.generate import generate
    from tverretatlig_sim.scenario.levers import Lever, list_levers, load_dial, load_lever
    from tverretatlig_sim.scenario.load import edit, then, together
    from tverretatlig_sim.show.report import brief
    from tverretatlig_sim.study import Explanation, explain
    from tverretatlig_sim.study.barriers import barriers
    from tverretatlig_sim.study.result import StudyResult
    from tverretatlig_sim.study.store import StoreError
    from tverretatlig_sim.study.study import Study, load_study, study_of
    from tverretatlig_sim.study.use import use

_HOME = {
    "Agency": "scenario.build",
    "Comparison": "ensemble.compare",
    "CoordinationModel": "mesa_model",
    "Ensemble": "ensemble.ensemble",
    "Event": "scenario.build",
    "Explanation": "study",
    "Forum": "scenario.build",
    "Letter": "scenario.build",
    "Lever": "scenario.levers",
    "Member": "scenario.build",
    "Ministry": "scenario.build",
    "OUTCOMES": "ensemble.outcomes",
    "Outcome": "ensemble.outcomes",
    "Project": "scenario.build",
    "RULES": "kernel",
    "Recommendation": "scenario.build",
    "Scenario": "scenario",
    "ScenarioError": "scenario",
    "Series": "ensemble.series",
    "StoreError": "study.store",
    "Study": "study.study",
    "StudyResult": "study.result",
    "Term": "scenario.build",
    "Tie": "scenario.build",
    "TverretatligError": "errors",
    "barriers": "study.barriers",
    "brief": "show.report",
    "build": "scenario.build",
    "compare": "ensemble.compare",
    "edit": "scenario.load",
    "evidence": "scenario.evidence",
    "explain": "study",
    "frameworks": "ensemble.frameworks",
    "from_graph": "scenario.build",
    "generate": "scenario.generate",
    "list_levers": "scenario.levers",
    "list_scenarios": "scenario",
    "load_dial": "scenario.levers",
    "load_lever": "scenario.levers",
    "load_scenario": "scenario",
    "load_study": "study.study",
    "outcome": "ensemble.outcomes",
    "rule": "kernel",
    "scenario_graph": "scenario.build",
    "series": "ensemble.series",
    "simulate": "ensemble.simulate",
    "study_of": "study.study",
    "swap": "scenario.combine",
    "then": "scenario.load",
    "together": "scenario.load",
    "use": "study.use",
    "with_levers": "scenario",
}

__all__ = [
    "OUTCOMES",
    "RULES",
    "Agency",
    "Comparison",
    "CoordinationModel",
    "Ensemble",
    "Event",
    "Explanation",
    "Forum",
    "Letter",
    "Lever",
    "Member",
    "Ministry",
    "Outcome",
    "Project",
    "Recommendation",
    "Scenario",
    "ScenarioError",
    "Series",
    "StoreError",
    "Study",
    "StudyResult",
    "Term",
    "Tie",
    "TverretatligError",
    "__version__",
    "barriers",
    "brief",
    "build",
    "compare",
    "edit",
    "evidence",
    "explain",
    "frameworks",
    "from_graph",
    "generate",
    "list_levers",
    "list_scenarios",
    "load_dial",
    "load_lever",
    "load_scenario",
    "load_study",
    "outcome",
    "rule",
    "scenario_graph",
    "series",
    "simulate",
    "study_of",
    "swap",
    "then",
    "together",
    "use",
    "with_levers",
]

__getattr__, __dir__ = names_from(__name__, _HOME)

register_plotters(
    {
        "Comparison": "tverretatlig_sim.show.plots:plot_result",
        "Ensemble": "tverretatlig_sim.show.plots:plot_result",
    }
)
