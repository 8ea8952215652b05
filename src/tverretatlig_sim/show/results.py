"""Which files hold the results of a simulation or a comparison."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tverretatlig_sim.scenario.spreadsheets import write_csv
from tverretatlig_sim.show.documents import Document, as_json, comparison_document, ensembles_document
from tverretatlig_sim.show.files import Writer
from tverretatlig_sim.show.frames import stacked

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from tverretatlig_sim.ensemble.compare import Comparison
    from tverretatlig_sim.ensemble.ensemble import Ensemble

LONGEST = 100
"""Longest name of a folder or file made from names of scenarios, in characters."""


def file_name(*names: str) -> str:
    """A name for a file or folder: letters, digits and hyphens of the given names."""
    return re.sub(r"[^\w.]+", "-", "-".join(names)).strip("-.")[:LONGEST] or "results"


def comparison_files(comparison: Comparison) -> dict[str, Writer]:
    """Numbers and figures of a comparison, by file name."""
    from tverretatlig_sim.show.plots import plot_differences, plot_funnel  # matplotlib is slow to import

    return {
        **_numbers(comparison.ensembles),
        "differences.csv": partial(write_csv, comparison.table()),
        "comparison.json": partial(_write_json, comparison_document(comparison)),
        **figure_files("funnel", plot_funnel(comparison.ensembles)),
        **figure_files("differences", plot_differences(comparison)),
    }


def ensembles_files(ensembles: Mapping[str, Ensemble]) -> dict[str, Writer]:
    """Numbers and figures of one or more ensembles with monthly series, by file name."""
    from tverretatlig_sim.show.plots import plot_funnel, plot_series  # matplotlib is slow to import

    files: dict[str, Writer] = {
        **_numbers(ensembles),
        "series.csv": partial(write_csv, series_table(ensembles)),
        "run.json": partial(_write_json, ensembles_document(ensembles)),
        **figure_files("funnel", plot_funnel(ensembles)),
    }
    for place, (name, ensemble) in enumerate(ensembles.items(), start=1):
        # The number keeps apart scenarios whose names differ only in what a file name cannot hold.
        stem = "series" if len(ensembles) == 1 else f"series-{place}-{file_name(name)}"
        files.update(figure_files(stem, plot_series(ensemble)))
    return files


def _numbers(ensembles: Mapping[str, Ensemble]) -> dict[str, Writer]:
    tables = {
        "outcomes.csv": {name: ensemble.outcomes for name, ensemble in ensembles.items()},
        "summary.csv": {name: ensemble.summary() for name, ensemble in ensembles.items()},
        "funnel.csv": {name: ensemble.funnel() for name, ensemble in ensembles.items()},
        "frameworks.csv": {name: ensemble.frameworks() for name, ensemble in ensembles.items()},
    }
    return {file: partial(write_csv, stacked(frames)) for file, frames in tables.items()}


def series_table(ensembles: Mapping[str, Ensemble]) -> pd.DataFrame:
    """Monthly series as one long table.

    Returns:
        Columns ``scenario``, ``variable``, ``of`` (the entity, empty if there is none; several joined with
        " / "), ``month``, ``date``, ``mean``, ``sd``.
    """
    import pandas as pd

    return pd.concat(
        [
            _long(ensemble, str(variable)).assign(scenario=name)
            for name, ensemble in ensembles.items()
            for variable in ensemble.series.data_vars
        ]
    )[["scenario", "variable", "of", "month", "date", "mean", "sd"]]


def _long(ensemble: Ensemble, variable: str) -> pd.DataFrame:
    array = ensemble.series[variable]
    entities = [str(dim) for dim in array.dims if dim not in ("statistic", "month")]
    frame = array.transpose("statistic", *entities, "month").to_series().unstack("statistic").reset_index()
    of: Any = frame[entities].agg(" / ".join, axis=1) if entities else ""
    date = ensemble.series["date"].to_series().loc[frame["month"]].to_numpy()
    return frame.assign(variable=variable, of=of, date=date)


def figure_files(stem: str, figure: Figure) -> dict[str, Writer]:
    """A figure as PNG and SVG, by file name."""
    return {f"{stem}.{kind}": partial(_write_figure, figure) for kind in ("png", "svg")}


def _write_figure(figure: Figure, path: Path) -> None:
    from tverretatlig_sim.show.plots import save_figure

    save_figure(figure, path)


def _write_json(document: Document, path: Path) -> None:
    path.write_text(as_json(document) + "\n", encoding="utf-8")
