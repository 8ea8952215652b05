"""The commands that simulate: ``run`` and ``compare``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tverretatlig_sim.cli.language import command, option
from tverretatlig_sim.cli.options import Refusal, refusals
from tverretatlig_sim.cli.output import give
from tverretatlig_sim.cli.progress import progress
from tverretatlig_sim.cli.request import Request, check_folder, simulation
from tverretatlig_sim.cli.robust import compare_in_all_sets
from tverretatlig_sim.i18n import _

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble.compare import Comparison
    from tverretatlig_sim.ensemble.ensemble import Ensemble
    from tverretatlig_sim.ensemble.series import SeriesKind
    from tverretatlig_sim.scenario import Scenario


@command()
@simulation
def run(request: Request) -> None:
    """Simulate scenarios and summarise them; with --out, keep numbers and figures."""
    from tverretatlig_sim.show.simulations import ensembles_sheet

    scenarios = request.scenarios()
    check_folder(request.out)
    ensembles = simulated(scenarios, request)
    give(ensembles_sheet(ensembles), as_json=request.as_json, out=request.out)


@command()
@option(
    "--robust",
    is_flag=True,
    help="Compare in every evidence-consistent parameter set; --runs is then the number over all sets.",
)
@simulation
def compare(request: Request) -> None:
    """Compare scenarios on the same draws and say what the numbers support.

    Numbers and figures go to --out, by default to results/compare-NAME-NAME (with --json: nowhere).
    """
    from tverretatlig_sim.show.files import file_name
    from tverretatlig_sim.show.simulations import comparison_sheet

    if len(request.names) < 2:
        advice = _("Try “tverretatlig compare 0-24-2018 dfo-simplified”.")
        raise Refusal(_("a comparison needs at least two scenarios"), advice)
    scenarios = request.scenarios()
    if request.out is None and not request.as_json:
        folder = file_name("compare", *(scenario.name for scenario in scenarios))
        request = replace(request, out=Path("results", folder))
    check_folder(request.out)
    if request.robust and request.until is not None:
        advice = _("With --robust, --runs says how many in all.")
        raise Refusal(_("--until does not go with --robust"), advice)
    if request.robust:
        return compare_in_all_sets(scenarios, request)
    give(comparison_sheet(compared(scenarios, request)), as_json=request.as_json, out=request.out)


def simulated(scenarios: list[Scenario], request: Request) -> dict[str, Ensemble]:
    """An ensemble of each scenario, all over the same months."""
    parameters = request.parameters()
    from tverretatlig_sim.ensemble.simulate import simulate

    months = request.months or max(scenario.default_months for scenario in scenarios)
    series: SeriesKind = "moments" if request.out else "none"
    with refusals(), progress(total(request, len(scenarios))) as report:
        return {
            scenario.name: simulate(
                scenario,
                request.most,
                request.seed,
                months,
                parameters,
                half_width=request.until,
                series=series,
                progress=report,
            )
            for scenario in scenarios
        }


def compared(scenarios: list[Scenario], request: Request) -> Comparison:
    """The scenarios on the same draws."""
    parameters = request.parameters()
    from tverretatlig_sim.ensemble.compare import compare as compare_scenarios

    with refusals(), progress(total(request, len(scenarios))) as report:
        return compare_scenarios(
            scenarios,
            request.most,
            request.seed,
            request.months,
            parameters,
            half_width=request.until,
            series="none",
            progress=report,
        )


def total(request: Request, scenarios: int) -> int | None:
    """Runs of all scenarios together; None if they go on until a precision is reached."""
    return request.runs * scenarios if request.until is None else None
