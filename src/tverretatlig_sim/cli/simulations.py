"""The commands that simulate: ``run`` and ``compare``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tverretatlig_sim.cli.options import Refusal, load_all, parse_settings, refusals, simulation
from tverretatlig_sim.cli.output import announce, print_all, print_json, write
from tverretatlig_sim.cli.progress import progress
from tverretatlig_sim.show.labels import Language, label

if TYPE_CHECKING:
    from rich.table import Table

    from tverretatlig_sim.ensemble import Comparison, Ensemble
    from tverretatlig_sim.scenario import Scenario


@click.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@simulation
def run(
    names: tuple[str, ...], runs: int, seed: int, months: int | None, settings: tuple[str, ...], out: Path | None,
    as_json: bool, lang: Language,
) -> None:  # fmt: skip
    """Simulate scenarios and summarise them; with --out, keep numbers and figures."""
    from tverretatlig_sim.show import documents, results, tables

    scenarios, parameters = prepared(names, settings, out)
    ensembles = simulated(scenarios, runs, seed, months, parameters, keep_series=out is not None)
    if not as_json:
        print_all(heading(ensembles, lang), tables.summary_table(ensembles, lang), *funnels(ensembles, lang))
        print_all(label("note.interval", lang), label("note.levels", lang))
    if out:
        write(out, lambda: results.ensembles_files(ensembles, lang))
    if as_json:
        print_json(documents.ensembles_document(ensembles))
    elif out:
        announce(out, lang)


@click.command()
@click.argument("names", metavar="NAME NAME...", nargs=-1, required=True)
@simulation
def compare(
    names: tuple[str, ...], runs: int, seed: int, months: int | None, settings: tuple[str, ...], out: Path | None,
    as_json: bool, lang: Language,
) -> None:  # fmt: skip
    """Compare scenarios on the same draws and say what the numbers support.

    Numbers and figures go to --out, by default to results/compare-NAME-NAME (with --json: nowhere).
    """
    from tverretatlig_sim.show import documents, results

    if len(names) < 2:
        raise Refusal(
            "a comparison needs at least two scenarios",
            "Try “tverretatlig compare 0-24-2018 dfo-simplified”.",
        )
    scenarios, parameters = prepared(names, settings, out)
    if out is None and not as_json:
        out = Path("results", results.file_name("compare", *(scenario.name for scenario in scenarios)))
        check(out)
    comparison = compared(scenarios, runs, seed, months, parameters)
    if not as_json:
        print_comparison(comparison, lang)
    if out:
        write(out, lambda: results.comparison_files(comparison, lang))
    if as_json:
        print_json(documents.comparison_document(comparison, lang))
    elif out:
        announce(out, lang)


def prepared(
    names: tuple[str, ...], settings: tuple[str, ...], out: Path | None
) -> tuple[list[Scenario], dict[str, float]]:
    """Scenarios and parameters, and a folder found fit, before any time is spent.

    Raises:
        Refusal: something is wrong with any of them.
    """
    scenarios, parameters = load_all(names), parse_settings(settings)
    if out is not None:
        check(out)
    return scenarios, parameters


def check(out: Path) -> None:
    """Refuse a folder that cannot take results."""
    from tverretatlig_sim.show.files import check_folder

    with refusals():
        check_folder(out)


def simulated(
    scenarios: list[Scenario], runs: int, seed: int, months: int | None, parameters: dict[str, float], *,
    keep_series: bool,
) -> dict[str, Ensemble]:  # fmt: skip
    """An ensemble of each scenario, all over the same months."""
    from tverretatlig_sim.ensemble import simulate

    common = months or max(scenario.default_months for scenario in scenarios)
    series = "moments" if keep_series else "none"
    with refusals(), progress(runs * len(scenarios)) as report:
        return {
            scenario.name: simulate(scenario, runs, seed, common, parameters, series=series, report=report)
            for scenario in scenarios
        }


def compared(
    scenarios: list[Scenario], runs: int, seed: int, months: int | None, parameters: dict[str, float]
) -> Comparison:
    """The scenarios on the same draws."""
    from tverretatlig_sim import ensemble

    with refusals(), progress(runs * len(scenarios)) as report:
        return ensemble.compare(scenarios, runs, seed, months, parameters, series="none", report=report)


def print_comparison(comparison: Comparison, lang: Language) -> None:
    """Print outcomes, differences, funnels and the finding."""
    from tverretatlig_sim.show import tables
    from tverretatlig_sim.show.findings import findings

    ensembles = comparison.ensembles
    print_all(heading(ensembles, lang))
    if len(ensembles) == 2:
        print_all(tables.comparison_table(comparison, lang))
    else:
        print_all(tables.summary_table(ensembles, lang), tables.pairs_table(comparison, lang))
    notes = ["note.interval", "note.pairs", *(["note.many"] if len(ensembles) > 2 else [])]
    print_all(*(label(note, lang) for note in notes), "", *funnels(ensembles, lang))
    print_all(*findings(comparison, lang), "")


def heading(ensembles: Mapping[str, Ensemble], lang: Language) -> str:
    """Which scenarios, and how they were run."""
    from tverretatlig_sim.show import tables

    first = next(iter(ensembles.values()))
    said = label("note.runs", lang).format(runs=first.runs, seed=first.seed, months=first.months)
    return f"{tables.legend(ensembles, lang)}\n{said}"


def funnels(ensembles: Mapping[str, Ensemble], lang: Language) -> list[Table]:
    """A funnel of each scenario."""
    from tverretatlig_sim.show import tables

    return [tables.funnel_table(ensemble, lang) for ensemble in ensembles.values()]
