"""Every pattern is complete, and none is hard-wired: without the mechanism it rests on, it is gone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tverretatlig_sim.scenario import check_parameters
from tverretatlig_sim.study.patterns import Finding, Pattern, evaluate, patterns
from tverretatlig_sim.study.patterns.registry import SHIPPED
from tverretatlig_sim.study.sampling import draw_sets

SIXTEEN = {
    "commissioned-beats-own", "project-groups-deliver", "thirteen-talk-structure", "core-gives-more",
    "a-and-b-team", "starved-secretariat", "fewer-implement-more", "unanchored-is-dropped",
    "turnover-costs-trust", "ownership-is-perishable", "both-mechanisms", "planning-beats-decision",
    "nobody-wants-to-be-coordinated", "dfo-advice-helps", "money-lubricates", "distance-delays",
}  # fmt: skip
ANCHORS = {"meetings-2025", "deliveries-2025", "reports-2018", "status-2019", "no-law-2019"}
SETS, RUNS = draw_sets(24, seed=7), 4
MORE = {"both-mechanisms": 128, "money-lubricates-adoption": 128}
"""Sets of patterns whose effect is too small to be told from luck with as few."""
RECORD = Path(__file__).parents[2] / "docs" / "evaluation.md"
FAINT = 0.25
"""Share of a pattern's size that may be left when its mechanism is gone."""


@pytest.fixture(scope="module")
def findings() -> dict[str, Finding]:
    return {finding.pattern.id: finding for finding in evaluate(list(SHIPPED.values()), SETS, RUNS)}


def test_all_patterns_and_anchors_of_the_sources_are_there() -> None:
    assert set(SHIPPED) >= SIXTEEN | ANCHORS
    registered = [pattern.id for pattern in patterns()]  # other tests may register some of their own
    assert [name for name in registered if name in SHIPPED] == list(SHIPPED)


@pytest.mark.parametrize("pattern", SHIPPED.values(), ids=SHIPPED)
def test_a_pattern_says_everything_in_both_languages(pattern: Pattern) -> None:
    for text in (pattern.claim, pattern.measure, pattern.switch.text):
        assert text.en.strip()
        assert text.nb.strip()
        assert text.en != text.nb
    assert bool(pattern.remark.en) == bool(pattern.remark.nb)
    assert pattern.remark.en or not pattern.automatic
    assert pattern.source
    assert pattern.tolerance > 0 or not pattern.is_distance
    check_parameters(pattern.switch.variation.parameters)


@pytest.mark.parametrize("id_", SHIPPED)
def test_a_statistic_is_one_number_a_set(id_: str, findings: dict[str, Finding]) -> None:
    values = findings[id_].values
    assert values.shape == (len(SETS),)
    assert np.isfinite(values).sum() >= len(SETS) / 2
    assert findings[id_].verdict in ("holds", "leans", "fails")


def recorded() -> dict[str, str]:
    """Verdicts of the evaluation record, over far more sets than here."""
    text = RECORD.read_text(encoding="utf-8")
    rows = text[text.index("<!-- patterns -->") : text.index("<!-- /patterns -->")].splitlines()
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if row.startswith("| `")]
    return {cell[0].split("`")[1]: cell[-1].strip("*") for cell in cells}


HOLDING = [id_ for id_, verdict in recorded().items() if verdict == "holds"]


def test_the_record_has_a_verdict_on_every_pattern() -> None:
    assert set(recorded()) == set(SHIPPED)


@pytest.mark.parametrize("id_", HOLDING)
def test_without_its_mechanism_a_pattern_is_gone(id_: str, findings: dict[str, Finding]) -> None:
    """Set by set, the same luck: it loses what it had, and what is left is no pattern.

    That it loses anything is at two standard errors: 2.5 % false alarms a pattern, had it lost nothing.
    """
    sets = draw_sets(MORE[id_], seed=7) if id_ in MORE else SETS
    pattern = SHIPPED[id_]
    as_is = evaluate([pattern], sets, RUNS)[0] if id_ in MORE else findings[id_]
    (without,) = evaluate([pattern], sets, RUNS, switches=(pattern.switch.variation,))
    lost = (pattern.direction or -1) * (as_is.values - without.values)
    lost = lost[~np.isnan(lost)]
    assert lost.mean() > 2.0 * lost.std(ddof=1) / np.sqrt(len(lost))
    faint = abs(without.interval.mean) <= FAINT * abs(as_is.interval.mean)
    assert without.verdict != "holds" or (faint and not pattern.is_distance)
