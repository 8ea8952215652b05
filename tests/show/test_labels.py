"""Everything that goes by a key has a label."""

from __future__ import annotations

from speaking import labels
from tverretatlig_sim import Ensemble
from tverretatlig_sim.ensemble import SHOWN
from tverretatlig_sim.ensemble.ensemble import FUNNEL
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.ensemble.series import SERIES
from tverretatlig_sim.i18n import LANGUAGES
from tverretatlig_sim.scenario import list_scenarios, load_scenario, parameter_specs


def test_every_outcome_has_a_label(ensemble: Ensemble) -> None:
    names = list(ensemble.outcomes)
    assert set(names) <= set(labels())
    assert set(SHOWN) <= set(names)


def test_every_series_stage_and_reason_has_a_label() -> None:
    reasons = {f"reason.{reason}" for reason, __ in filter(None, FUNNEL.values())}
    assert set(SERIES) | {f"stage.{stage}" for stage in FUNNEL} | reasons <= set(labels())


def test_every_shipped_theme_and_unit_has_a_label() -> None:
    scenarios = [load_scenario(name) for name in list_scenarios()]
    themes = {f"theme.{t}" for s in scenarios for project in s.portfolio.project for t in project.themes}
    # "logit" is called the same in both languages.
    units = {f"unit.{spec.unit}" for spec in parameter_specs().values()} - {"unit.logit"}
    assert themes | units <= set(labels())


def test_labels_of_outcomes_are_short() -> None:
    assert all(len(labels(code)[name]) <= 60 for code in LANGUAGES for name in OUTCOMES)
