"""Commands ``study …``: many points, run once, stopped and resumed at will, and analysed."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from tverretatlig_sim.cli.base import MODULE, Failure, advised, argument, flag, group, modules_of, option
from tverretatlig_sim.cli.options import as_json, folder_option, workers
from tverretatlig_sim.cli.output import print_all, study_progress, warn
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.i18n import _, joined, label, ngettext
from tverretatlig_sim.show.rows import Sheet

if TYPE_CHECKING:
    from tverretatlig_sim.study.analysis import Method
    from tverretatlig_sim.study.result import StudyResult
    from tverretatlig_sim.study.study import Study

INTERRUPTED = 130
METHODS = {
    "sobol": "Sobol indices: share of the variance by each factor (design saltelli).",
    "morris": "Morris screening: how far each factor moves the outcome (design morris).",
    "pawn": "PAWN: how far each factor moves the distribution.",
    "dependence": "The outcome along each factor, averaged over the others.",
    "discover": "Under which conditions does one arrangement lose to another? (PRIM)",
    "convergence": "How many runs until the ordering of two arrangements is settled?",
}


def _on_study(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the file of a study and the folder of its store."""
    stored = folder_option("--store", "Folder for what is finished.  [default: results/ and the file's name]")
    return argument("file", type=click.Path(path_type=Path))(stored(command))


def _shard(context: click.Context, of: click.Parameter, text: str | None) -> tuple[int, int] | None:
    """Which of how many shares, from K/N."""
    if text is None:
        return None
    first, _slash, last = text.partition("/")
    if not (first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last)):
        what = _("{given} is no share; allowed: K/N, such as 2/8, with K from 1 to N", given=repr(text))
        raise click.BadParameter(str(what), context, of)
    return int(first), int(last)


@group()
def study() -> None:
    """Run a study file: arrangements × points of parameter space × runs.

    FILE is e.g. experiments/example.toml. What is finished is stored at once; a study can be killed and
    resumed at any time.
    """


@study.command()
@_on_study
@workers
@option(
    "--shard",
    metavar="K/N",
    callback=_shard,
    help="Only the K-th of N shares of the points, in a store of its own; “merge” puts them together.",
)
def run(file: Path, store: Path | None, shard: tuple[int, int] | None) -> int:
    """Run a study, or what is missing of it."""
    return _run(_loaded(file), file, _folder(file, store), shard)


@study.command()
@_on_study
@argument("shards", metavar="[STORE]...", type=click.Path(path_type=Path), nargs=-1)
def merge(file: Path, store: Path | None, shards: tuple[Path, ...]) -> None:
    """Put what is finished of all shards together in the store of the study.

    STORE is the folder of a shard; default: all that “run --shard” made. What no shard has finished, “run”
    does.
    """
    folder = _folder(file, store)
    result = _loaded(file).merge(folder, shards, warn=warn)
    progress = result.progress()
    print_all(label("study.merged", stored=progress.stored, tasks=progress.tasks, folder=folder))
    print_all(label("study.next", file=_again(file, folder)))


@study.command()
@_on_study
@workers
def resume(file: Path, store: Path | None) -> int:
    """Go on with a study that was begun; failed and damaged parts are computed again."""
    asked, folder = _loaded(file), _folder(file, store)
    asked.open(folder, warn=warn)
    return _run(asked, file, folder)


@study.command()
@_on_study
@flag("--check", "Read every part, to find damaged ones.")
@as_json
def status(file: Path, store: Path | None, check: bool) -> Sheet:
    """Say how far a study has come and what failed."""
    from tverretatlig_sim.show.studies import status_sheet
    from tverretatlig_sim.study.store import owner_of

    result = _opened(file, store)
    keys = sorted(result.store.keys() & {task.key for task in result.tasks}) if check else []
    owner = owner_of(result.disk.folder)
    return status_sheet(result, owner, result.disk.damaged(keys))


@study.command()
@_on_study
@as_json
def show(file: Path, store: Path | None) -> Sheet:
    """Show what a study asks and, once it has been run, what came out."""
    from tverretatlig_sim.show.studies import study_sheet

    asked, folder = _loaded(file), _folder(file, store)
    result = asked.open(folder, warn=warn) if (folder / "manifest.json").exists() else None
    command = f"tverretatlig study run {_again(file, folder)}"
    return study_sheet(asked, result, label("study.none", folder=folder, command=command))


@study.command()
@_on_study
@folder_option("--out", "Folder for the table.  [default: the store]")
@flag("--csv", "Write the table as CSV too.")
@flag("--partial", "Leave out what is not finished instead of refusing.")
def compact(file: Path, store: Path | None, out: Path | None, csv: bool, partial: bool) -> None:
    """Put all parts together as one table (table.parquet), the same bytes however they were made."""
    result = _opened(file, store)
    paths = result.compact(out, partial=partial, csv=csv)
    print_all(label("study.written", files=", ".join(map(str, paths))))


def _methods(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command an option for each method."""
    for name, said in reversed(METHODS.items()):
        command = option(f"--{name}", is_flag=True, help=said)(command)
    return command


@study.command()
@_on_study
@option("--outcome", default=HEADLINE, show_default=True, help="What to analyse; one that was recorded.")
@_methods
@folder_option("--out", "Folder for tables and figures.", expose_value=False)
@as_json
def analyse(file: Path, store: Path | None, outcome: str, **methods: bool) -> Sheet:
    """Say which factors matter in a study that has been run, and under which conditions.

    Without a method: all that go with the study's design.
    """
    from tverretatlig_sim.show.studies import analyses_sheet, unfinished
    from tverretatlig_sim.study.analysis import analyse

    result = _opened(file, store)
    chosen = [cast("Method", name) for name, asked in methods.items() if asked]
    found = analyse(result, outcome, chosen or None)
    return analyses_sheet(found, unfinished(result))


def _loaded(file: Path) -> Study:
    """A study from its file.

    Raises:
        Refusal: with all that is wrong with it.
    """
    from tverretatlig_sim.study.study import load_study

    with advised(_("docs/how-to/studies.md says what a study file may hold.")):
        found = load_study(file)
    for note in found.notes:
        warn(note)
    return found


def _opened(file: Path, store: Path | None) -> StudyResult:
    """What is finished of a study."""
    return _loaded(file).open(_folder(file, store), warn=warn)


def _folder(file: Path, store: Path | None) -> Path:
    """Where the parts of a study are."""
    return Path("results", file.stem) if store is None else store


def _again(file: Path, folder: Path) -> str:
    """Arguments of a further command on the same study, as a shell reads them."""
    words = [file, *([] if folder == _folder(file, None) else ["--store", folder])]
    words += [word for module in modules_of(click.get_current_context()) for word in (MODULE, module)]
    return shlex.join(map(str, words))


def _run(asked: Study, file: Path, folder: Path, shard: tuple[int, int] | None = None) -> int:
    """Run what is missing, and say what came of it.

    Raises:
        Failure: some tasks failed.
    """
    from tverretatlig_sim.study.study import shard_folder

    whole = folder
    folder = whole if shard is None else shard_folder(whole, shard)
    again = _again(file, folder)
    with study_progress() as report:
        try:
            result = asked.run(whole, shard=shard or (1, 1), progress=report, warn=warn)
        except KeyboardInterrupt:
            stopped = _("Stopped. Finished parts are in {folder}.", folder=folder)
            more = _("“{command}” goes on from there.", command=f"tverretatlig study resume {again}")
            click.echo(str(joined(" ", (stopped, more))), err=True)
            return INTERRUPTED
    progress = result.progress()
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
    print_all(said, label("study.next" if shard is None else "study.merge", file=_again(file, whole)))
    return 0
