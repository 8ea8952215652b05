"""The command ``retain``: which parameter sets does the evidence not rule out?"""

from __future__ import annotations

import os
from pathlib import Path

import click

from tverretatlig_sim.cli import request
from tverretatlig_sim.cli.language import command, language, option
from tverretatlig_sim.cli.options import as_json, refusals
from tverretatlig_sim.cli.output import give, print_all, write, written
from tverretatlig_sim.cli.progress import progress
from tverretatlig_sim.i18n import _


@command()
@option(
    "--sets", type=click.IntRange(min=2), default=4096, show_default=True, help="Parameter sets of a stage."
)
@option("--runs", type=click.IntRange(min=2), default=4, show_default=True, help="Runs of each set.")
@request.seed
@option("--want", type=click.IntRange(min=1), default=512, show_default=True, help="Sets to keep, at least.")
@option("--most", type=click.IntRange(min=2), default=16384, show_default=True, help="Sets drawn at most.")
@option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Processes; changes speed only.",
)
@request.out
@as_json
@language
def retain(
    sets: int, runs: int, seed: int, want: int, most: int, workers: int, out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Keep the parameter sets that agree with what was observed; with --out, store them.

    Sets are drawn from the evidence ranges in stages, until enough are kept. Tolerances are never loosened.
    The sets that come with the package are in scenarios/evidence-consistent, with the command that made them.
    """
    from tverretatlig_sim.show.inference import history_sheet
    from tverretatlig_sim.study.history_matching import match_history, stored_files

    request.check_folder(out)
    with refusals(), progress(most, _("sets (at most)")) as report:
        history = match_history(
            sets, runs, seed, want=want, most=max(sets, most), workers=min(workers, os.cpu_count() or 1),
            progress=report,
        )  # fmt: skip
    command = f"tverretatlig retain --sets {sets} --runs {runs} --seed {seed} --want {want} --most {most}"
    if out is not None:
        write(out, stored_files(history, command))
    give(history_sheet(history, want, command), as_json=as_json)
    if not as_json:
        print_all(*written(out))
