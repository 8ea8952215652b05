"""The commands that simulate: ``run`` and ``compare``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from tverretatlig_sim.cli.language import command, option
from tverretatlig_sim.cli.options import Refusal, refusals
from tverretatlig_sim.cli.output import print_all, print_json, write
from tverretatlig_sim.cli.progress import progress
from tverretatlig_sim.cli.request import Request, check_folder, simulation
from tverretatlig_sim.cli.robust import compare_in_all_sets
from tverretatlig_sim.i18n import _, label, ngettext
from tverretatlig_sim.show.labels import HEADLINE

if TYPE_CHECKING:
    from rich.table import Table

    from tverretatlig_sim.ensemble.compare import Comparison
    from tverretatlig_sim.ensemble.ensemble import Ensemble
    from tverretatlig_sim.ensemble.series import SeriesKind
    from tverretatlig_sim.ensemble.statistics import StoppingRule
    from tverretatlig_sim.scenario import Scenario


@command()
@simulation
def run(request: Request) -> None:
    """Simulate scenarios and summarise them; with --out, keep numbers and figures."""
    from tverretatlig_sim.show import documents, results

    scenarios = request.scenarios()
    check_folder(request.out)
    ensembles = simulated(scenarios, request)
    write(request.out, lambda: results.ensembles_files(ensembles))
    if request.as_json:
        print_json(documents.ensembles_document(ensembles))
    else:
        print_ensembles(ensembles, request)


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
    from tverretatlig_sim.show import documents, results

    if len(request.names) < 2:
        advice = _("Try “tverretatlig compare 0-24-2018 dfo-simplified”.")
        raise Refusal(_("a comparison needs at least two scenarios"), advice)
    scenarios = request.scenarios()
    if request.out is None and not request.as_json:
        folder = results.file_name("compare", *(scenario.name for scenario in scenarios))
        request = replace(request, out=Path("results", folder))
    check_folder(request.out)
    if request.robust and request.until is not None:
        advice = _("With --robust, --runs says how many in all.")
        raise Refusal(_("--until does not go with --robust"), advice)
    if request.robust:
        return compare_in_all_sets(scenarios, request)
    comparison = compared(scenarios, request)
    write(request.out, lambda: results.comparison_files(comparison))
    if request.as_json:
        print_json(documents.comparison_document(comparison))
    else:
        print_comparison(comparison, request)


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


def print_ensembles(ensembles: Mapping[str, Ensemble], request: Request) -> None:
    """Print outcomes, funnels and the sources' frameworks."""
    from tverretatlig_sim.show import tables
    from tverretatlig_sim.show.frameworks import frameworks_table

    print_all(heading(ensembles), tables.summary_table(ensembles), *funnels(ensembles))
    print_all(frameworks_table({name: item.frameworks() for name, item in ensembles.items()}))
    print_all(label("note.interval"), label("note.levels"), *undefined(ensembles))
    print_all(*stopped([item.stopping_rule for item in ensembles.values()]), *written(request))


def print_comparison(comparison: Comparison, request: Request) -> None:
    """Print outcomes, differences, funnels, the sources' frameworks and what the numbers support."""
    from tverretatlig_sim.show import tables
    from tverretatlig_sim.show.findings import findings
    from tverretatlig_sim.show.frameworks import frameworks_table

    ensembles = comparison.ensembles
    print_all(heading(ensembles))
    if len(ensembles) == 2:
        print_all(tables.comparison_table(comparison))
    else:
        print_all(tables.summary_table(ensembles), tables.pairs_table(comparison))
    missing = undefined(ensembles)
    notes = ["note.interval", "note.pairs", *(["note.many"] if len(ensembles) > 2 else [])]
    print_all(*(label(note) for note in notes), *missing, "", *funnels(ensembles))
    print_all(frameworks_table({name: item.frameworks() for name, item in ensembles.items()}))
    # The first scenario is the one the others are held against; the table above has the other pairs.
    print_all(*findings(comparison)[: len(ensembles) - 1], *stopped([comparison.stopping_rule]))
    print_all(*written(request))


def heading(ensembles: Mapping[str, Ensemble]) -> str:
    """Which scenarios, and how they were run."""
    from tverretatlig_sim.show import tables

    first = next(iter(ensembles.values()))
    counts = dict.fromkeys(item.runs for item in ensembles.values())
    said = label(
        "note.runs",
        runs=ngettext("{number} run", "{number} runs", max(counts), number="/".join(map(str, counts))),
        seed=first.seed,
        months=ngettext("{number} month", "{number} months", first.months),
    )
    return f"{tables.legend(ensembles)}\n{said}"


def undefined(ensembles: Mapping[str, Ensemble]) -> list[str]:
    """Why the headline of a scenario is missing, if no run has it."""
    from tverretatlig_sim.ensemble.outcomes import FOLLOW_UP

    missing = [name for name, item in ensembles.items() if item.outcomes[HEADLINE].isna().all()]
    said = label("note.undefined")
    return [said.format(name=name, months=FOLLOW_UP) for name in missing]


def funnels(ensembles: Mapping[str, Ensemble]) -> list[Table]:
    """A funnel of each scenario."""
    from tverretatlig_sim.show import tables

    return [tables.funnel_table(ensemble) for ensemble in ensembles.values()]


def stopped(precisions: Sequence[StoppingRule | None]) -> list[str]:
    """Why the runs ended, if they were to go on until a precision was reached."""
    from tverretatlig_sim.show.numbers import MISSING, plain

    asked = [precision for precision in precisions if precision is not None]
    said = [
        label(
            "note.until" if precision.reached else "note.until_missed",
            asked=plain(precision.asked),
            half=plain(round(half, 6)) if isfinite(half := precision.half_width) else MISSING,
        )
        for precision in asked
    ]
    return [*dict.fromkeys(said), label("note.anytime")] if asked else []


def written(request: Request) -> list[str]:
    """A line that says where the results are, if there are any."""
    return [f"\n{label('note.written', folder=request.out)}"] if request.out else []
