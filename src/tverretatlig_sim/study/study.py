"""Studies: what to run, and running it."""

from __future__ import annotations

import os
import shutil
import weakref
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.ensemble import check_size
from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.scenario import Scenario, check_parameters
from tverretatlig_sim.study.design.factors import Factor
from tverretatlig_sim.study.design.listed import factors_of
from tverretatlig_sim.study.design.load import Plan, plan_of, read_plan
from tverretatlig_sim.study.design.outcomes import outcome_names
from tverretatlig_sim.study.design.schema import DesignTable
from tverretatlig_sim.study.engine.cut import Work
from tverretatlig_sim.study.engine.lock import locked
from tverretatlig_sim.study.engine.manifest import manifest_of
from tverretatlig_sim.study.engine.parts import need_parquet
from tverretatlig_sim.study.engine.runner import Report
from tverretatlig_sim.study.engine.session import Say, executing, folder_of, run_missing, told
from tverretatlig_sim.study.engine.store import Store, begin_store, create_folders, open_store
from tverretatlig_sim.study.engine.task import Record
from tverretatlig_sim.study.result import StudyResult

Points = pd.DataFrame | Mapping[str, Sequence[float] | Floats]
"""One column a parameter, one row a point."""


@dataclass(frozen=True)
class Study:
    """Arrangements, points of parameter space, and how often to run each pair of them.

    Attributes:
        plan: the study file, spelled out.
    """

    plan: Plan

    @property
    def name(self) -> str:
        """Short name."""
        return self.plan.file.name

    @property
    def title(self) -> str:
        """What is asked; may be empty."""
        return self.plan.file.title

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What varies between points: ``name``, ``low``, ``high``, ``distribution``, ``values``."""
        return self.plan.factors

    @property
    def problem(self) -> dict[str, Any]:
        """The factors as SALib reads them: ``num_vars``, ``names`` and ``bounds``."""
        bounds = [[factor.low, factor.high] for factor in self.factors]
        return {"num_vars": len(bounds), "names": [factor.name for factor in self.factors], "bounds": bounds}

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """The arrangements by name, ready to be simulated."""
        return {variant.name: variant.scenario for variant in self.plan.variants}

    @property
    def points(self) -> pd.DataFrame:
        """One row a point (index ``point``), one column a factor."""
        names = [factor.name for factor in self.factors]
        return pd.DataFrame(self.plan.points, columns=names).rename_axis("point")

    @property
    def runs(self) -> int:
        """Runs of each point and arrangement."""
        return self.plan.file.runs

    @property
    def seed(self) -> int:
        """Of the draws and of the design."""
        return self.plan.file.seed

    @property
    def months(self) -> int:
        """Length of a run: as given, else the longest of the arrangements' own."""
        return self.plan.file.months or max(item.default_months for item in self.scenarios.values())

    @cached_property
    def work(self) -> Work:
        """All that the results depend on."""
        file, scenarios = self.plan.file, self.scenarios
        asked = file.record.outcomes
        outcomes = outcome_names(next(iter(scenarios.values()))) if asked == "all" else tuple(asked)
        record = Record(outcomes, tuple(file.record.quantiles), file.record.replicates)
        names = tuple(factor.name for factor in self.factors)
        return Work(
            scenarios,
            names,
            self.plan.points,
            self.plan.fixed,
            file.runs,
            self.months,
            file.seed,
            record,
        )

    def changed(
        self, *, runs: int | None = None, months: int | None = None, seed: int | None = None
    ) -> Study:
        """The same study with other numbers of runs or months, or other draws; its points stay.

        Raises:
            ValueError: a number is out of range.
        """
        given = {"runs": runs, "months": months, "seed": seed}
        changes = {key: value for key, value in given.items() if value is not None}
        check_size(runs or 1, seed or 0, months or 1)
        return replace(self, plan=replace(self.plan, file=self.plan.file.model_copy(update=changes)))

    def at(self, points: Points) -> Study:
        """The same study at points of your own; factors that they do not name keep the parameter's default.

        Args:
            points: one column a parameter, one row a point.

        Raises:
            ScenarioError: a parameter is unknown or a value outside its hard bounds.
            ValueError: they are no such columns, or there is no point.
        """
        frame = _numbers(points)
        columns = {str(name): frame[name].to_numpy() for name in frame}
        if not len(frame):
            raise ValueError(_("no points; allowed: at least 1"))
        check_parameters(columns)
        values = np.column_stack(list(columns.values())) if columns else np.empty((len(frame), 0))
        design = DesignTable(kind="list")
        file = self.plan.file.model_copy(update={"design": design})
        fixed = {name: value for name, value in self.plan.fixed.items() if name not in columns}
        factors = factors_of(tuple(columns), values)
        return replace(self, plan=replace(self.plan, file=file, factors=factors, fixed=fixed, points=values))

    def run(
        self,
        store: str | Path | None = None,
        *,
        workers: int = 1,
        executor: Executor | None = None,
        window: int | None = None,
        task_runs: int | None = None,
        report: Report | None = None,
        say: Say | None = None,
    ) -> StudyResult:
        """Run what is not finished yet.

        Args:
            store: folder for what is finished, also in earlier sessions; default: a temporary one, that
                goes with the result.
            workers: processes on this machine; changes speed only. More than 1 needs
                ``if __name__ == "__main__":`` around the call in a script.
            executor: runs the tasks instead, e.g. ``Client(…).get_executor()`` of Dask; it is not shut down.
            window: tasks submitted at a time.
            task_runs: runs of a task, of all its points together; counts when a store is begun.
            report: called with the progress whenever a task ends.
            say: called with warnings: damaged parts, other versions of libraries.

        Raises:
            StoreError: the store belongs to another study or version, somebody else is using it, or it
                cannot be written. Nothing that is finished is lost.
            ValueError: a number is out of range, or a library is missing.
        """
        need_parquet()
        manifest = manifest_of(self.work, self.name, task_runs or self.work.task_runs())
        with (
            folder_of(store) as folder,
            executing(executor, self._useful(workers), window) as (running, ahead),
        ):
            create_folders(folder)
            with locked(folder):
                found, warnings = begin_store(folder, manifest)
                result = self._result(found)
                saying = told(warnings, say)
                run_missing(result.tasks, self.work.total, found, running, ahead, report, saying)
        if store is None:
            weakref.finalize(result, shutil.rmtree, folder, ignore_errors=True)
        return result

    def open(self, store: str | Path, *, say: Say | None = None) -> StudyResult:
        """What a store holds of this study; nothing is run or written.

        Raises:
            StoreError: there is no store, or it belongs to another study or version.
        """
        need_parquet()
        found, warnings = open_store(Path(store), manifest_of(self.work, self.name, self.work.task_runs()))
        told(warnings, say)
        return self._result(found)

    def _useful(self, workers: int) -> int:
        """Not more workers than there are tasks."""
        return min(workers, max(1, self.work.total // self.work.task_runs())) if workers > 1 else workers

    def _result(self, store: Store) -> StudyResult:
        return StudyResult(self.factors, self.work, store, grid=self.plan.file.design.kind == "grid")


def _numbers(points: Points) -> pd.DataFrame:
    """Points as a table of numbers."""
    try:
        return pd.DataFrame(points).astype(np.float64)
    except (TypeError, ValueError) as error:
        what = _(
            "points: must be columns of numbers, all of one length, as in {example}",
            example="{'turnover': [0.02, 0.03]}",
        )
        raise ValueError(what) from error


def load_study(path: str | Path) -> Study:
    """A study from its file.

    Raises:
        ScenarioError: with all problems of the file and the scenarios it names.
        TypeError: it is no path.
    """
    if not isinstance(path, str | os.PathLike):
        what = _("a study is given by the path of its file")
        raise TypeError(joined("; ", (what, _("given: {given!r}", given=path))))
    return Study(read_plan(Path(path)))


def study_of(table: Mapping[str, Any], folder: str | Path = ".") -> Study:
    """A study from a table with the keys of a study file.

    Args:
        table: e.g. ``{"arrangements": ["0-24-2018"], "design": {"kind": "grid"}, …}``.
        folder: to which paths are relative.

    Raises:
        ScenarioError: with all problems.
        TypeError: it is no table.
    """
    if not isinstance(table, Mapping):
        what = _("a study is made of a table with the keys of a study file; load_study reads a file")
        raise TypeError(joined("; ", (what, _("given: {given!r}", given=table))))
    return Study(plan_of({"name": "study", **table}, Path(folder), "study"))
