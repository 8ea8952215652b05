"""Studies: what to run, and running it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from tverretatlig_sim.i18n import _
from tverretatlig_sim.inputs import another_kind, plain, whole
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.scenario import Problem, Scenario, ScenarioError, load_scenario
from tverretatlig_sim.scenario.errors import quoted
from tverretatlig_sim.scenario.files import read_table, shown
from tverretatlig_sim.scenario.levers import Lever
from tverretatlig_sim.study.definition import StudyDefinition
from tverretatlig_sim.study.manifest import check_manifest, new_manifest
from tverretatlig_sim.study.result import StudyResult
from tverretatlig_sim.study.run import OnProgress, Warn, run_missing
from tverretatlig_sim.study.store import (
    MANIFEST,
    SHARDS,
    DamagedPartError,
    Document,
    Memory,
    Store,
    StoreError,
    command,
    create_folders,
    locked,
    need_libraries,
    open_store,
)
from tverretatlig_sim.study.task import WHOLE, Shard
from tverretatlig_sim.study.variants import PARTS, Loader
from tverretatlig_sim.workers import executing, most_workers, using


class Study(StudyDefinition):
    """Arrangements, points of a space of factors, and how often to run each pair of them.

    Made by ``load_study`` or ``study_of``.
    """

    def run(
        self,
        store: str | Path | None = None,
        *,
        workers: int | None = None,
        executor: Executor | None = None,
        shard: Shard = WHOLE,
        window: int | None = None,
        task_runs: int | None = None,
        progress: OnProgress | None = None,
        warn: Warn | None = None,
    ) -> StudyResult:
        """Run what is not finished yet.

        Args:
            store: folder for what is finished, also in earlier sessions; default: the result holds it.
            workers: processes on this machine; changes speed only. Default: one a core, or as many as
                ``TVERRETATLIG_WORKERS`` says.
            executor: runs the tasks instead, e.g. ``Client(…).get_executor()`` of Dask; it is not shut down.
            shard: which share of the points to run, and of how many, e.g. ``(2, 8)``; its store is a folder
                in ``shards`` of the store. ``merge`` puts all together.
            window: tasks submitted at a time.
            task_runs: runs of a task, of all its points together; counts when a store is begun.
            progress: called with the progress whenever a task ends.
            warn: called with warnings: damaged parts, other versions of libraries.

        Raises:
            StoreError: the store belongs to another study or version, somebody else is using it, or it
                cannot be written. Nothing that is finished is lost.
            ValueError: a number is out of range, or a library is missing.
        """
        need_libraries()
        shards = whole("number of shards", shard[1], 1, 10**6)
        shard = whole("shard", shard[0], 1, shards), shards
        window = None if window is None else whole("window", window, 1, 10**9)
        task_runs = None if task_runs is None else whole("task_runs", task_runs, 1, 10**9)
        if not isinstance(executor, Executor | None):
            raise TypeError(_("executor: must be one such as concurrent.futures has"))
        if not isinstance(store, str | os.PathLike | None):
            raise another_kind(_("a store is given by the path of its folder"), store)
        task_runs = task_runs or self._task_runs(store, shards)
        with using(workers):
            number = min(most_workers(), max(1, self.total // shards // self.usual_task_runs))
        more = progress or _ignore, warn or _ignore
        with executing(executor, number, window) as running:
            if store is None:
                result = StudyResult(self, Memory(), self.tasks(task_runs, shard))
                run_missing(result.tasks, result.store, *running, *more)
                return result
            folder = Path(store) if shard == WHOLE else shard_folder(Path(store), shard)
            create_folders(folder)
            with locked(folder):
                if not (folder / MANIFEST).exists():
                    Store(folder, self._manifest(task_runs, shard)).save()
                result = self.open(folder, warn=warn)
                run_missing(result.tasks, result.store, *running, *more)
        return result

    def open(self, store: str | Path, *, warn: Warn | None = None) -> StudyResult:
        """What a store holds of this study; nothing is run or written.

        Raises:
            StoreError: there is no store, or it belongs to another study or version.
        """
        need_libraries()
        found = open_store(Path(store))
        for warning in check_manifest(found.manifest, self._manifest(self.usual_task_runs), Path(store)):
            (warn or _ignore)(str(warning))
        k, n = found.manifest.get("shard", WHOLE)
        return StudyResult(self, found, self.tasks(int(found.manifest["task_runs"]), (k, n)))

    def merge(
        self, store: str | Path, shards: Iterable[str | Path] = (), *, warn: Warn | None = None
    ) -> StudyResult:
        """Put what is finished of shards together in one store; the same as if they had never been apart.

        Args:
            store: folder of the whole.
            shards: folders of shards; default: all in ``shards`` of the store. They stay as they are.
            warn: called with warnings.

        Raises:
            StoreError: there are none, one belongs to another study, or the store cannot be written.
        """
        need_libraries()
        folder = Path(store)
        begun = [Path(it) for it in shards] or [
            it.parent for it in sorted((folder / SHARDS).glob(f"*/{MANIFEST}"))
        ]
        if not begun:
            what = _("{folder}: there are no shards here", folder=folder)
            raise StoreError(
                what, _("“{command}” begins one.", command=command("run FILE --shard 1/2", folder))
            )
        apart = [self.open(it, warn=warn).disk for it in begun]
        create_folders(folder)
        with locked(folder):
            if not (folder / MANIFEST).exists():
                Store(folder, self._manifest(int(apart[0].manifest["task_runs"]))).save()
            result = self.open(folder, warn=warn)
            keys = {task.key for task in result.tasks}
            for shard in apart:
                if shard.manifest["task_runs"] != result.disk.manifest["task_runs"]:
                    what = _(
                        "{folder}: its tasks are cut otherwise than those of {other}",
                        folder=shard.folder,
                        other=folder,
                    )
                    raise StoreError(what, _("Give another folder with --store."))
                for key in sorted(shard.keys() & keys - result.store.keys()):
                    try:
                        result.store.write(key, shard.read(key))
                    except DamagedPartError as error:
                        path = shown(shard.path(key))
                        (warn or _ignore)(str(_("{path}: {why}; left out", path=path, why=error)))
        return result

    def _task_runs(self, store: str | Path | None, shards: int) -> int:
        """Runs of a task: as in the store of the whole, or so few that every shard has some."""
        if shards == 1:
            return self.usual_task_runs
        if store is not None and (Path(store) / MANIFEST).exists():
            return int(open_store(Path(store)).manifest["task_runs"])
        return min(self.usual_task_runs, self.runs * max(1, len(self.points) // (2 * shards)))

    def _manifest(self, task_runs: int, shard: Shard = WHOLE) -> Document:
        return new_manifest(self.summary(), task_runs) | ({} if shard == WHOLE else {"shard": shard})


def shard_folder(folder: Path, shard: Shard) -> Path:
    """The store of a shard."""
    return folder / SHARDS / "{}-of-{}".format(*shard)


def _ignore(_: object) -> None:
    """Nobody listens."""


def load_study(path: str | Path, *, rules: RuleSet | None = None) -> Study:
    """A study from its file.

    Args:
        path: of the file.
        rules: what happens in a month, as for ``simulate``; their code is part of what a store belongs to.

    Raises:
        ScenarioError: with all problems of the file and the scenarios it names.
        TypeError: it is no path.
    """
    if not isinstance(path, str | os.PathLike):
        raise another_kind(_("a study is given by the path of its file"), path)
    path = Path(path)
    return Study.read({"name": path.stem, **read_table(path)}, shown(path), Loader(path.parent), rules)


def study_of(table: Mapping[str, Any], folder: str | Path = ".", *, rules: RuleSet | None = None) -> Study:
    """A study from a table with the keys of a study file.

    Args:
        table: e.g. ``{"arrangements": ["0-24-2018"], "design": {"kind": "grid"}, …}``. Arrangements, and
            what they take parts from, may also be ``Scenario`` objects or tables, and levers ``Lever``
            objects; numbers, arrays and columns of numpy and pandas, tuples, sets and paths are taken as what
            they hold.
        folder: to which paths are relative.
        rules: what happens in a month, as for ``simulate``; their code is part of what a store belongs to.

    Raises:
        ScenarioError: with all problems.
        ValueError: rules or outcomes of your own cannot go to other processes.
        TypeError: it is no table.
    """
    if not isinstance(table, Mapping):
        raise another_kind(
            _("a study is made of a table with the keys of a study file; load_study reads a file"), table
        )
    if not isinstance(folder, str | os.PathLike):
        raise another_kind(_("a folder is given by its path"), folder)
    loader = Loader(Path(folder))
    raw = _named(plain({"name": "study", **table}, kept=Lever), loader)
    return Study.read(raw, "study", loader, rules)


def _named(value: Any, loader: Loader, key: str = "") -> Any:  # noqa: ANN401
    """A value in which scenarios and levers, which go to the loader, are called by their names."""
    if isinstance(value, dict) and key in ("arrangements", *PARTS):
        value = load_scenario(value)
    if isinstance(value, dict):
        return {key: _named(item, loader, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_named(item, loader, key) for item in value]
    if not isinstance(value, Scenario | Lever):
        return value
    sound = load_scenario(value) if isinstance(value, Scenario) else value
    if loader.given.setdefault(sound.name, sound) != sound:
        what = _("two different scenarios have this name")
        raise ScenarioError([Problem(quoted(sound.name), "", what, _("names used once"))])
    return sound.name
