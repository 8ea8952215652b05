"""The command ``explain``: what the difference between two scenarios is made of."""

from __future__ import annotations

import click

from tverretatlig_sim.cli.completion import scenario_names
from tverretatlig_sim.cli.language import argument, command, language, option
from tverretatlig_sim.cli.options import Changes, as_json, changing, load_all, parse_settings, refusals
from tverretatlig_sim.cli.output import give
from tverretatlig_sim.cli.progress import progress_of_total
from tverretatlig_sim.cli.request import months, seed, settings
from tverretatlig_sim.cli.robust import explain_in_all_sets
from tverretatlig_sim.ensemble import HEADLINE


@command()
@argument("a", shell_complete=scenario_names)
@argument("b", shell_complete=scenario_names)
@option("--outcome", default=HEADLINE, show_default=True, help="What to explain; any column of outcomes.csv.")
@option(
    "--runs",
    type=click.IntRange(min=1),
    default=250,
    show_default=True,
    help="Runs of each of up to 128 hybrids.",
)
@option(
    "--robust",
    is_flag=True,
    help="Explain in every evidence-consistent parameter set; --runs is then the number over all sets.",
)
@seed
@months
@settings
@changing
@as_json
@language
def explain(
    a: str,
    b: str,
    outcome: str,
    runs: int,
    robust: bool,
    seed: int,
    months: int | None,
    settings: tuple[str, ...],
    changes: Changes,
    as_json: bool,
) -> None:
    """Share out the difference between scenarios A and B among the parts in which they differ.

    Every hybrid, with some parts from A and the rest from B, is run on the same draws: a minute or two, with
    --robust some minutes.
    """
    scenarios, parameters = load_all((a, b), changes), parse_settings(settings)
    if robust:
        return explain_in_all_sets(scenarios, outcome, runs, seed, months, parameters, as_json=as_json)
    first, second = scenarios
    from tverretatlig_sim import study
    from tverretatlig_sim.show.inference import explanation_sheet

    with refusals(), progress_of_total() as report:
        found = study.explain(first, second, outcome, runs, seed, months, parameters, progress=report)
    give(explanation_sheet(found, scenarios), as_json=as_json)
