"""The command ``study analyse``: what matters in a study."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tverretatlig_sim.cli.language import command, language, option
from tverretatlig_sim.cli.options import as_json, refusals
from tverretatlig_sim.cli.output import give
from tverretatlig_sim.cli.request import check_folder, folder_option
from tverretatlig_sim.cli.study import file, loaded, opened, store, store_folder
from tverretatlig_sim.ensemble import HEADLINE

if TYPE_CHECKING:
    from tverretatlig_sim.study.analysis import Method

METHODS = {
    "sobol": "Sobol indices: share of the variance by each factor (design saltelli).",
    "morris": "Morris screening: how far each factor moves the outcome (design morris).",
    "pawn": "PAWN: how far each factor moves the distribution.",
    "dependence": "The outcome along each factor, averaged over the others.",
    "discover": "Under which conditions does one arrangement lose to another? (PRIM)",
    "convergence": "How many runs until the ordering of two arrangements is settled?",
}


def _methods(command: Callable[..., None]) -> Callable[..., None]:
    """Give the command an option for each method."""
    for name, said in reversed(METHODS.items()):
        command = option(f"--{name}", is_flag=True, help=said)(command)
    return command


@command()
@file
@store
@option("--outcome", default=HEADLINE, show_default=True, help="What to analyse; one that was recorded.")
@_methods
@folder_option("--out", "Folder for tables and figures.")
@as_json
@language
def analyse(
    file: Path,
    store: Path | None,
    outcome: str,
    out: Path | None,
    as_json: bool,
    **methods: bool,
) -> None:
    """Say which factors matter in a study that has been run, and under which conditions.

    Without a method: all that go with the study's design.
    """
    from tverretatlig_sim.show.studies import analyses_sheet, unfinished
    from tverretatlig_sim.study.analysis import analyse

    study = loaded(file)
    result = opened(study, store_folder(file, store))
    check_folder(out)
    chosen = [cast("Method", name) for name, asked in methods.items() if asked]
    with refusals():
        found = analyse(result, outcome, chosen or None)
    give(analyses_sheet(found, unfinished(result)), as_json=as_json, out=out)
