"""Commands over parameter sets and structures: ``patterns``, ``retain`` and ``search``."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

import click

from tverretatlig_sim.cli.base import Refusal, argument, command, flag, option
from tverretatlig_sim.cli.options import (
    RunOptions,
    as_json,
    out,
    scenario_argument,
    seed,
    simulating,
    whole,
    workers,
)
from tverretatlig_sim.cli.output import OUT, progress, told, written
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.i18n import _
from tverretatlig_sim.show.files import write_folder
from tverretatlig_sim.show.rows import Sheet


@command()
@argument("ids", metavar="[ID]...", nargs=-1)
@whole("--sets", 256, "Parameter sets to draw.", least=2)
@whole("--runs", 8, "Runs of each set.")
@seed
@workers
@flag("--retained", "Use the evidence-consistent sets that come with the package.")
@flag("--switched", "Take away what each pattern rests on: it should vanish.")
@out
@as_json
def patterns(
    ids: tuple[str, ...],
    sets: int,
    runs: int,
    seed: int,
    retained: bool,
    switched: bool,
) -> Sheet:
    """Check what the sources report, over parameter sets drawn from the evidence ranges.

    ID is a pattern's id; all are checked if none is given. A pattern that fails is shown as failing.
    """
    from tverretatlig_sim.show.inference import patterns_sheet
    from tverretatlig_sim.study import patterns as study
    from tverretatlig_sim.study.history_matching import stored_sets
    from tverretatlig_sim.study.sampling import draw_sets

    chosen = study.patterns(ids)
    drawn = stored_sets(sets) if retained else draw_sets(sets, seed)
    evaluate = study.evaluate_switched if switched else study.evaluate
    with progress(len(drawn) * (len(chosen) if switched else 1), _("sets")) as report:
        findings = evaluate(chosen, drawn, runs, seed, progress=report)
    return patterns_sheet(findings, len(drawn), runs, seed, switched=switched)


@command()
@whole("--sets", 4096, "Parameter sets of a stage.", least=2)
@whole("--runs", 4, "Runs of each set.", least=2)
@seed
@whole("--want", 512, "Sets to keep, at least.")
@whole("--most", 16384, "Sets drawn at most.", least=2)
@workers
@out
@as_json
def retain(sets: int, runs: int, seed: int, want: int, most: int) -> Sheet:
    """Keep the parameter sets that agree with what was observed; with --out, store them.

    Sets are drawn from the evidence ranges in stages, until enough are kept. Tolerances are never loosened.
    The sets that come with the package are in scenarios/evidence-consistent, with the command that made them.
    """
    from tverretatlig_sim.show.inference import history_sheet
    from tverretatlig_sim.study.history_matching import match_history, stored_files

    with progress(most, _("sets (at most)")) as report:
        history = match_history(sets, runs, seed, want=want, most=max(sets, most), progress=report)
    command = f"tverretatlig retain --sets {sets} --runs {runs} --seed {seed} --want {want} --most {most}"
    sheet = history_sheet(history, want, command)
    if out := click.get_current_context().meta.pop(OUT, None):  # these files are the sets themselves
        write_folder(out, stored_files(history, command))
    return replace(sheet, parts=[*sheet.parts, *written(out)])


@command()
@scenario_argument("name")
@whole("--trials", 200, "Structures to ask for.", least=2)
@whole("--runs", 100, "Runs of each; the best get five times as many on fresh draws.", least=2)
@option(
    "--turn",
    "turned",
    metavar="DIAL,...",
    default="",
    help="Turn only some of: portfolio, stop_points, secretariat, seats, cadence, rule.",
)
@option("--gain", default=HEADLINE, show_default=True, help="Outcome that is to be large.")
@option("--cost", default="fte_spent", show_default=True, help="Outcome that is to be small.")
@flag("--robust", "Give every two runs an evidence-consistent parameter set of their own.")
@simulating
@out
@as_json
def search(
    name: str,
    trials: int,
    runs: int,
    turned: str,
    gain: str,
    cost: str,
    robust: bool,
    options: RunOptions,
) -> Sheet:
    """Search the structure of a scenario for the best gain at every cost.

    It turns seats, cadence, secretariat, decision rule, stop points and portfolio (--turn for some of them).

    With --out, a search that was stopped goes on where it was when the same command is given again.
    """
    scenario = options.load(name)
    if find_spec("optuna") is None:
        install = 'pip install "tverretatlig-sim[search]"'
        raise Refusal(_("“search” needs Optuna, which is not installed."), install)
    from tverretatlig_sim.show.studies import search_sheet
    from tverretatlig_sim.study.search import search

    with progress(trials, _("structures")) as report:
        found = search(
            scenario,
            trials,
            runs,
            *options.how,
            robust=robust,
            dials=[dial.strip() for dial in turned.split(",") if dial.strip()],
            gain=gain,
            cost=cost,
            folder=told(OUT),
            progress=report,
        )
    return search_sheet(found)
