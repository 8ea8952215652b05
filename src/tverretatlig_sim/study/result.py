"""What came out of a study: all parts as one tidy table."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from tverretatlig_sim.ensemble.run import Moments
from tverretatlig_sim.language import joined, say
from tverretatlig_sim.scenario.files import shown
from tverretatlig_sim.scenario.spreadsheets import csv_text
from tverretatlig_sim.study.definition import StudyDefinition
from tverretatlig_sim.study.run import Progress
from tverretatlig_sim.study.store import (
    DamagedPartError,
    Memory,
    Store,
    StoreError,
    atomically,
    write_failure,
    write_parquet,
)
from tverretatlig_sim.study.task import Part, Task, quantile, quantile_label, segments, statistics

if TYPE_CHECKING:
    import pyarrow as pa

TABLE, REPLICATES = "table.parquet", "replicates.parquet"
STUDY = "tverretatlig.study"


@dataclass(frozen=True)
class StudyResult:
    """A study and what is finished of it.

    Attributes:
        study: what was asked.
        store: where the parts are; without a folder, they are in the result itself.
        tasks: all tasks of the study.
    """

    study: StudyDefinition
    store: Store | Memory = field(repr=False)
    tasks: list[Task] = field(repr=False)

    def progress(self) -> Progress:
        """How far the study has come."""
        there = self.store.keys()
        stored = [task.size for task in self.tasks if task.key in there]
        return Progress(
            len(self.tasks), self.study.total, len(stored), sum(stored), failed=len(self.failures())
        )

    @property
    def complete(self) -> bool:
        """Whether every task has its part."""
        return not self._missing

    def failures(self) -> pd.DataFrame:
        """Tasks that failed and have not succeeded since.

        Returns:
            Columns ``arrangement``, ``points``, ``runs`` (first and last), ``reason``, ``traceback``.
        """
        keys = {task.key for task in self.tasks} - self.store.keys()
        found = {key: record for key, record in self.store.failures().items() if key in keys}
        columns = ["arrangement", "points", "runs", "reason", "traceback"]
        return pd.DataFrame(list(found.values()), index=list(found), columns=columns)

    def table(self, *, partial: bool = False) -> pd.DataFrame:
        """One row a point and arrangement; points that are not finished are left out, with a warning.

        Args:
            partial: leave them out without one.

        Returns:
            Columns ``point``, ``arrangement``, one a factor, and for each outcome NAME its mean over runs
            ``NAME``, its standard deviation ``NAME_sd``, the runs in which it is defined ``NAME_runs``, and
            quantiles ``NAME_q05``, … where asked for.

        Raises:
            StoreError: a part is damaged.
        """
        self._note_missing(partial)
        return self._table.copy()

    def replicates(self, *, partial: bool = False) -> pd.DataFrame:
        """Every run, if they were kept: ``point``, ``arrangement``, ``run``, factors and outcomes.

        Args:
            partial: leave out what is not finished without a warning.

        Raises:
            ValueError: they were not kept.
            StoreError: a part is damaged.
        """
        if not self.study.record.replicates:
            raise ValueError(
                say("this study keeps no single runs; ask for them with [record] replicates = true")
            )
        self._note_missing(partial)
        return self._replicates.copy()

    def to_xarray(self, *, partial: bool = False) -> xr.Dataset:
        """The table with dimensions: of a grid the factors and ``arrangement``; else ``point`` and these.

        Outside a grid, factors are coordinates along ``point``.

        Args:
            partial: leave out what is not finished without a warning.
        """
        self._note_missing(partial)
        frame, names = self._table, [factor.name for factor in self.study.factors]
        grid = self.study.design.kind == "grid"
        dims = [*names, "arrangement"] if grid else ["point", "arrangement"]
        values = frame.drop(columns=["point"] if grid else names)
        data = xr.Dataset.from_dataframe(values.set_index(dims))
        data = data.reindex(
            arrangement=[name for name in self.study.scenarios if name in data["arrangement"]]
        )
        if grid:
            return data
        points = frame.drop_duplicates("point").set_index("point")[names]
        return data.assign_coords({name: ("point", points[name].to_numpy()) for name in names})

    def compact(
        self, folder: str | Path | None = None, *, partial: bool = False, csv: bool = False
    ) -> list[Path]:
        """Write everything as one table, the same bytes whatever the order in which parts were made.

        Args:
            folder: default: the store.
            partial: leave out what is not finished instead of refusing.
            csv: write the tables as text too.

        Returns:
            Paths of ``table.parquet``, of ``replicates.parquet`` if single runs were kept, and of both as
            ``….csv`` if asked for.

        Raises:
            StoreError: the study is not finished, a part is damaged, or the table cannot be written.
            ValueError: there is no folder, neither given nor of a store.
        """
        if folder is None and isinstance(self.store, Memory):
            raise ValueError(say("this study was run without a store; say where to write the table"))
        place = Path(folder) if folder is not None else self.store.folder  # type: ignore[union-attr]
        if self._missing and not partial:
            advice = say("Resume the study first; --partial leaves out what is missing.")
            raise StoreError(self._missing, advice)
        tables = {TABLE: self._table}
        if self.study.record.replicates:
            tables[REPLICATES] = self._replicates
        try:
            place.mkdir(parents=True, exist_ok=True)
            return [path for name, table in tables.items() for path in self._write(table, place / name, csv)]
        except OSError as error:
            raise write_failure(place, error) from error

    def _write(self, table: pd.DataFrame, path: Path, csv: bool) -> list[Path]:
        arrow, marks = _arrow(table), {STUDY: self.study.digest}
        atomically(path, lambda file: write_parquet(arrow, file, marks))
        if not csv:
            return [path]
        text = path.with_suffix(".csv")
        atomically(text, lambda file: file.write(csv_text(table).encode()))
        return [path, text]

    @property
    def _missing(self) -> str:
        """What is not finished, in words; empty if everything is."""
        missing = len({task.key for task in self.tasks} - self.store.keys())
        if not missing:
            return ""
        place = shown(self.store.folder) if isinstance(self.store, Store) else say("the study")
        return say(
            "{folder}: {missing} of {tasks} tasks are not done",
            folder=place,
            missing=missing,
            tasks=len(self.tasks),
        )

    def _note_missing(self, partial: bool) -> None:
        """Warn who asks for results that are not whole, and has not said that they know."""
        if not partial and self._missing:
            advice = say("their points are left out; partial=True says that you know")
            warnings.warn(joined("; ", (self._missing, advice)), stacklevel=3)

    @cached_property
    def _table(self) -> pd.DataFrame:
        return table_of(self.study, self._parts())

    @cached_property
    def _replicates(self) -> pd.DataFrame:
        return replicates_of(self.study, self._parts())

    def _parts(self) -> list[tuple[str, Part]]:
        """Parts there are, with their arrangements."""
        there = self.store.keys()
        return [(task.plan.arrangement, self._part(task.key)) for task in self.tasks if task.key in there]

    def _part(self, key: str) -> Part:
        if isinstance(self.store, Memory):
            return self.store.read(key)
        try:
            return self.store.read(key)
        except DamagedPartError as error:
            path = shown(self.store.path(key))
            what = say("{path}: is damaged ({reason})", path=path, reason=str(error))
            raise StoreError(what, say("“tverretatlig study resume” computes it again.")) from error


def table_of(study: StudyDefinition, parts: Iterable[tuple[str, Part]]) -> pd.DataFrame:
    """One row a point and arrangement, in this order.

    Args:
        study: what was run.
        parts: with their arrangements, in any order; points with runs missing are left out.

    Returns:
        See ``StudyResult.table``.
    """
    kept = study.record.in_parts(study.runs)
    by, each = ("run", study.runs) if kept.replicates else ("first_run", len(segments(study.runs)))
    rows = _sorted(study, parts, by)
    _, member, count = np.unique(
        np.stack([rows["point"], rows["place"]]), axis=1, return_inverse=True, return_counts=True
    )
    whole = count[np.ravel(member)] == each
    rows = {name: column[whole] for name, column in rows.items()}
    head = _head(study, {name: rows[name][::each] for name in ("point", "place")})
    values = {
        name: column.reshape(-1, each) for name, column in rows.items() if name not in ("point", "place", by)
    }
    columns = _from_runs(study, values) if kept.replicates else _from_segments(study, values)
    return pd.DataFrame({**head, **columns})


def replicates_of(study: StudyDefinition, parts: Iterable[tuple[str, Part]]) -> pd.DataFrame:
    """Every run: columns ``point``, ``arrangement``, ``run``, one a factor, one an outcome; sorted."""
    rows = _sorted(study, parts, "run")
    head = _head(study, rows)
    first = {"point": head.pop("point"), "arrangement": head.pop("arrangement"), "run": rows["run"]}
    return pd.DataFrame(first | head | {name: rows[name] for name in study.outcomes})


def _sorted(study: StudyDefinition, parts: Iterable[tuple[str, Part]], by: str) -> Part:
    """Rows of all parts, by point, arrangement (its number as ``place``) and then their runs."""
    order = {name: place for place, name in enumerate(study.scenarios)}
    placed = [{"place": np.full(len(part["point"]), order[name]), **part} for name, part in parts]
    names = placed[0] if placed else ("place", "point", by, *_part_columns(study))
    rows = {name: np.concatenate([part[name] for part in placed] or [np.empty(0)]) for name in names}
    sequence = np.lexsort((rows[by], rows["place"], rows["point"]))
    return {name: column[sequence] for name, column in rows.items()}


def _part_columns(study: StudyDefinition) -> Sequence[str]:
    """Columns of outcomes that parts hold."""
    kept = study.record.in_parts(study.runs)
    ends = ["", "_squares", "_runs", *(f"_{quantile_label(share)}" for share in kept.quantiles)]
    return study.outcomes if kept.replicates else [f"{name}{end}" for name in study.outcomes for end in ends]


def _head(study: StudyDefinition, rows: Part) -> dict[str, Any]:
    """Columns that say which point of which arrangement it is."""
    names, points = list(study.scenarios), rows["point"].astype(np.int64)
    arrangements = [names[k] for k in rows["place"].astype(int)]
    factors = {str(name): column.to_numpy()[points] for name, column in study.points.items()}
    return {"point": points, "arrangement": arrangements, **factors}


def _from_segments(study: StudyDefinition, values: Part) -> Part:
    """Columns of the table from statistics of segments, arrays of shape (row, segment)."""
    columns: Part = {}
    for name in study.outcomes:
        count, mean, squares = (values[f"{name}{end}"] for end in ("_runs", "", "_squares"))
        moments = [
            Moments(count[:, k].astype(np.float64), mean[:, k], squares[:, k]) for k in range(mean.shape[1])
        ]
        total = reduce(Moments.merge, moments)
        columns[name], columns[f"{name}_sd"] = total.statistics()
        columns[f"{name}_runs"] = total.count.astype(np.int64)
        for label in (f"{name}_{quantile_label(share)}" for share in study.record.quantiles):
            columns[label] = values[label][:, 0] if label in values else np.empty(0)
    return columns


def _from_runs(study: StudyDefinition, values: Part) -> Part:
    """Columns of the table from every run, arrays of shape (row, run): by segments, as if none were kept."""
    points = np.arange(len(next(iter(values.values()))))
    found = [
        statistics(points, first, {name: column[:, first:last] for name, column in values.items()})
        for first, last in segments(study.runs)
    ]
    columns = _from_segments(
        study, {key: np.stack([part[key] for part in found], axis=1) for key in found[0]}
    )
    for name in study.outcomes:
        for share in study.record.quantiles:
            columns[f"{name}_{quantile_label(share)}"] = quantile(values[name], share)
    return columns


def _arrow(frame: pd.DataFrame) -> pa.Table:
    import pyarrow as pa

    kinds = {"arrangement": pa.string()}
    return pa.table({str(name): pa.array(frame[name], kinds.get(str(name))) for name in frame})
