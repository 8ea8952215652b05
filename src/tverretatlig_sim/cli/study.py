"""The commands ``study …``: many points, run once, stopped and resumed at will."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from tverretatlig_sim.cli.language import argument, group, language, option
from tverretatlig_sim.cli.options import Refusal, as_json
from tverretatlig_sim.cli.output import give, print_all
from tverretatlig_sim.cli.request import folder_option
from tverretatlig_sim.cli.study_progress import study_progress
from tverretatlig_sim.i18n import Message, _, label, ngettext

if TYPE_CHECKING:
    from tverretatlig_sim.study.result import StudyResult
    from tverretatlig_sim.study.study import Study

FAILED = 1

file = argument("file", type=click.Path(path_type=Path))
store = folder_option("--store", "Folder for what is finished.  [default: results/ and the file's name]")
workers = option(
    "--workers",
    type=click.IntRange(min=1),
    help="Processes; changes speed only.  [default: one a core]",
)


@group()
@language
def study() -> None:
    """Run a study file: arrangements × points of parameter space × runs.

    FILE is e.g. experiments/example.toml. What is finished is stored at once; a study can be killed and
    resumed at any time.
    """


@study.command()
@file
@store
@workers
@language
def run(file: Path, store: Path | None, workers: int | None) -> None:
    """Run a study, or what is missing of it."""
    asked = loaded(file)
    _run(asked, file, store_folder(file, store), workers)


@study.command()
@file
@store
@workers
@language
def resume(file: Path, store: Path | None, workers: int | None) -> None:
    """Go on with a study that was begun; failed and damaged parts are computed again."""
    asked = loaded(file)
    folder = store_folder(file, store)
    opened(asked, folder)
    _run(asked, file, folder, workers)


@study.command()
@file
@store
@option("--check", is_flag=True, help="Read every part, to find damaged ones.")
@as_json
@language
def status(file: Path, store: Path | None, check: bool, as_json: bool) -> None:
    """Say how far a study has come and what failed."""
    from tverretatlig_sim.show.studies import status_sheet
    from tverretatlig_sim.study.store import owner_of

    asked = loaded(file)
    result = opened(asked, store_folder(file, store))
    keys = sorted(result.store.keys() & {task.key for task in result.tasks}) if check else []
    owner = owner_of(result.disk.folder)
    give(status_sheet(result, owner, result.disk.damaged(keys)), as_json=as_json)


@study.command()
@file
@store
@as_json
@language
def show(file: Path, store: Path | None, as_json: bool) -> None:
    """Show what a study asks and, once it has been run, what came out."""
    from tverretatlig_sim.show.studies import study_sheet

    asked = loaded(file)
    folder = store_folder(file, store)
    result = opened(asked, folder) if (folder / "manifest.json").exists() else None
    with _store_errors():
        give(study_sheet(asked, result, label("study.none", folder=folder)), as_json=as_json)


@study.command()
@file
@store
@folder_option("--out", "Folder for the table.  [default: the store]")
@option("--csv", is_flag=True, help="Write the table as CSV too.")
@option("--partial", is_flag=True, help="Leave out what is not finished instead of refusing.")
@language
def compact(file: Path, store: Path | None, out: Path | None, csv: bool, partial: bool) -> None:
    """Put all parts together as one table (table.parquet), the same bytes however they were made."""
    asked = loaded(file)
    result = opened(asked, store_folder(file, store))
    with _store_errors():
        paths = result.compact(out, partial=partial, csv=csv)
    print_all(label("study.written", files=", ".join(map(str, paths))))


def _run(asked: Study, file: Path, folder: Path, workers: int | None) -> None:
    with _store_errors(), study_progress() as report:
        try:
            result = asked.run(folder, workers=workers or _cores(), progress=report, warn=_warn)
        except KeyboardInterrupt:
            what = _("Stopped. Finished parts are in {folder}; resume goes on from there.", folder=folder)
            raise Stopped(what) from None
    progress = result.progress()
    again = str(file) if folder == store_folder(file, None) else f"{file} --store {folder}"
    if progress.failed:
        what = _(
            "{failed} of {tasks} tasks failed; the rest is in {folder}",
            failed=progress.failed,
            tasks=progress.tasks,
            folder=folder,
        )
        advice = _("“tverretatlig study status {file}” says why; resume tries them again.", file=again)
        raise Failure(what, advice)
    said = label(
        "study.finished",
        tasks=ngettext("{number} task", "{number} tasks", progress.tasks),
        runs=ngettext("{number} run", "{number} runs", progress.runs),
        folder=folder,
    )
    print_all(said, label("study.next", file=again))


class Failure(Refusal):
    """Something went wrong on the way, and what did not is stored."""

    exit_code = FAILED


class Stopped(click.ClickException):
    """The user had enough for now."""

    exit_code = 130

    def __init__(self, message: Message | str) -> None:
        super().__init__(str(message))

    def show(self, file: IO[Any] | None = None) -> None:
        """Say so; it is no error."""
        click.echo(str(self.message), err=True)


def _cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _warn(warning: Message | str) -> None:
    print(str(_("Note: {note}", note=warning)), file=sys.stderr, flush=True)


def loaded(file: Path) -> Study:
    """A study from its file.

    Raises:
        Refusal: with all that is wrong with it.
    """
    from tverretatlig_sim.scenario import ScenarioError
    from tverretatlig_sim.study.study import load_study

    try:
        found = load_study(file)
    except ScenarioError as error:
        raise Refusal(str(error), _("docs/how-to/studies.md says what a study file may hold.")) from error
    for note in found.notes:
        _warn(note)
    return found


def store_folder(file: Path, store: Path | None) -> Path:
    """Where the parts of a study are."""
    return Path("results", file.stem) if store is None else store


def opened(asked: Study, folder: Path) -> StudyResult:
    """What is finished of a study.

    Raises:
        Refusal: there is nothing, or it is of another study.
    """
    with _store_errors():
        return asked.open(folder, warn=_warn)


@contextmanager
def _store_errors() -> Iterator[None]:
    """Turn what goes wrong with a store into a message of the command."""
    from tverretatlig_sim.study.store import StoreError

    try:
        yield
    except StoreError as error:
        kind = Failure if error.system else Refusal
        raise kind(str(error), error.advice) from error
    except ValueError as error:
        raise Refusal(str(error)) from error
