"""All parts as one tidy table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tverretatlig_sim.ensemble.series import Moments
from tverretatlig_sim.study.engine.cut import Work, segments
from tverretatlig_sim.study.engine.parts import atomically, write_parquet
from tverretatlig_sim.study.engine.statistics import Part, label_of, quantile, statistics

if TYPE_CHECKING:
    import pyarrow as pa

STUDY = "tverretatlig.study"
Column = NDArray[Any]
EMPTY: Column = np.empty(0)


def table_of(work: Work, parts: Iterable[tuple[str, Part]]) -> pd.DataFrame:
    """One row a point and arrangement, in this order.

    Args:
        work: what was run.
        parts: with their arrangements, in any order; points with runs missing are left out.

    Returns:
        Columns ``point``, ``arrangement``, one a factor, and for each outcome NAME its mean over runs
        ``NAME``, its standard deviation ``NAME_sd``, the runs in which it is defined ``NAME_runs``, and
        quantiles ``NAME_q05``, … where asked for.
    """
    kept = work.kept
    by, each = ("run", work.runs) if kept.replicates else ("first_run", len(segments(work.runs)))
    rows = _whole(_sorted(work, parts, by), each)
    head = {name: rows.pop(name)[::each] for name in ("point", "place")}
    rows.pop(by)
    values = {name: column.reshape(-1, each) for name, column in rows.items()}
    table = _of_runs(work, values) if kept.replicates else _of_segments(work, values)
    return pd.DataFrame({**_places(work, head), **table})


def replicates_of(work: Work, parts: Iterable[tuple[str, Part]]) -> pd.DataFrame:
    """Every run: columns ``point``, ``arrangement``, ``run``, one a factor, one an outcome; sorted."""
    rows = _sorted(work, parts, "run")
    outcomes = {name: rows[name] for name in work.record.outcomes}
    head = _places(work, rows)
    return pd.DataFrame(
        {"point": head["point"], "arrangement": head["arrangement"], "run": rows["run"]} | head | outcomes
    )


def _sorted(work: Work, parts: Iterable[tuple[str, Part]], by: str) -> Part:
    """Rows of all parts, by point, arrangement and then their runs."""
    order = {name: place for place, name in enumerate(work.scenarios)}
    columns: dict[str, list[Column]] = {name: [] for name in ("place", "point", by, *_names(work))}
    for name, part in parts:
        columns["place"].append(np.full(len(part["point"]), order[name]))
        for key, column in part.items():
            columns[key].append(column)
    rows = {key: np.concatenate(found) if found else EMPTY for key, found in columns.items()}
    sequence = np.lexsort((rows[by], rows["place"], rows["point"]))
    return {key: column[sequence] for key, column in rows.items()}


def _names(work: Work) -> list[str]:
    """Columns of outcomes that parts hold."""
    kept = work.kept
    if kept.replicates:
        return list(kept.outcomes)
    ends = ["", "_squares", "_runs", *(f"_{label_of(share)}" for share in kept.quantiles)]
    return [f"{name}{end}" for name in kept.outcomes for end in ends]


def _whole(rows: Part, each: int) -> Part:
    """Rows of points of which all are there."""
    place = np.stack([rows["point"], rows["place"]])
    _, member, count = np.unique(place, axis=1, return_inverse=True, return_counts=True)
    complete = count[np.ravel(member)] == each
    return {name: column[complete] for name, column in rows.items()}


def _places(work: Work, rows: Part) -> dict[str, Any]:
    names, points = list(work.scenarios), rows["point"].astype(np.int64)
    factors = {name: work.points[points, k] for k, name in enumerate(work.names)}
    return {"point": points, "arrangement": [names[k] for k in rows["place"].astype(int)], **factors}


def _of_segments(work: Work, values: Part) -> Part:
    """Columns of the table from statistics of segments, arrays of shape (row, segment)."""
    columns: Part = {}
    for name in work.record.outcomes:
        count, mean, squares = (values[f"{name}{end}"] for end in ("_runs", "", "_squares"))
        moments = [
            Moments(count[:, k].astype(np.float64), mean[:, k], squares[:, k]) for k in range(mean.shape[1])
        ]
        total = reduce(Moments.merge, moments)
        columns[name], columns[f"{name}_sd"] = total.statistics()
        columns[f"{name}_runs"] = total.count.astype(np.int64)
        for label in (f"{name}_{label_of(share)}" for share in work.record.quantiles):
            if label in values:
                columns[label] = values[label][:, 0]
    return columns


def _of_runs(work: Work, values: Part) -> Part:
    """Columns of the table from every run, arrays of shape (row, run): by segments, as if none were kept."""
    found = [
        statistics(
            np.arange(len(next(iter(values.values())))),
            first,
            {k: v[:, first:last] for k, v in values.items()},
        )
        for first, last in segments(work.runs)
    ]
    by_segment = {key: np.stack([part[key] for part in found], axis=1) for key in found[0]}
    columns = _of_segments(work, by_segment)
    ordered: Part = {}
    for name in work.record.outcomes:
        ordered.update({key: columns[key] for key in (name, f"{name}_sd", f"{name}_runs")})
        for share in work.record.quantiles:
            ordered[f"{name}_{label_of(share)}"] = quantile(values[name], share)
    return ordered


def write_table(frame: pd.DataFrame, path: Path, marks: Mapping[str, str]) -> None:
    """Write a table as Parquet; the same table gives the same bytes.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    table = _arrow(frame)

    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:
            write_parquet(table, file, marks)

    atomically(path, write)


def _arrow(frame: pd.DataFrame) -> pa.Table:
    import pyarrow as pa

    kinds = {"arrangement": pa.string()}
    return pa.table({str(name): pa.array(frame[name], kinds.get(str(name))) for name in frame})
