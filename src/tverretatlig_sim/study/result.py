"""What came out of a study."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import xarray as xr

from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.scenario.spreadsheets import write_csv
from tverretatlig_sim.study.design.factors import Factor
from tverretatlig_sim.study.engine.cut import Work
from tverretatlig_sim.study.engine.errors import DamagedPartError, StoreError, write_failure
from tverretatlig_sim.study.engine.parts import atomically
from tverretatlig_sim.study.engine.runner import Progress
from tverretatlig_sim.study.engine.statistics import Part
from tverretatlig_sim.study.engine.store import Store
from tverretatlig_sim.study.engine.table import STUDY, replicates_of, table_of, write_table
from tverretatlig_sim.study.engine.task import TaskSpec

TABLE, REPLICATES = "table.parquet", "replicates.parquet"


@dataclass(frozen=True)
class StudyResult:
    """A study and the store that holds what is finished of it.

    Attributes:
        factors: what varies between points.
        work: what was to be run.
        store: where the parts are.
        grid: whether the points are all combinations of the factors' values.
    """

    factors: tuple[Factor, ...]
    work: Work
    store: Store
    grid: bool = False

    @cached_property
    def tasks(self) -> list[tuple[str, TaskSpec]]:
        """All tasks, with their arrangements."""
        return self.work.tasks(int(self.store.manifest["task_runs"]))

    def progress(self) -> Progress:
        """How far the study has come."""
        there = self.store.keys()
        stored = [spec for _, spec in self.tasks if spec.key in there]
        failed = len(self.failures())
        return Progress(
            len(self.tasks), self.work.total, len(stored), sum(spec.size for spec in stored), failed=failed
        )

    @property
    def complete(self) -> bool:
        """Whether every task has its part."""
        progress = self.progress()
        return progress.stored == progress.tasks

    def failures(self) -> pd.DataFrame:
        """Tasks that failed and have not succeeded since.

        Returns:
            Columns ``arrangement``, ``points``, ``runs`` (first and last), ``reason``, ``traceback``.
        """
        keys = {spec.key for _, spec in self.tasks} - self.store.keys()
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

    @cached_property
    def _table(self) -> pd.DataFrame:
        return table_of(self.work, self._parts())

    def replicates(self, *, partial: bool = False) -> pd.DataFrame:
        """Every run, if they were kept: ``point``, ``arrangement``, ``run``, factors and outcomes.

        Args:
            partial: leave out what is not finished without a warning.

        Raises:
            ValueError: they were not kept.
            StoreError: a part is damaged.
        """
        if not self.work.record.replicates:
            raise ValueError(
                _("this study keeps no single runs; ask for them with [record] replicates = true")
            )
        self._note_missing(partial)
        return self._replicates.copy()

    @cached_property
    def _replicates(self) -> pd.DataFrame:
        return replicates_of(self.work, self._parts())

    def _parts(self) -> Iterator[tuple[str, Part]]:
        there = self.store.keys()
        for name, spec in self.tasks:
            if spec.key in there:
                try:
                    yield name, self.store.read(spec.key)
                except DamagedPartError as error:
                    path = self.store.path(spec.key)
                    what = _("{path}: is damaged ({reason})", path=path, reason=error)
                    advice = _("“tverretatlig study resume” computes it again.")
                    raise StoreError(what, advice) from error

    def to_xarray(self, *, partial: bool = False) -> xr.Dataset:
        """The table with dimensions: of a grid the factors and ``arrangement``; else ``point`` and these.

        Outside a grid, factors are coordinates along ``point``.

        Args:
            partial: leave out what is not finished without a warning.
        """
        self._note_missing(partial)
        frame, names = self.table(partial=True), list(self.work.names)
        dims = [*names, "arrangement"] if self.grid else ["point", "arrangement"]
        values = frame.drop(columns=["point"] if self.grid else names)
        data = xr.Dataset.from_dataframe(values.set_index(dims))
        data = data.reindex(arrangement=[name for name in self.work.scenarios if name in data["arrangement"]])
        if self.grid:
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
        """
        folder, missing = Path(folder or self.store.folder), self._missing()
        if missing and not partial:
            advice = _("Resume the study first; --partial leaves out what is missing.")
            raise StoreError(missing, advice)
        tables = {TABLE: self.table(partial=True)}
        if self.work.record.replicates:
            tables[REPLICATES] = self.replicates(partial=True)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return [path for name, table in tables.items() for path in self._write(table, folder / name, csv)]
        except OSError as error:
            raise write_failure(folder, error) from error

    def _missing(self) -> str:
        """What is not finished; empty if everything is."""
        progress = self.progress()
        missing = progress.tasks - progress.stored
        if not missing:
            return ""
        return _(
            "{folder}: {missing} of {tasks} tasks are not done",
            folder=self.store.folder,
            missing=missing,
            tasks=progress.tasks,
        )

    def _note_missing(self, partial: bool) -> None:
        """Warn who asks for results that are not whole, and has not said that they know."""
        if not partial and (missing := self._missing()):
            advice = _("their points are left out; partial=True says that you know")
            warnings.warn(str(joined("; ", (missing, advice))), stacklevel=3)

    def _write(self, table: pd.DataFrame, path: Path, csv: bool) -> list[Path]:
        write_table(table, path, {STUDY: self.work.digest})
        if not csv:
            return [path]
        text = path.with_suffix(".csv")
        atomically(text, lambda temporary: write_csv(table, temporary))
        return [path, text]
