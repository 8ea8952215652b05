"""Figures of structure, trust, meetings, one run, ranked factors and robustness."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from speaking import norwegian
from tverretatlig_sim import Comparison, Ensemble, list_scenarios, load_scenario, simulate
from tverretatlig_sim.ensemble.frameworks import LINKS
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.show.plots import (
    plot_frameworks,
    plot_gantt,
    plot_meetings,
    plot_robustness,
    plot_sobol,
    plot_structure,
    plot_tornado,
    plot_trust,
    save_figure,
)
from tverretatlig_sim.study.robust import RobustComparison, compare_robustly, stored_sets

LANGUAGES = ("en", "nb")


def words(figure: Figure) -> str:
    """All text in a figure."""
    axes = [text.get_text() for panel in figure.axes for text in panel.texts]
    ticks = [label.get_text() for panel in figure.axes for label in panel.get_yticklabels()]
    legends = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    return "\n".join([figure.get_suptitle(), *axes, *ticks, *legends])


@pytest.fixture(scope="module")
def robust() -> RobustComparison:
    names = ("0-24-2018", "dfo-simplified")
    return compare_robustly([load_scenario(name) for name in names], stored_sets(24), runs=1, months=48)


@pytest.mark.parametrize("name", list_scenarios())
def test_every_structure_is_drawn_with_all_its_names(name: str) -> None:
    scenario = load_scenario(name)
    said = words(norwegian(plot_structure, scenario))
    names = [m.name for m in scenario.ministries] + [a.name for a in scenario.agencies]
    assert [name for name in names if name[:17] not in said] == []
    assert scenario.title.nb in said


def test_a_structure_without_forums_says_so() -> None:
    assert "no forum" in words(plot_structure(load_scenario("pure-hierarchy")))


def test_seats_are_those_of_the_scenario() -> None:
    scenario = load_scenario("etatssamarbeidet-2023")
    marks = [line for line in plot_structure(scenario).axes[0].lines if line.get_markersize() == 9]
    assert [len(line.get_xdata()) for line in marks] == [len(f.seats) for f in scenario.arrangement.forum]  # type: ignore[arg-type]


def test_trust_is_that_of_the_last_month(ensemble: Ensemble) -> None:
    figure = norwegian(plot_trust, ensemble)
    trust = ensemble.series["trust"].sel(statistic="mean").isel(month=-1)
    drawn = np.asarray(figure.axes[0].images[0].get_array())
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    place = names.index("Udir"), names.index("AVdir")
    assert drawn[place] == pytest.approx(100 * float(trust.sel(tie="Udir → AVdir")))
    assert names[: len(ensemble.scenario.core)] == sorted(ensemble.scenario.core)


def test_trust_without_a_core_and_without_series(ensemble: Ensemble) -> None:
    coreless = replace(ensemble, scenario=replace(ensemble.scenario, core=frozenset()))
    assert len(plot_trust(coreless).axes[1].texts) == 1
    with pytest.raises(ValueError, match="no series of trust"):
        plot_trust(simulate("0-24-2018", runs=1, months=2, series="none"))


def test_meeting_time_adds_up(comparison: Comparison) -> None:
    panel = norwegian(plot_meetings, comparison.ensembles).axes[0]
    widths = [bar.get_width() for bar in panel.patches]  # type: ignore[attr-defined]
    assert [widths[0] + widths[1], widths[2] + widths[3]] == pytest.approx([100, 100])
    share = comparison.ensembles["0-24-2018"].outcomes["structure_share"].mean()
    assert widths[1] == pytest.approx(100 * share)


def test_meetings_month_by_month_and_without_any(ensemble: Ensemble) -> None:
    assert len(plot_meetings({"x": ensemble}).axes) == 2
    silent = simulate("pure-hierarchy", runs=1, months=3, series="none")
    assert "no meetings" in words(plot_meetings({"x": silent}))


def test_frameworks_are_drawn_as_the_table_says(comparison: Comparison) -> None:
    figure = norwegian(plot_frameworks, comparison.ensembles)
    means = comparison.ensembles["0-24-2018"].frameworks()["mean"]
    bars = [bar.get_height() for bar in figure.axes[0].patches[:4]]  # type: ignore[attr-defined]
    assert bars == pytest.approx([100 * means[f"ladder.rung_{rung}"] for rung in (1, 2, 3, 4)])
    links = [bar.get_width() for bar in figure.axes[1].patches[:5]]  # type: ignore[attr-defined]
    assert links == pytest.approx([100 * means[link] for link in LINKS])
    assert "trinn det siktes mot" in words(figure)


def test_one_run_has_a_line_a_recommendation(ensemble: Ensemble) -> None:
    figure = norwegian(plot_gantt, ensemble, 2)
    trace = ensemble.trace(2)
    ends = trace["to_stage"].isin(["implemented", "dropped"]).sum()
    marks = [line for line in figure.axes[0].lines if line.get_marker() in ("o", "X")]
    assert len(marks) == ends > 0
    assert "Kjøring 3 av 4" in figure.legends[0].get_title().get_text()
    with pytest.raises(ValueError, match="run = 4: must be a whole number from 0 to 3"):
        plot_gantt(ensemble, 4)


def bars(**more: Any) -> pd.DataFrame:
    rows = {"factor": ["small", "large", "none"], "index": [0.1, -0.5, np.nan], "low": [0.0, -0.6, np.nan]}
    return pd.DataFrame({**rows, "high": [0.2, -0.4, np.nan], **more})


def test_bars_come_by_size_and_without_the_unknown() -> None:
    figure = plot_tornado(bars(), title="T", axis="A", foot="F")
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["large", "small"]
    assert [bar.get_width() for bar in figure.axes[0].patches] == [-0.5, 0.1]  # type: ignore[attr-defined]


def test_bars_of_several_groups_and_of_none() -> None:
    assert "one" in words(plot_tornado(bars(of=["one", "two", "two"])))
    assert "nothing to show" in words(plot_tornado(bars().iloc[:0]))
    with pytest.raises(ValueError, match="the table lacks low"):
        plot_tornado(bars().drop(columns="low"))


def test_more_factors_than_fit_are_counted() -> None:
    table = pd.DataFrame(
        {"factor": [f"f{i}" for i in range(45)], "index": range(45), "low": 0.0, "high": 1.0}
    )
    assert "5 smaller ones" in plot_tornado(table).legends[0].get_title().get_text()


def test_sobol_bars_come_in_pairs() -> None:
    table = pd.concat([bars(order="first"), bars(order="total")])
    assert "med alle samspill" in words(norwegian(plot_sobol, table))
    with pytest.raises(ValueError, match="order"):
        plot_sobol(bars())


def test_robustness_counts_the_sets(robust: RobustComparison) -> None:
    figure = norwegian(plot_robustness, robust)
    share = robust.table(["implemented_rate"])["share_a_above_b"][0]
    assert f"«0-24-2018» høyest ({100 * share:.0f} %)" in words(figure)
    swapped = norwegian(plot_robustness, robust, pair=("dfo-simplified", "0-24-2018"))
    assert f"«dfo-simplified» høyest ({100 * (1 - share):.0f} %)" in words(swapped)
    with pytest.raises(ValueError, match="no scenario 'x'"):
        plot_robustness(robust, pair=("x", "0-24-2018"))
    with pytest.raises(ValueError, match="no outcome 'x'"):
        plot_robustness(robust, outcome="x")


def test_norwegian_axes_have_decimal_commas() -> None:
    figure = norwegian(plot_tornado, bars())
    figure.canvas.draw()
    assert "−0,5" in [label.get_text() for label in figure.axes[0].get_xticklabels()]


@pytest.fixture(scope="module")
def strange() -> Scenario:
    """A scenario whose names and titles carry everything that could be misread."""
    scenario = load_scenario("0-24-2018")
    name = "$x_1$ =1+1 <script>alert(1)</script> \\frac{"
    title = scenario.title.model_copy(update={"en": name, "nb": name})
    forums = [forum.model_copy(update={"title": title}) for forum in scenario.arrangement.forum]
    projects = [project.model_copy(update={"title": title}) for project in scenario.portfolio.project]
    return replace(
        scenario,
        name=name,
        title=title,
        arrangement=scenario.arrangement.model_copy(update={"forum": forums}),
        portfolio=scenario.portfolio.model_copy(update={"project": projects}),
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_stand_as_they_are(strange: Scenario, tmp_path: Path, lang: str) -> None:
    ensemble = simulate(strange, runs=2, months=30)
    named = {strange.name: ensemble}
    figures = (
        plot_structure(strange),
        plot_trust(ensemble),
        plot_meetings(named),
        plot_frameworks(named),
        plot_gantt(ensemble, 0),
        plot_tornado(bars(of=strange.name), title="$"),
    )
    for figure in figures:
        save_figure(figure, tmp_path / "f.svg")
    assert "<script" not in (tmp_path / "f.svg").read_text(encoding="utf-8")
