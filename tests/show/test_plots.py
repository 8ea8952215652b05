"""Figures show the numbers of the results, in both languages, whatever a user has set."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure

from choosing import KINDS, mostly_slow
from speaking import norwegian
from tverretatlig_sim import Comparison, Ensemble, compare, load_scenario, simulate
from tverretatlig_sim.ensemble.frameworks import LINKS
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario.edits import arranged
from tverretatlig_sim.show import plots
from tverretatlig_sim.show.plots import OF_ENSEMBLE, plot_result
from tverretatlig_sim.study.history_matching import stored_sets
from tverretatlig_sim.study.robust import RobustComparison, compare_robustly

from .conftest import named_badly

A, B = "0-24-2018", "dfo-simplified"
Numbers = tuple[Any, Any]


def words(figure: Figure) -> str:
    """All text in a figure."""
    axes = [text.get_text() for panel in figure.axes for text in panel.texts]
    ticks = [tick.get_text() for panel in figure.axes for tick in panel.get_yticklabels()]
    legends = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    titles = [legend.get_title().get_text() for legend in figure.legends]
    return "\n".join([figure.get_suptitle(), *axes, *ticks, *legends, *titles])


def bars(figure: Figure, panel: int = 0, size: str = "width") -> list[float]:
    return [getattr(bar, f"get_{size}")() for bar in figure.axes[panel].patches]


def marks(figure: Figure, panel: int, marker: str) -> list[Any]:
    return [line for line in figure.axes[panel].lines if line.get_marker() == marker]


def effects(**more: Any) -> pd.DataFrame:
    rows = {"factor": ["small", "large", "none"], "index": [0.1, -0.5, np.nan], "low": [0.0, -0.6, np.nan]}
    return pd.DataFrame({**rows, "high": [0.2, -0.4, np.nan], **more})


@pytest.fixture(scope="module")
def robust() -> RobustComparison:
    return compare_robustly([load_scenario(A), load_scenario(B)], stored_sets(6), runs=2, months=40)


def _funnel(comparison: Comparison, _: RobustComparison) -> Numbers:
    drawn = norwegian(plots.plot_funnel, comparison).axes[1].containers[0]
    reached = comparison.ensembles[B].funnel()["reached"]
    return [bar.get_width() for bar in drawn], 100 * reached / reached.iloc[0]


def _differences(comparison: Comparison, _: RobustComparison) -> Numbers:
    figure = norwegian(plots.plot_differences, comparison)
    panels = (figure.axes[place] for place in (0, 1, 3, 2))
    drawn = [
        value
        for panel in panels
        for line in panel.lines
        if line.get_marker() == "o"
        for value in line.get_xdata()
    ]
    means = comparison.table().set_index("outcome")["mean"]
    of = {
        kind: [it.name for it in OUTCOMES.values() if it.unit == kind]
        for kind in ("share", "months", "level")
    }
    shares = [100 * means[name] for name in ("implemented_rate", *of["share"])]
    return drawn, [*shares, *means[[*of["months"], *of["level"]]]]


def _meetings(comparison: Comparison, _: RobustComparison) -> Numbers:
    shares = [100 * one.outcomes["structure_share"].mean() for one in comparison.ensembles.values()]
    expected = [part for share in shares for part in (share, 100 - share)]
    return bars(norwegian(plots.plot_meetings, comparison)), expected


def _ladder(comparison: Comparison, _: RobustComparison) -> Numbers:
    means = comparison.ensembles[A].frameworks()["mean"]
    figure = norwegian(plots.plot_frameworks, comparison)
    assert "trinn det siktes mot" in words(figure)
    return bars(figure, 0, "height")[:4], [100 * means[f"ladder.rung_{rung}"] for rung in (1, 2, 3, 4)]


def _chain(comparison: Comparison, _: RobustComparison) -> Numbers:
    means = comparison.ensembles[B].frameworks()["mean"]
    return bars(plots.plot_frameworks(comparison), 1)[5:], [100 * means[link] for link in LINKS]


def _robustness(_: Comparison, robust: RobustComparison) -> Numbers:
    share = robust.table(["implemented_rate"])["better"][0]
    assert f"«{A}» best ({100 * share:.0f} %)" in words(norwegian(plots.plot_robustness, robust))
    swapped = plots.plot_robustness(robust, pair=(B, A))
    known = robust.expected(B, A, "implemented_rate").mean
    return sorted(bars(swapped, 0, "height")), sorted(100 * known[~np.isnan(known)])


def _tornado(*_: object) -> Numbers:
    figure = norwegian(plots.plot_tornado, effects(), title="T", axis="A", foot="F")
    figure.canvas.draw()
    assert "−0,5" in [tick.get_text() for tick in figure.axes[0].get_xticklabels()]
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == ["large", "small"]
    return [*bars(figure), *bars(figure, 0, "y")], [0.1, -0.5, 0.632, -0.368]


def _sobol(*_: object) -> Numbers:
    figure = norwegian(plots.plot_sobol, pd.concat([effects(order="first"), effects(order="total")]))
    assert "med alle samspill" in words(figure)
    return sorted(bars(figure)), [-0.5, -0.5, 0.1, 0.1]


def _pareto(*_: object) -> Numbers:
    columns = [f"fresh_{side}{end}" for side in ("gain", "cost") for end in ("", "_low", "_high")]
    fresh = pd.DataFrame([(0.5, 0.4, 0.6, 20, 10, 30), (0.7, 0.6, 0.9, 40, 30, 50)], columns=columns)
    front = fresh.assign(gain=[0.6, 0.8], cost=[21, 41], clear=[True, False], holds=True)
    job = SimpleNamespace(
        gain="implemented_rate", cost="fte_spent", scenario=load_scenario(A), runs=4, seed=1, months=30
    )
    point = SimpleNamespace(mean=0.4)
    search = SimpleNamespace(
        job=job, front=front, table=lambda: front, fresh_runs=9, as_it_is=(point, SimpleNamespace(mean=5.0))
    )
    figure = norwegian(plots.plot_pareto, search)
    shown = [mark for mark in marks(figure, 0, "o") if mark.get_markersize() == 8]
    assert [mark.get_markerfacecolor() for mark in shown][1] == "white"
    star = marks(figure, 0, "*")[0]
    drawn = [value for mark in [*shown, star] for part in mark.get_data() for value in part]
    return drawn, [20, 50, 40, 70, 5, 40]


DRAWN: Mapping[str, Callable[..., Numbers]] = {
    name.strip("_"): case
    for name, case in list(globals().items())
    if name.startswith("_") and getattr(case, "__module__", "") == __name__
}


@pytest.mark.parametrize("figure", DRAWN)
def test_what_is_drawn_is_what_the_results_say(
    figure: str, comparison: Comparison, robust: RobustComparison
) -> None:
    drawn, expected = DRAWN[figure](comparison, robust)
    assert list(drawn) == pytest.approx(list(expected), nan_ok=True)
    assert len(drawn)


@pytest.mark.slow
def test_series_as_moments_and_as_runs(ensemble: Ensemble) -> None:
    runs = simulate(A, runs=4, months=40, series="runs")
    one, other = (plots.plot_series(each, "trust_mean").axes[0].lines[0] for each in (ensemble, runs))
    assert list(one.get_ydata()) == pytest.approx(list(other.get_ydata()))
    assert one.get_ydata()[-1] == pytest.approx(runs.series["trust_mean"].isel(month=-1).mean("run").item())
    names = [str(name) for name in ensemble.series]
    shown = [axes for axes in norwegian(plots.plot_series, ensemble, names).axes if axes.get_visible()]
    assert len(shown) == len(names)


def test_trust_is_that_of_the_last_month_the_core_first(ensemble: Ensemble) -> None:
    figure = norwegian(plots.plot_trust, ensemble)
    trust = ensemble.series["trust"].sel(statistic="mean").isel(month=-1)
    names = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    drawn = np.asarray(figure.axes[0].images[0].get_array())
    assert drawn[names.index("Udir"), names.index("AVdir")] == pytest.approx(
        100 * float(trust.sel(tie="Udir → AVdir"))
    )
    core = sorted(ensemble.scenario.core)
    assert names[: len(core)] == core
    among = [float(trust.sel(tie=f"{a} → {b}")) for a in core for b in core if f"{a} → {b}" in trust["tie"]]
    assert figure.axes[1].texts[0].get_text().endswith(f"→ {100 * np.mean(among):.0f}")
    scenario = arranged(
        ensemble.scenario,
        member=[it.model_copy(update={"core": False}) for it in ensemble.scenario.arrangement.member],
    )
    coreless = replace(ensemble, scenario=scenario)
    assert len(plots.plot_trust(coreless).axes[1].texts) == 1


def test_one_run_has_a_line_a_recommendation(ensemble: Ensemble) -> None:
    figure = norwegian(plots.plot_gantt, ensemble, 2)
    ends = ensemble.trace(2)["to_stage"].value_counts()
    assert {mark: len(marks(figure, 0, mark)) for mark in "oX"} == {
        "o": ends.get("implemented", 0),
        "X": ends.get("dropped", 0),
    }
    assert len(bars(figure)) == len(ensemble.scenario.portfolio.project)
    assert "Kjøring 3 av 4" in words(figure)


@pytest.mark.parametrize("name", mostly_slow(KINDS))
def test_every_structure_is_drawn_with_its_names_and_seats(name: str) -> None:
    scenario = load_scenario(name)
    figure = norwegian(plots.plot_structure, name)
    said = words(figure)
    names = [m.name for m in scenario.ministries] + [a.name for a in scenario.agencies]
    assert [name for name in names if name[:17] not in said] == []
    assert scenario.title.nb in said
    seats = [len(mark.get_xdata()) for mark in marks(figure, 0, "o") if mark.get_markersize() == 9]
    agencies = {agency.name for agency in scenario.agencies}  # ministries stand above, without their seats
    assert seats == [len(agencies & {*forum.seats}) for forum in scenario.arrangement.forum]
    assert (norwegian(label, "structure.no_forum") in said) == (not seats)


REFUSED: Mapping[str, tuple[Callable[..., object], str]] = {
    "no such series": (lambda e, r: plots.plot_series(e, ["trst"]), "no series 'trst'; allowed: "),
    "no ensembles": (lambda e, r: plots.plot_funnel({}), "there is no ensemble to draw"),
    "no such run": (lambda e, r: plots.plot_gantt(e, 4), "must be a whole number from 0 to 3"),
    "no such scenario": (lambda e, r: plots.plot_robustness(r, pair=("x", A)), "no scenario 'x'"),
    "no such outcome": (lambda e, r: plots.plot_robustness(r, outcome="x"), "no outcome 'x'"),
    "no such picture": (lambda e, r: plot_result(e, "pie"), "no picture 'pie'; allowed: series,"),
    "a column lacks": (lambda e, r: plots.plot_tornado(effects().drop(columns="low")), "the table lacks low"),
    "no order": (lambda e, r: plots.plot_sobol(effects()), "the table lacks order"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(
    case: str, ensemble: Ensemble, robust: RobustComparison
) -> None:
    draw, said = REFUSED[case]
    with pytest.raises(ValueError, match=said):
        draw(ensemble, robust)


def test_nothing_to_show_is_said() -> None:
    short = compare([A, B], runs=1, months=2, series="none")
    assert "undefined" in words(plots.plot_differences(short))
    silent = simulate("pure-hierarchy", runs=1, months=3, series="none")
    assert "no meetings" in words(plots.plot_meetings(silent))
    with pytest.raises(ValueError, match="kept no series of trust"):
        plots.plot_trust(silent)
    assert "nothing to show" in words(plots.plot_tornado(effects().iloc[:0]))
    table = pd.DataFrame(
        {"factor": [f"f{i}" for i in range(45)], "index": range(45), "low": 0.0, "high": 1.0}
    )
    assert "5 smaller ones" in words(plots.plot_tornado(table))


def test_many_scenarios_and_a_panel_of_ones_own(many: Comparison) -> None:
    assert len(plot_result(many).axes) == 4
    assert [axes.get_title(loc="left") for axes in plot_result(many, "funnel").axes] == [
        A, B, "pure-hierarchy"
    ]  # fmt: skip
    mine = Figure()
    panel = mine.subplots(1, 2)[1]
    assert plots.plot_tornado(effects(of=["one", "two", "two"]), title="T", ax=panel) is mine
    assert [text.get_text() for text in panel.get_legend().get_texts()] == ["one", "two"]
    assert panel.get_title(loc="left") == "T"


@pytest.mark.slow
def test_settings_of_the_user_change_nothing(ensemble: Ensemble, tmp_path: Path) -> None:
    plots.save_figure(plots.plot_funnel(ensemble), str(tmp_path / "a.svg"))
    hostile = {"text.usetex": True, "figure.facecolor": "black", "text.color": "white", "font.size": 3}
    with rc_context(hostile):
        plots.save_figure(plots.plot_funnel(ensemble), tmp_path / "b.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    plots.save_figure(plots.plot_meetings(ensemble), tmp_path / "f.png")
    assert struct.unpack(">I", (tmp_path / "f.png").read_bytes()[16:20]) == (1280,)
    code = "import sys; from tverretatlig_sim.show import plots; print('matplotlib.pyplot' in sys.modules)"
    wrong = {**os.environ, "MPLBACKEND": "nonsense"}
    done = subprocess.run([sys.executable, "-c", code], env=wrong, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("lang", ["en", pytest.param("nb", marks=pytest.mark.slow)])
def test_names_stand_as_they_are(tmp_path: Path, lang: str) -> None:
    bad = named_badly(load_scenario(A))
    ensemble = simulate(bad, runs=2, months=30)
    pictures = [plot_result(ensemble, kind) for kind in OF_ENSEMBLE]
    for figure in (plots.plot_structure(bad), plots.plot_tornado(effects(of=bad.name), title="$"), *pictures):
        plots.save_figure(figure, tmp_path / "f.svg")
        assert "<script" not in (tmp_path / "f.svg").read_text(encoding="utf-8")
