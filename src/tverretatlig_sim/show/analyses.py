"""Analyses of a study as tables, sentences, documents and files."""

from __future__ import annotations

from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

from tverretatlig_sim.language import text_in
from tverretatlig_sim.scenario.spreadsheets import write_csv
from tverretatlig_sim.show.documents import Document, records
from tverretatlig_sim.show.files import Writer
from tverretatlig_sim.show.frames import Row, rows_of
from tverretatlig_sim.show.labels import Language, label, unit
from tverretatlig_sim.show.numbers import DECIMALS, MISSING, number, plain, scaled
from tverretatlig_sim.show.results import figure_files, file_name
from tverretatlig_sim.show.tables import outcome_label, table

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType
    from rich.table import Table

    from tverretatlig_sim.study.analysis import Analyses, Discovery

MOST = 12
"""Factors shown of each arrangement; documents and files have all."""


def analyses_tables(found: Analyses, lang: Language) -> list[RenderableType]:
    """Every analysis, for people."""
    parts: list[RenderableType] = [outcome_label(found.outcome, lang), *_noise(found, lang)]
    for method, frame in found.tables.items():
        if method == "convergence":
            parts.append(_convergence(frame, found.outcome, lang))
        elif method == "dependence":
            parts.append(_dependence(frame, found.outcome, lang))
        else:
            parts += [_ranked(frame, method, found.outcome, lang), label(f"analysis.{method}.note", lang)]
    left_out = label("analysis.left_out", lang)
    return [
        *parts,
        *(discovery_sentence(item, lang) for item in found.discoveries),
        *(left_out.format(reason=text_in(lang, why)) for why in found.left_out),
    ]


def _noise(found: Analyses, lang: Language) -> list[RenderableType]:
    columns = {"": "fold", label("analysis.points", lang): "right", label("analysis.luck", lang): "right"}
    made = table("", columns)
    rows = rows_of(found.noise)
    for row in rows:
        made.add_row(row["of"], str(row["points"]), _percent(_clipped(row["noise_share"]), lang))
    return [made, label(f"analysis.luck.{rows[0]['luck']}", lang)]


def _clipped(share: float) -> float:
    """An estimate of a share can be a little outside the range of shares."""
    return min(max(share, 0.0), 1.0) if isfinite(share) else share


def _percent(share: float, lang: Language) -> str:
    return f"{number(100 * share, 0, lang)} %" if isfinite(share) else MISSING


def _ranked(frame: pd.DataFrame, method: str, outcome: str, lang: Language) -> Table:
    """Factors by size, a column for each kind of index."""
    kinds = list(frame["order"].unique()) if "order" in frame else [method]
    headings = {label(f"analysis.index.{kind}", lang): "right" for kind in kinds}
    beside = {"morris": "luck", "pawn": "floor"}.get(method)
    more = {label(f"analysis.{beside}", lang): "right"} if beside else {}
    made = table(
        label(f"analysis.{method}", lang),
        {"": "fold", label("study.factor", lang): "left", **headings, **more},
    )
    kind = unit(outcome) if method == "morris" else "number"
    for of, part in frame.groupby("of", sort=False):
        sizes = part.groupby("factor")["index"].max().sort_values(ascending=False)
        for place, factor in enumerate(sizes.index[:MOST]):
            rows = rows_of(part[part["factor"] == factor])
            cells = [_index(row, kind, lang) for row in rows]
            cells += [number(scaled(rows[0][beside], kind), 2, lang)] if beside else []
            made.add_row("" if place else str(of), str(factor), *cells)
        made.add_section()
    return made


def _index(row: Row, kind: str, lang: Language) -> str:
    factor = 100 if kind == "share" else 1
    index, low, high = (number(factor * row[key], 2, lang) for key in ("index", "low", "high"))
    return f"{index} ({low} … {high})" if isfinite(row["low"]) else index


def _dependence(frame: pd.DataFrame, outcome: str, lang: Language) -> Table:
    """For each factor the mean in its lowest and highest bin, those that move it most first."""
    headings = [label(f"analysis.{key}", lang) for key in ("lowest", "highest", "move")]
    made = table(
        label("analysis.dependence", lang),
        {"": "fold", label("study.factor", lang): "left", **dict.fromkeys(headings, "right")},
    )
    kind = unit(outcome)
    for of, part in frame.groupby("of", sort=False):
        ends = {str(name): rows_of(bins) for name, bins in part.groupby("factor", sort=False)}
        order = sorted(ends, key=lambda name: -abs(ends[name][-1]["mean"] - ends[name][0]["mean"]))
        for place, name in enumerate(order[:MOST]):
            first, last = ends[name][0], ends[name][-1]
            cells = [number(scaled(row["mean"], kind), DECIMALS[kind] + 1, lang) for row in (first, last)]
            move = scaled(last["mean"] - first["mean"], kind)
            made.add_row(
                "" if place else str(of), name, *cells, number(move, DECIMALS[kind] + 1, lang, sign=True)
            )
        made.add_section()
    return made


def _convergence(frame: pd.DataFrame, outcome: str, lang: Language) -> Table:
    pairs = [str(of) for of in frame["of"].unique()]
    made = table(
        label("analysis.convergence", lang),
        {label("analysis.runs", lang): "right", **dict.fromkeys(pairs, "right")},
    )
    for runs, part in frame.groupby("runs"):
        mark = "*" if part["extrapolated"].any() else ""
        made.add_row(f"{runs}{mark}", *(_percent(share, lang) for share in part["settled"]))
    return made


def discovery_sentence(found: Discovery, lang: Language) -> str:
    """Under which conditions A loses to B, in a sentence that the numbers support."""
    names = {"a": found.a, "b": found.b, "outcome": label(found.outcome, lang)}
    base = _percent(found.base_rate, lang)
    if not found.found:
        return label("analysis.discover.none", lang).format(**names, base=base, points=found.all_points)
    (low, high), conditions = found.density_interval, _conditions(found, lang)
    return label("analysis.discover.found", lang).format(
        **names,
        conditions=conditions,
        density=_percent(found.density, lang),
        low=_percent(low, lang),
        high=_percent(high, lang),
        coverage=_percent(found.coverage, lang),
        base=base,
        points=found.all_points,
    )


def _conditions(found: Discovery, lang: Language) -> str:
    return f" {label('analysis.and', lang)} ".join(_condition(row, lang) for row in rows_of(found.limits))


def _condition(row: Row, lang: Language) -> str:
    low, high = (plain(float(f"{row[end]:.3g}"), lang) for end in ("low", "high"))
    kind = (
        "between"
        if isfinite(row["low"]) and isfinite(row["high"])
        else "from"
        if isfinite(row["low"])
        else "to"
    )
    return label(f"analysis.limit.{kind}", lang).format(factor=row["factor"], low=low, high=high)


def analyses_document(found: Analyses, lang: Language) -> Document:
    """Every analysis as plain numbers."""
    return {
        "outcome": found.outcome,
        "noise": records(found.noise),
        **{method: records(frame) for method, frame in found.tables.items()},
        "discover": [_discovery_document(item, lang) for item in found.discoveries],
        "left_out": list(found.left_out),
    }


def _discovery_document(found: Discovery, lang: Language) -> Document:
    counts = {key: getattr(found, key) for key in ("a", "b", "points", "losses", "inside", "inside_losses")}
    shares = {key: getattr(found, key) for key in ("density", "coverage", "base_rate")}
    return {
        **counts,
        "found": found.found,
        **{key: value if isfinite(value) else None for key, value in shares.items()},
        "limits": records(found.limits),
        "finding": discovery_sentence(found, lang),
    }


def analyses_files(found: Analyses, lang: Language) -> dict[str, Writer]:
    """A table for each analysis, and bars for each ranking, by file name."""
    from tverretatlig_sim.show.plots import plot_sobol, plot_tornado  # matplotlib is slow to import

    files: dict[str, Writer] = {"noise.csv": partial(write_csv, found.noise)}
    for method, frame in found.tables.items():
        files[f"{method}.csv"] = partial(write_csv, frame)
        plot = {"sobol": plot_sobol, "morris": plot_tornado, "pawn": plot_tornado}.get(method)
        for place, (of, part) in enumerate(frame.groupby("of", sort=False), start=1):
            if plot is not None:
                drawn = plot(part.drop(columns="of"), lang, title=str(of))
                files.update(figure_files(f"{method}-{place}-{file_name(str(of))}", drawn))
    for place, item in enumerate(found.discoveries, start=1):
        files[f"discover-{place}.csv"] = partial(write_csv, item.limits)
    return files
