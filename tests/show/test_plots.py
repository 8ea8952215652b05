"""Figures: drawn for every kind of result, in both languages, 1280 pixels wide."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from speaking import norwegian
from tverretatlig_sim import Comparison, Ensemble, compare, simulate
from tverretatlig_sim.show.plots import plot_differences, plot_funnel, plot_series, save_figure


def pixels(path: Path) -> tuple[int, int]:
    width, height = struct.unpack(">II", path.read_bytes()[16:24])
    return width, height


@pytest.mark.parametrize("lang", ["en", "nb"])
def test_funnel(comparison: Comparison, tmp_path: Path, lang: str) -> None:
    figure = plot_funnel(comparison.ensembles)  # type: ignore[arg-type]
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["0-24-2018", "dfo-simplified"]
    save_figure(figure, tmp_path / "f.png")
    assert pixels(tmp_path / "f.png")[0] == 1280


def test_bars_of_the_funnel_are_the_numbers_of_the_funnel(ensemble: Ensemble) -> None:
    axes = plot_funnel({"x": ensemble}).axes[0]
    reached = [bar.get_width() for bar in axes.patches if bar.get_x() == 0 and bar.get_width() > 0]  # type: ignore[attr-defined]
    funnel = ensemble.funnel()["reached"]
    assert reached[:2] == pytest.approx((100 * funnel / funnel.iloc[0]).tolist()[:2])


def test_differences_of_two_and_of_many(comparison: Comparison, many: Comparison) -> None:
    assert len(norwegian(plot_differences, comparison).axes) == 4
    assert len(plot_differences(many).axes) == 4


def test_undefined_rates_are_said_to_be(tmp_path: Path) -> None:
    short = compare(["0-24-2018", "dfo-simplified"], runs=1, months=2, series="none")
    figure = plot_differences(short)
    assert any("undefined" in text.get_text() for text in figure.axes[0].texts)
    save_figure(figure, tmp_path / "f.png")
    save_figure(plot_funnel(short.ensembles), tmp_path / "g.png")


def test_series_as_moments_and_as_runs(ensemble: Ensemble) -> None:
    runs = simulate("0-24-2018", runs=4, months=40, series="runs")
    one, other = (plot_series(each, ["trust_mean"]).axes[0].lines[0].get_ydata() for each in (ensemble, runs))
    assert list(one) == pytest.approx(list(other))  # type: ignore[arg-type]


def test_every_series_can_be_drawn(ensemble: Ensemble, tmp_path: Path) -> None:
    names = [str(name) for name in ensemble.series]
    figure = norwegian(plot_series, ensemble, names)
    assert len([axes for axes in figure.axes if axes.get_visible()]) == len(names)


def test_an_unknown_series_is_refused(ensemble: Ensemble) -> None:
    with pytest.raises(ValueError, match="no series 'trst'"):
        plot_series(ensemble, ["trst"])


def test_strange_names_are_drawn_as_they_are(ensemble: Ensemble, tmp_path: Path) -> None:
    save_figure(plot_funnel({"$a$ <b> & 漢字": ensemble, "$": ensemble}), tmp_path / "f.svg")
    assert (tmp_path / "f.svg").stat().st_size > 0


def test_the_same_figure_gives_the_same_bytes(ensemble: Ensemble, tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        save_figure(plot_funnel({"x": ensemble}), tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_no_global_state() -> None:
    code = "import sys; from tverretatlig_sim.show import plots; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
