"""Figures of the report, each as one image inside the page."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from tverretatlig_sim.show.frames import rows_of
from tverretatlig_sim.show.labels import Language, label
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


def structures(dossier: Dossier, titles: Sequence[str], lang: Language) -> list[Picture]:
    """A map of each arrangement."""
    return [
        picture(
            plot_structure(scenario, lang),
            label("alt.structure", lang).format(
                title=title,
                ministries=len(scenario.ministries),
                agencies=len(scenario.agencies),
                forums=len(scenario.arrangement.forum),
            ),
            label("caption.structure", lang).format(title=title),
        )
        for scenario, title in zip(dossier.scenarios, titles, strict=True)
    ]


def differences(dossier: Dossier, lang: Language) -> Picture:
    """Paired differences in all outcomes."""
    figure = plot_differences(dossier.comparison, lang)
    return picture(figure, label("alt.differences", lang), label("figure.differences", lang))


def funnels(ensembles: Mapping[str, Ensemble], lang: Language) -> Picture:
    """The funnel of each arrangement, by title."""
    return picture(plot_funnel(ensembles, lang), label("alt.funnel", lang), label("report.funnel", lang))


def meetings(ensembles: Mapping[str, Ensemble], lang: Language) -> Picture:
    """What meeting time goes to, by title."""
    figure = plot_meetings(ensembles, lang)
    return picture(figure, label("alt.meetings", lang), label("caption.meetings", lang))


def frameworks(ensembles: Mapping[str, Ensemble], lang: Language) -> Picture:
    """The rungs reached and the links of the chain, by title."""
    figure = plot_frameworks(ensembles, lang)
    return picture(figure, label("alt.frameworks", lang), label("frameworks.title", lang))


def parts(dossier: Dossier, lang: Language) -> Picture:
    """Contributions of the parts that differ."""
    rows = [
        {"factor": label(f"part.{row['part']}", lang), **_points(row)}
        for row in rows_of(dossier.explanation.table())
        if row["differs"]
    ]
    return _bars(rows, "parts", lang)


def levers(dossier: Dossier, titles: Mapping[str, str], lang: Language) -> Picture:
    """Effects of the levers on both arrangements."""
    named = {lever.name: getattr(lever.title, lang) for lever in dossier.levers}
    rows = [
        {"factor": named[row["lever"]], "of": titles[row["scenario"]], **_points(row)}
        for row in rows_of(dossier.effects.table)
        if not row["reason"]
    ]
    return _bars(rows, "levers", lang)


def _points(row: Mapping[str, float]) -> dict[str, float]:
    return {"index": 100 * row["mean"], "low": 100 * row["low"], "high": 100 * row["high"]}


def _bars(rows: Sequence[Mapping[str, object]], key: str, lang: Language) -> Picture:
    import pandas as pd

    columns = ["factor", "index", "low", "high", *(["of"] if key == "levers" else [])]
    table: pd.DataFrame = pd.DataFrame(rows, columns=columns)
    caption = label(f"caption.{key}", lang)
    figure = plot_tornado(table, lang, title=caption, axis=label("figure.points", lang))
    return picture(figure, label(f"alt.{key}", lang), caption)


def robustness(dossier: Dossier, lang: Language) -> Picture | None:
    """Over the parameter sets, if they were run."""
    if dossier.robust is None:
        return None
    figure = plot_robustness(dossier.robust, lang)
    return picture(figure, label("alt.robust", lang), label("caption.robust", lang))
