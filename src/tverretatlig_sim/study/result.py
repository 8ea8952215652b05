"""What came out of a study: all parts as one tidy table."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from tverretatlig_sim.i18n import Message, _, joined
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
    command,
    write_failure,
    write_parquet,
)
from tverretatlig_sim.study.task import Task, merged, statistics

TABLE, REPLICATES = "table.parquet", "replicates.parquet"
STUDY = "tverretatlig.study"


@dataclass(frozen=True, eq=False)
class StudyResult:
    """A study and what is finished of it.

    Attributes:
        study: what was asked.
        store: where the parts are; without a folder, they are in the result itself.
        tasks: all tasks of the study, or of a shard.
    """

    study: StudyDefinition
    store: Store | Memory = field(repr=False)
    tasks: list[Task] = field(repr=False)

    def progress(self) -> Progress:
        """How far the study has come."""
        there = self.store.keys()
        stored = [task.size for task in self.tasks if task.key in there]
        total = sum(task.size for task in self.tasks)
        return Progress(len(self.tasks), total, len(stored), sum(stored), failed=len(self.failures()))

    @property
    def disk(self) -> Store:
        """The store, if there is one.

        Raises:
            ValueError: the study was run without.
        """
        if isinstance(self.store, Memory):
            raise ValueError(_("this study was run without a store; say where to write the table"))
        return self.store

    @property
    def complete(self) -> bool:
        """Whether every task has its part."""
        return not self._missing

    def failures(self) -> pd.DataFrame:
        """Tasks that failed and have not succeeded since.

        Returns:
            Columns ``arrangement``, ``points``, ``runs`` (first and last), ``reason``, ``traceback``.
        """
        places = {task.key: task.place() for task in self.tasks}
        failed, there = self.store.failures(), self.store.keys()
        found = {key: {**places[key], **why} for key, why in failed.items() if key in places.keys() - there}
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
                _("this study keeps no single runs; ask for them with [record] replicates = true")
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
        place = Path(folder) if folder is not None else self.disk.folder
        if self._missing and not partial:
            advice = _("Resume the study first; --partial leaves out what is missing.")
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
        atomically(path, lambda file: write_parquet(table, file, {STUDY: self.study.digest}))
        if not csv:
            return [path]
        text = path.with_suffix(".csv")
        atomically(text, lambda file: file.write(csv_text(table).encode()))
        return [path, text]

    @property
    def _missing(self) -> Message | str:
        """What is not finished, in words; empty if everything is."""
        missing = len({task.key for task in self.tasks} - self.store.keys())
        if not missing:
            return ""
        place = shown(self.store.folder) if isinstance(self.store, Store) else _("the study")
        return _(
            "{folder}: {missing} of {tasks} tasks are not done",
            folder=place,
            missing=missing,
            tasks=len(self.tasks),
        )

    def _note_missing(self, partial: bool) -> None:
        """Warn who asks for results that are not whole, and has not said that they know."""
        if not partial and self._missing:
            advice = _("their points are left out; partial=True says that you know")
            warnings.warn(str(joined("; ", (self._missing, advice))), stacklevel=3)

    @cached_property
    def _table(self) -> pd.DataFrame:
        rows, names, record = self._rows(), self.study.outcomes, self.study.record
        segments = record.segments(self.study.runs)
        each = self.study.runs if record.replicates else len(segments)
        rows = rows[rows.groupby(["point", "place"])["run"].transform("size") == each]
        values = {
            str(name): column.to_numpy(dtype=np.float64).reshape(-1, each)
            for name, column in rows.items()
            if name not in ("point", "place", "run")
        }
        if record.replicates:
            parts = [
                statistics({name: column[:, first:last] for name, column in values.items()}, record.quantiles)
                for first, last in segments
            ]
        else:
            parts = [{name: column[:, k] for name, column in values.items()} for k in range(each)]
        head = self._head(rows[::each])
        return pd.DataFrame(head | (merged(parts, names, record.quantiles) if len(rows) else {}))

    @cached_property
    def _replicates(self) -> pd.DataFrame:
        rows = self._rows()
        head = self._head(rows)
        first = {"point": head.pop("point"), "arrangement": head.pop("arrangement"), "run": rows["run"]}
        return pd.DataFrame(first | head | {name: rows[name] for name in self.study.outcomes if name in rows})

    def _rows(self) -> pd.DataFrame:
        """Rows of all parts there are, by point, arrangement (its number as ``place``) and run."""
        there, order = self.store.keys(), {name: place for place, name in enumerate(self.study.scenarios)}
        parts = [
            self._part(task.key).assign(place=order[task.plan.arrangement])
            for task in self.tasks
            if task.key in there
        ]
        rows = pd.concat(parts) if parts else pd.DataFrame(columns=["point", "place", "run"], dtype=np.int64)
        return rows.sort_values(["point", "place", "run"], ignore_index=True)

    def _head(self, rows: pd.DataFrame) -> dict[str, Any]:
        """Columns that say which point of which arrangement it is."""
        names, points = np.array(list(self.study.scenarios), dtype=object), rows["point"].to_numpy()
        factors = {str(name): column.to_numpy()[points] for name, column in self.study.points.items()}
        return {"point": points, "arrangement": names[rows["place"].to_numpy()], **factors}

    def _part(self, key: str) -> pd.DataFrame:
        try:
            return self.store.read(key)
        except DamagedPartError as error:
            path = shown(self.disk.path(key))
            what = _("{path}: is damaged ({reason})", path=path, reason=error)
            again = command("resume FILE", self.disk.folder)
            raise StoreError(what, _("“{command}” computes it again.", command=again)) from error
