"""Figures of the report, each as one image inside the page."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.plots import (
    plot_differences,
    plot_frameworks,
    plot_funnel,
    plot_meetings,
    plot_robustness,
    plot_structure,
    plot_tornado,
    save_figure,
)
from tverretatlig_sim.show.rows import rows_of

if TYPE_CHECKING:
    import pandas as pd

    from tverretatlig_sim.ensemble.ensemble import Ensemble
    from tverretatlig_sim.study.dossier import Dossier


@dataclass(frozen=True)
class Picture:
    """A figure in the page.

    Attributes:
        uri: the image itself, as a data URI.
        alt: what it shows, for readers who do not see it.
        caption: its heading.
        width, height: in pixels.
    """

    uri: str
    alt: str
    caption: str
    width: int
    height: int


def picture(figure: Figure, alt: str, caption: str) -> Picture:
    """A figure as an SVG image inside the page: sharp at any size, and its names no part of the markup."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "figure.svg"
        save_figure(figure, path)
        content = b64encode(path.read_bytes()).decode("ascii")
    width, height = (round(96 * inches) for inches in figure.get_size_inches())
    return Picture(f"data:image/svg+xml;base64,{content}", alt, caption, width, height)


def structures(dossier: Dossier, titles: Sequence[str]) -> list[Picture]:
    """A map of each arrangement."""
    return [
        picture(
            plot_structure(scenario),
            label(
                "alt.structure",
                title=title,
                ministries=len(scenario.ministries),
                agencies=len(scenario.agencies),
                forums=len(scenario.arrangement.forum),
            ),
            label("caption.structure", title=title),
        )
        for scenario, title in zip(dossier.scenarios, titles, strict=True)
    ]


def differences(dossier: Dossier) -> Picture:
    """Paired differences in all outcomes."""
    figure = plot_differences(dossier.comparison)
    return picture(figure, label("alt.differences"), label("figure.differences"))


def funnels(ensembles: Mapping[str, Ensemble]) -> Picture:
    """The funnel of each arrangement, by title."""
    return picture(plot_funnel(ensembles), label("alt.funnel"), label("report.funnel"))


def meetings(ensembles: Mapping[str, Ensemble]) -> Picture:
    """What meeting time goes to, by title."""
    figure = plot_meetings(ensembles)
    return picture(figure, label("alt.meetings"), label("caption.meetings"))


def frameworks(ensembles: Mapping[str, Ensemble]) -> Picture:
    """The rungs reached and the links of the chain, by title."""
    figure = plot_frameworks(ensembles)
    return picture(figure, label("alt.frameworks"), label("frameworks.title"))


def parts(dossier: Dossier) -> Picture:
    """Contributions of the parts that differ."""
    rows = [
        {"factor": label(f"part.{row['part']}"), **_points(row)}
        for row in rows_of(dossier.explanation.table())
        if row["differs"]
    ]
    return _bars(rows, "parts")


def levers(dossier: Dossier, titles: Mapping[str, str]) -> Picture:
    """Effects of the levers on both arrangements."""
    named = {lever.name: str(lever.title) for lever in dossier.levers}
    rows = [
        {"factor": named[row["lever"]], "of": titles[row["scenario"]], **_points(row)}
        for row in rows_of(dossier.effects.table)
        if not row["reason"]
    ]
    return _bars(rows, "levers")


def _points(row: Mapping[str, float]) -> dict[str, float]:
    return {"index": 100 * row["mean"], "low": 100 * row["low"], "high": 100 * row["high"]}


def _bars(rows: Sequence[Mapping[str, object]], key: str) -> Picture:
    import pandas as pd

    columns = ["factor", "index", "low", "high", *(["of"] if key == "levers" else [])]
    table: pd.DataFrame = pd.DataFrame(rows, columns=columns)
    caption = label(f"caption.{key}")
    figure = plot_tornado(table, title=caption, axis=label("figure.points"))
    return picture(figure, label(f"alt.{key}"), caption)


def robustness(dossier: Dossier) -> Picture | None:
    """Over the parameter sets, if they were run."""
    if dossier.robust is None:
        return None
    figure = plot_robustness(dossier.robust)
    return picture(figure, label("alt.robust"), label("caption.robust"))
