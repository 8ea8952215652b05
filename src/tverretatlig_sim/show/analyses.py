"""Analyses of a study as tables, sentences, documents and files."""

from __future__ import annotations

from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario.spreadsheets import write_csv
from tverretatlig_sim.show.documents import Document, records
from tverretatlig_sim.show.files import Writer
from tverretatlig_sim.show.frames import Row, rows_of
from tverretatlig_sim.show.labels import unit
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


def analyses_tables(found: Analyses) -> list[RenderableType]:
    """Every analysis, for people."""
    parts: list[RenderableType] = [outcome_label(found.outcome), *_noise(found)]
    for method, frame in found.tables.items():
        if method == "convergence":
            parts.append(_convergence(frame, found.outcome))
        elif method == "dependence":
            parts.append(_dependence(frame, found.outcome))
        else:
            parts += [_ranked(frame, method, found.outcome), label(f"analysis.{method}.note")]
    left_out = label("analysis.left_out")
    return [
        *parts,
        *(discovery_sentence(item) for item in found.discoveries),
        *(left_out.format(reason=str(why)) for why in found.left_out),
    ]


def _noise(found: Analyses) -> list[RenderableType]:
    columns = {"": "fold", label("analysis.points"): "right", label("analysis.luck"): "right"}
    made = table("", columns)
    rows = rows_of(found.noise)
    for row in rows:
        made.add_row(row["of"], str(row["points"]), _percent(_clipped(row["noise_share"])))
    return [made, label(f"analysis.luck.{rows[0]['luck']}")]


def _clipped(share: float) -> float:
    """An estimate of a share can be a little outside the range of shares."""
    return min(max(share, 0.0), 1.0) if isfinite(share) else share


def _percent(share: float) -> str:
    return f"{number(100 * share, 0)} %" if isfinite(share) else MISSING


def _ranked(frame: pd.DataFrame, method: str, outcome: str) -> Table:
    """Factors by size, a column for each kind of index."""
    kinds = list(frame["order"].unique()) if "order" in frame else [method]
    headings = {label(f"analysis.index.{kind}"): "right" for kind in kinds}
    beside = {"morris": "luck", "pawn": "floor"}.get(method)
    more = {label(f"analysis.{beside}"): "right"} if beside else {}
    made = table(
        label(f"analysis.{method}"),
        {"": "fold", label("study.factor"): "left", **headings, **more},
    )
    kind = unit(outcome) if method == "morris" else "number"
    for of, part in frame.groupby("of", sort=False):
        sizes = part.groupby("factor")["index"].max().sort_values(ascending=False)
        for place, factor in enumerate(sizes.index[:MOST]):
            rows = rows_of(part[part["factor"] == factor])
            cells = [_index(row, kind) for row in rows]
            cells += [number(scaled(rows[0][beside], kind), 2)] if beside else []
            made.add_row("" if place else str(of), str(factor), *cells)
        made.add_section()
    return made


def _index(row: Row, kind: str) -> str:
    factor = 100 if kind == "share" else 1
    index, low, high = (number(factor * row[key], 2) for key in ("index", "low", "high"))
    return f"{index} ({low} … {high})" if isfinite(row["low"]) else index


def _dependence(frame: pd.DataFrame, outcome: str) -> Table:
    """For each factor the mean in its lowest and highest bin, those that move it most first."""
    headings = [label(f"analysis.{key}") for key in ("lowest", "highest", "move")]
    made = table(
        label("analysis.dependence"),
        {"": "fold", label("study.factor"): "left", **dict.fromkeys(headings, "right")},
    )
    kind = unit(outcome)
    for of, part in frame.groupby("of", sort=False):
        ends = {str(name): rows_of(bins) for name, bins in part.groupby("factor", sort=False)}
        order = sorted(ends, key=lambda name: -abs(ends[name][-1]["mean"] - ends[name][0]["mean"]))
        for place, name in enumerate(order[:MOST]):
            first, last = ends[name][0], ends[name][-1]
            cells = [number(scaled(row["mean"], kind), DECIMALS[kind] + 1) for row in (first, last)]
            move = scaled(last["mean"] - first["mean"], kind)
            made.add_row("" if place else str(of), name, *cells, number(move, DECIMALS[kind] + 1, sign=True))
        made.add_section()
    return made


def _convergence(frame: pd.DataFrame, outcome: str) -> Table:
    pairs = [str(of) for of in frame["of"].unique()]
    made = table(
        label("analysis.convergence"),
        {label("analysis.runs"): "right", **dict.fromkeys(pairs, "right")},
    )
    for runs, part in frame.groupby("runs"):
        mark = "*" if part["extrapolated"].any() else ""
        made.add_row(f"{runs}{mark}", *(_percent(share) for share in part["settled"]))
    return made


def discovery_sentence(found: Discovery) -> str:
    """Under which conditions A loses to B, in a sentence that the numbers support."""
    names = {"a": found.a, "b": found.b, "outcome": label(found.outcome)}
    base = _percent(found.base_rate)
    if not found.found:
        return label("analysis.discover.none", **names, base=base, points=found.all_points)
    (low, high), conditions = found.density_interval, _conditions(found)
    return label(
        "analysis.discover.found",
        **names,
        conditions=conditions,
        density=_percent(found.density),
        low=_percent(low),
        high=_percent(high),
        coverage=_percent(found.coverage),
        base=base,
        points=found.all_points,
    )


def _conditions(found: Discovery) -> str:
    return f" {label('analysis.and')} ".join(_condition(row) for row in rows_of(found.limits))


def _condition(row: Row) -> str:
    low, high = (plain(float(f"{row[end]:.3g}")) for end in ("low", "high"))
    kind = (
        "between"
        if isfinite(row["low"]) and isfinite(row["high"])
        else "from"
        if isfinite(row["low"])
        else "to"
    )
    return label(f"analysis.limit.{kind}", factor=row["factor"], low=low, high=high)


def analyses_document(found: Analyses) -> Document:
    """Every analysis as plain numbers."""
    return {
        "outcome": found.outcome,
        "noise": records(found.noise),
        **{method: records(frame) for method, frame in found.tables.items()},
        "discover": [_discovery_document(item) for item in found.discoveries],
        "left_out": list(found.left_out),
    }


def _discovery_document(found: Discovery) -> Document:
    counts = {key: getattr(found, key) for key in ("a", "b", "points", "losses", "inside", "inside_losses")}
    shares = {key: getattr(found, key) for key in ("density", "coverage", "base_rate")}
    return {
        **counts,
        "found": found.found,
        **{key: value if isfinite(value) else None for key, value in shares.items()},
        "limits": records(found.limits),
        "finding": discovery_sentence(found),
    }


def analyses_files(found: Analyses) -> dict[str, Writer]:
    """A table for each analysis, and bars for each ranking, by file name."""
    from tverretatlig_sim.show.plots import plot_sobol, plot_tornado  # matplotlib is slow to import

    files: dict[str, Writer] = {"noise.csv": partial(write_csv, found.noise)}
    for method, frame in found.tables.items():
        files[f"{method}.csv"] = partial(write_csv, frame)
        plot = {"sobol": plot_sobol, "morris": plot_tornado, "pawn": plot_tornado}.get(method)
        for place, (of, part) in enumerate(frame.groupby("of", sort=False), start=1):
            if plot is not None:
                drawn = plot(part.drop(columns="of"), title=str(of))
                files.update(figure_files(f"{method}-{place}-{file_name(str(of))}", drawn))
    for place, item in enumerate(found.discoveries, start=1):
        files[f"discover-{place}.csv"] = partial(write_csv, item.limits)
    return files
