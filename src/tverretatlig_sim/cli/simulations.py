"""The commands that simulate: ``run`` and ``compare``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tverretatlig_sim.cli.options import Refusal, refusals
from tverretatlig_sim.cli.output import print_all, print_json, write
from tverretatlig_sim.cli.progress import progress
from tverretatlig_sim.cli.request import Request, check_folder, simulation
from tverretatlig_sim.cli.robust import compare_in_all_sets
from tverretatlig_sim.cli.spoken import command
from tverretatlig_sim.language import say
from tverretatlig_sim.show.labels import HEADLINE, Language, label

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
    write(request.out, lambda: results.ensembles_files(ensembles, request.lang))
    if request.as_json:
        print_json(documents.ensembles_document(ensembles))
    else:
        print_ensembles(ensembles, request)


@command()
@click.option(
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
        advice = say("Try “tverretatlig compare 0-24-2018 dfo-simplified”.")
        raise Refusal(say("a comparison needs at least two scenarios"), advice)
    scenarios = request.scenarios()
    if request.out is None and not request.as_json:
        folder = results.file_name("compare", *(scenario.name for scenario in scenarios))
        request = replace(request, out=Path("results", folder))
    check_folder(request.out)
    if request.robust and request.until is not None:
        advice = say("With --robust, --runs says how many in all.")
        raise Refusal(say("--until does not go with --robust"), advice)
    if request.robust:
        return compare_in_all_sets(scenarios, request)
    comparison = compared(scenarios, request)
    write(request.out, lambda: results.comparison_files(comparison, request.lang))
    if request.as_json:
        print_json(documents.comparison_document(comparison, request.lang))
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

    lang = request.lang
    print_all(heading(ensembles, lang), tables.summary_table(ensembles, lang), *funnels(ensembles, lang))
    print_all(frameworks_table({name: item.frameworks() for name, item in ensembles.items()}, lang))
    print_all(label("note.interval", lang), label("note.levels", lang), *undefined(ensembles, lang))
    print_all(*stopped([item.stopping_rule for item in ensembles.values()], lang), *written(request))


def print_comparison(comparison: Comparison, request: Request) -> None:
    """Print outcomes, differences, funnels, the sources' frameworks and what the numbers support."""
    from tverretatlig_sim.show import tables
    from tverretatlig_sim.show.findings import findings
    from tverretatlig_sim.show.frameworks import frameworks_table

    ensembles, lang = comparison.ensembles, request.lang
    print_all(heading(ensembles, lang))
    if len(ensembles) == 2:
        print_all(tables.comparison_table(comparison, lang))
    else:
        print_all(tables.summary_table(ensembles, lang), tables.pairs_table(comparison, lang))
    missing = undefined(ensembles, lang)
    notes = ["note.interval", "note.pairs", *(["note.many"] if len(ensembles) > 2 else [])]
    print_all(*(label(note, lang) for note in notes), *missing, "", *funnels(ensembles, lang))
    print_all(frameworks_table({name: item.frameworks() for name, item in ensembles.items()}, lang))
    # The first scenario is the one the others are held against; the table above has the other pairs.
    print_all(*findings(comparison, lang)[: len(ensembles) - 1], *stopped([comparison.stopping_rule], lang))
    print_all(*written(request))


def heading(ensembles: Mapping[str, Ensemble], lang: Language) -> str:
    """Which scenarios, and how they were run."""
    from tverretatlig_sim.show import tables

    first = next(iter(ensembles.values()))
    runs = "/".join(str(runs) for runs in dict.fromkeys(item.runs for item in ensembles.values()))
    said = label("note.runs", lang).format(runs=runs, seed=first.seed, months=first.months)
    return f"{tables.legend(ensembles, lang)}\n{said}"


def undefined(ensembles: Mapping[str, Ensemble], lang: Language) -> list[str]:
    """Why the headline of a scenario is missing, if no run has it."""
    from tverretatlig_sim.ensemble.outcomes import FOLLOW_UP

    missing = [name for name, item in ensembles.items() if item.outcomes[HEADLINE].isna().all()]
    said = label("note.undefined", lang)
    return [said.format(name=name, months=FOLLOW_UP) for name in missing]


def funnels(ensembles: Mapping[str, Ensemble], lang: Language) -> list[Table]:
    """A funnel of each scenario."""
    from tverretatlig_sim.show import tables

    return [tables.funnel_table(ensemble, lang) for ensemble in ensembles.values()]


def stopped(precisions: Sequence[StoppingRule | None], lang: Language) -> list[str]:
    """Why the runs ended, if they were to go on until a precision was reached."""
    from tverretatlig_sim.show.numbers import MISSING, plain

    asked = [precision for precision in precisions if precision is not None]
    said = [
        label("note.until" if precision.reached else "note.until_missed", lang).format(
            asked=plain(precision.asked, lang),
            half=plain(round(half, 6), lang) if isfinite(half := precision.half_width) else MISSING,
        )
        for precision in asked
    ]
    return [*dict.fromkeys(said), label("note.anytime", lang)] if asked else []


def written(request: Request) -> list[str]:
    """A line that says where the results are, if there are any."""
    return [f"\n{label('note.written', request.lang).format(folder=request.out)}"] if request.out else []
