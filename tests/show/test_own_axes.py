"""Every figure is drawn into panels of the user's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from matplotlib.figure import Figure

import tverretatlig_sim as ts
from tverretatlig_sim.show import plots


@pytest.fixture(scope="module")
def both() -> ts.Comparison:
    return ts.compare(["0-24-2018", "dfo-simplified"], 4, months=40)


DRAWN: dict[str, tuple[int, Callable[[ts.Comparison, Any], Figure]]] = {
    "funnel": (2, lambda it, ax: plots.plot_funnel(it, ax=ax)),
    "incidence": (2, lambda it, ax: plots.plot_incidence(it, ax=ax)),
    "series": (1, lambda it, ax: plots.plot_series(it.ensembles["0-24-2018"], "trust_mean", ax=ax)),
    "meetings": (2, lambda it, ax: plots.plot_meetings(it, ax=ax)),
    "frameworks": (2, lambda it, ax: plots.plot_frameworks(it, ax=ax)),
    "trust": (2, lambda it, ax: plots.plot_trust(it.ensembles["0-24-2018"], ax=ax)),
    "differences": (1, lambda it, ax: plots.plot_differences(it, ax=ax)),
    "structure": (1, lambda it, ax: plots.plot_structure("0-24-2018", ax=ax)),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_figures_are_drawn_where_the_user_says(kind: str, both: ts.Comparison) -> None:
    number, draw = DRAWN[kind]
    figure = Figure()
    panels = figure.subplots(1, number + 1)
    assert draw(both, panels[0] if number == 1 else panels[:number]) is figure
    assert all(panel.has_data() for panel in panels[:number])
    assert not panels[number].has_data()


def test_another_number_of_panels_is_refused(both: ts.Comparison) -> None:
    with pytest.raises(ValueError, match="ax: 1 panels; allowed: 2 here"):
        plots.plot_funnel(both, ax=Figure().subplots())
