"""The command ``patterns``: what the sources report, checked over parameter sets."""

from __future__ import annotations

from pathlib import Path

import click

from tverretatlig_sim.cli import request
from tverretatlig_sim.cli.language import argument, command, language, option
from tverretatlig_sim.cli.options import as_json, refusals
from tverretatlig_sim.cli.output import give
from tverretatlig_sim.cli.progress import progress
from tverretatlig_sim.cli.request import check_folder
from tverretatlig_sim.i18n import _


@command()
@argument("ids", metavar="[ID]...", nargs=-1)
@option("--sets", type=click.IntRange(min=2), default=256, show_default=True, help="Parameter sets to draw.")
@option("--runs", type=click.IntRange(min=1), default=8, show_default=True, help="Runs of each set.")
@request.seed
@option("--retained", is_flag=True, help="Use the evidence-consistent sets that come with the package.")
@option("--switched", is_flag=True, help="Take away what each pattern rests on: it should vanish.")
@option(
    "--module",
    "modules",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Python file with patterns of your own; repeatable.",
)
@request.out
@as_json
@language
def patterns(
    ids: tuple[str, ...], sets: int, runs: int, seed: int, retained: bool, switched: bool,
    modules: tuple[Path, ...], out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Check what the sources report, over parameter sets drawn from the evidence ranges.

    ID is a pattern's id; all are checked if none is given. A pattern that fails is shown as failing.
    """
    from tverretatlig_sim.show.inference import patterns_sheet
    from tverretatlig_sim.study import patterns as study
    from tverretatlig_sim.study.history_matching import stored_sets
    from tverretatlig_sim.study.sampling import draw_sets

    check_folder(out)
    with refusals():
        for module in modules:
            study.load_module(module)
        chosen = study.patterns(ids)
        drawn = stored_sets(sets) if retained else draw_sets(sets, seed)
        with progress(len(drawn) * (len(chosen) if switched else 1), _("sets")) as report:
            evaluate = study.evaluate_switched if switched else study.evaluate
            findings = evaluate(chosen, drawn, runs, seed, progress=report)
    sheet = patterns_sheet(findings, len(drawn), runs, seed, switched=switched)
    give(sheet, as_json=as_json, out=out)
