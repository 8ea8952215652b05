"""Everything has a label in both languages."""

from __future__ import annotations

import pytest

from tverretatlig_sim import Ensemble
from tverretatlig_sim.ensemble import SHOWN
from tverretatlig_sim.ensemble.ensemble import FUNNEL
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.ensemble.series import SERIES
from tverretatlig_sim.scenario import list_scenarios, load_scenario, parameter_specs
from tverretatlig_sim.show.labels import LANGUAGES, label
from tverretatlig_sim.show.words import WORDS


def test_every_outcome_has_a_label(ensemble: Ensemble) -> None:
    names = list(ensemble.outcomes)
    assert set(names) <= set(WORDS)
    assert set(SHOWN) <= set(names)


def test_every_series_stage_and_reason_has_a_label() -> None:
    reasons = {f"reason.{reason}" for reason, _ in filter(None, FUNNEL.values())}
    assert set(SERIES) | {f"stage.{stage}" for stage in FUNNEL} | reasons <= set(WORDS)


def test_every_shipped_theme_and_unit_has_a_label() -> None:
    scenarios = [load_scenario(name) for name in list_scenarios()]
    themes = {f"theme.{t}" for s in scenarios for project in s.portfolio.project for t in project.themes}
    # "logit" is called the same in both languages.
    units = {f"unit.{spec.unit}" for spec in parameter_specs().values()} - {"unit.logit"}
    assert themes | units <= set(WORDS)


def test_labels_are_short_and_never_empty() -> None:
    joints = {"analysis.and"}
    labels = {key: pair for key, pair in WORDS.items() if key not in joints}
    assert all(text.strip() == text and text for pair in labels.values() for text in pair)
    assert all(len(text) <= 60 for name in OUTCOMES for text in WORDS[name])


def test_the_same_placeholders_stand_in_both_languages() -> None:
    def places(text: str) -> set[str]:
        return {part.split("}")[0] for part in text.split("{")[1:]}

    assert [key for key, (en, nb) in WORDS.items() if places(en) != places(nb)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_has_no_label_is_called_by_its_name(lang: str) -> None:
    assert label("Udir", lang) == "Udir"  # type: ignore[arg-type]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="allowed: en, nb"):
        label("drafted", "sv")  # type: ignore[arg-type]
