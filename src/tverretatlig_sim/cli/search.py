"""The command ``search``: which structure is best for its cost."""

from __future__ import annotations

from pathlib import Path

import click

from tverretatlig_sim.cli import request
from tverretatlig_sim.cli.completion import scenario_names
from tverretatlig_sim.cli.language import argument, command, language, option
from tverretatlig_sim.cli.options import Changes, Refusal, as_json, changing, load, parse_settings, refusals
from tverretatlig_sim.cli.output import give
from tverretatlig_sim.cli.progress import progress
from tverretatlig_sim.cli.request import check_folder
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.i18n import _

INSTALL = 'pip install "tverretatlig-sim[search]"'


@command()
@argument("name", shell_complete=scenario_names)
@option("--trials", type=click.IntRange(min=2), default=200, show_default=True, help="Structures to ask for.")
@option(
    "--runs",
    type=click.IntRange(min=2),
    default=100,
    show_default=True,
    help="Runs of each; the best get five times as many on fresh draws.",
)
@request.seed
@request.months
@option(
    "--turn",
    "turned",
    metavar="DIAL,...",
    default="",
    help="Turn only some of: portfolio, stop_points, secretariat, seats, cadence, rule.",
)
@option("--gain", default=HEADLINE, show_default=True, help="Outcome that is to be large.")
@option("--cost", default="fte_spent", show_default=True, help="Outcome that is to be small.")
@option("--robust", is_flag=True, help="Give each run an evidence-consistent parameter set of its own.")
@request.settings
@changing
@request.out
@as_json
@language
def search(
    name: str, trials: int, runs: int, seed: int, months: int | None, turned: str, gain: str, cost: str,
    robust: bool, settings: tuple[str, ...], changes: Changes, out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Search the structure of a scenario for the best gain at every cost.

    It turns seats, cadence, secretariat, decision rule, stop points and portfolio (--turn for some of them).

    With --out, a search that was stopped goes on where it was when the same command is given again.
    """
    scenario, parameters = load(name, changes), parse_settings(settings)
    check_folder(out)
    _check_optimiser()
    from tverretatlig_sim.show.studies import search_sheet
    from tverretatlig_sim.study.search import search as run

    chosen = [dial.strip() for dial in turned.split(",") if dial.strip()]
    with refusals(), progress(trials, _("structures")) as report:
        found = run(
            scenario, trials, runs, seed, months, parameters,
            robust=robust, dials=chosen, gain=gain, cost=cost, folder=out, progress=report,
        )  # fmt: skip
    give(search_sheet(found), as_json=as_json, out=out)


def _check_optimiser() -> None:
    from importlib.util import find_spec

    if find_spec("optuna") is None:
        raise Refusal(_("“search” needs Optuna, which is not installed."), INSTALL)
