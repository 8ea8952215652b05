"""The command ``explain``: what the difference between two scenarios is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import click

from tverretatlig_sim.cli.completion import scenario_names
from tverretatlig_sim.cli.options import (
    Changes,
    as_json,
    changing,
    language,
    load_all,
    parse_settings,
    refusals,
)
from tverretatlig_sim.cli.output import print_all, print_json
from tverretatlig_sim.cli.progress import progress
from tverretatlig_sim.cli.request import months, seed, settings
from tverretatlig_sim.show.labels import HEADLINE, Language


@click.command()
@click.argument("a", shell_complete=scenario_names)
@click.argument("b", shell_complete=scenario_names)
@click.option(
    "--outcome", default=HEADLINE, show_default=True, help="What to explain; any column of outcomes.csv."
)
@click.option(
    "--runs",
    type=click.IntRange(min=1),
    default=250,
    show_default=True,
    help="Runs of each of up to 128 hybrids.",
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
    seed: int,
    months: int | None,
    settings: tuple[str, ...],
    changes: Changes,
    as_json: bool,
    lang: Language,
) -> None:
    """Share out the difference between scenarios A and B among the parts in which they differ.

    Every hybrid, with some parts from A and the rest from B, is run on the same draws: a minute or two.
    """
    scenarios, parameters = load_all((a, b), changes), parse_settings(settings)
    first, second = scenarios
    from tverretatlig_sim import study
    from tverretatlig_sim.show import explanation as shown

    with refusals(), _progress() as report:
        found = study.explain(first, second, outcome, runs, seed, months, parameters, report=report)
    if as_json:
        print_json(shown.explanation_document(found, lang))
        return
    print_all(shown.legend(scenarios, lang), shown.explanation_table(found, lang))
    print_all(*shown.notes(found, lang), "", shown.sentence(found, lang))


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Progress of runs whose number is known only when the first are finished."""
    with ExitStack() as stack:
        bars: list[Callable[[int], None]] = []

        def report(finished: int, total: int) -> None:
            if not bars:
                bars.append(stack.enter_context(progress(total)))
            bars[0](finished)

        yield report
