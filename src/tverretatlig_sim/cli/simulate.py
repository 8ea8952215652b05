"""Commands that simulate: ``run``, ``trace``, ``compare``, ``explain``, ``barriers`` and ``report``."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tverretatlig_sim.cli.base import Refusal, command, flag, option
from tverretatlig_sim.cli.options import (
    RunOptions,
    Width,
    as_json,
    is_given,
    out,
    scenario_argument,
    simulating,
    told_apart,
    whole,
)
from tverretatlig_sim.cli.output import give, progress
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.i18n import _, current_language, label
from tverretatlig_sim.show.files import check_folder, own_name, text_file, write_folder

if TYPE_CHECKING:
    from tverretatlig_sim.scenario import Scenario
    from tverretatlig_sim.show.rows import Sheet
    from tverretatlig_sim.study.report_data import ReportData
    from tverretatlig_sim.study.robust import ScenarioNumbers

A_SET = 8
"""Runs of each parameter set in a robust comparison, unless --runs says how many in all."""
ENDINGS = (".html", ".htm")
PARTS = {"compare": _("compare"), "explain": _("explain"), "levers": _("levers"), "robust": _("robust")}
"""Parts of a report that are simulated, by the names that the study has for them."""

_names = scenario_argument("names", metavar="NAME...", nargs=-1, required=True)
_runs = whole("--runs", 1000, "Runs of each scenario; with --until at most so many, by default 100 000.")
_smallest = option(
    "--smallest",
    type=Width(min=0, max=1, max_open=True),
    metavar="SIZE",
    help="With --robust: smallest difference of interest in a share.  [default: 0.01, a percentage point]",
)
_scenario_numbers = option(
    "--scenario-numbers",
    type=click.Choice(["drawn", "fixed"]),
    default="drawn",
    show_default=True,
    help="Whether the scenarios' own numbers are drawn within their ranges, or fixed; with --robust.",
)
_until = option(
    "--until",
    type=Width(min=0, max=0.5, min_open=True, max_open=True),
    metavar="WIDTH",
    help="Run until the 95 % interval of the implemented rate (or its difference) is ± WIDTH: 0.01.",
)


@command()
@_names
@_runs
@_until
@simulating
@out
@as_json
def run(
    names: Sequence[str], runs: int, until: float | None, options: RunOptions, out: Path | None, as_json: bool
) -> None:
    """Simulate scenarios and summarise them; with --out, keep numbers and figures."""
    scenarios = options.load_all(names)
    check_folder(out)
    from tverretatlig_sim.ensemble.simulate import simulate
    from tverretatlig_sim.show.simulations import ensembles_sheet

    months = options.months or max(scenario.default_months for scenario in scenarios)
    with _progress(runs, until, scenarios) as report:
        ensembles = {
            scenario.name: simulate(
                scenario,
                _most(runs, until),
                options.seed,
                months,
                options.parameters,
                half_width=until,
                series="moments" if out else "none",
                progress=report,
            )
            for scenario in scenarios
        }
    give(ensembles_sheet(ensembles), as_json=as_json, out=out)


@command()
@scenario_argument("name")
@whole("--run", 0, "Which run to tell.", least=0)
@simulating
@as_json
def trace(name: str, run: int, options: RunOptions, as_json: bool) -> None:
    """Tell one run step by step: mandates, ministries, letters, lines.

    For every mandate and recommendation: who heard of it, who settled it, whose letter it got into, what the
    lines did. One run is one possible course, not the likely one.
    """
    scenario = options.load(name)
    from tverretatlig_sim.ensemble.simulate import simulate
    from tverretatlig_sim.show.steps import steps_sheet

    found = simulate(scenario, run + 1, *options.how, series="none")
    give(steps_sheet(found, run), as_json=as_json)


@command()
@_names
@flag(
    "--robust", "Compare in every evidence-consistent parameter set; --runs is then the number over all sets."
)
@_runs
@_until
@_smallest
@_scenario_numbers
@simulating
@out
@as_json
def compare(
    names: Sequence[str],
    robust: bool,
    runs: int,
    until: float | None,
    smallest: float | None,
    scenario_numbers: ScenarioNumbers,
    options: RunOptions,
    out: Path | None,
    as_json: bool,
) -> None:
    """Compare scenarios on the same draws and say what the numbers support.

    Numbers and figures go to --out, by default to a folder of results/ that is named
    after them and what was chosen (with --json: nowhere).
    """
    if len(names) < 2:
        advice = _("Try “tverretatlig compare 0-24-2018 dfo-simplified”.")
        raise Refusal(_("a comparison needs at least two scenarios"), advice)
    if robust and until is not None:
        advice = _("With --robust, --runs says how many in all.")
        raise Refusal(_("--until does not go with --robust"), advice)
    _check_smallest(smallest, robust)
    scenarios = options.load_all(names)

    if out is None and not as_json:
        out = Path("results", _name("compare", names, scenarios))
    check_folder(out)
    sheet = (
        _compared_robustly(scenarios, runs, smallest, scenario_numbers, options)
        if robust
        else _compared(scenarios, runs, until, options)
    )
    give(sheet, as_json=as_json, out=out)


def _compared(scenarios: list[Scenario], runs: int, until: float | None, options: RunOptions) -> Sheet:
    from tverretatlig_sim.ensemble.compare import compare
    from tverretatlig_sim.show.simulations import comparison_sheet

    with _progress(runs, until, scenarios) as report:
        comparison = compare(
            scenarios,
            _most(runs, until),
            *options.how,
            half_width=until,
            series="none",
            progress=report,
        )
    return comparison_sheet(comparison)


def _compared_robustly(
    scenarios: list[Scenario],
    runs: int,
    smallest: float | None,
    scenario_numbers: ScenarioNumbers,
    options: RunOptions,
) -> Sheet:
    from tverretatlig_sim.show.robust import robust_comparison_sheet
    from tverretatlig_sim.study.history_matching import read_stored
    from tverretatlig_sim.study.robust import compare_robustly

    stored = read_stored()
    sets = len(stored.sets)
    each = _runs_a_set(runs, sets, A_SET)
    with progress(each * sets * len(scenarios)) as report:
        comparison = compare_robustly(
            scenarios,
            stored.sets,
            each,
            *options.how,
            smallest=smallest,
            scenario_numbers=scenario_numbers,
            progress=report,
        )
    return robust_comparison_sheet(comparison, stored)


def _name(kind: str, given: Sequence[str], scenarios: Sequence[Scenario]) -> str:
    """A name for results; scenarios have those of their levers and parts, what else was chosen is added."""
    chosen, values = [], click.get_current_context().params
    for key in ("robust", "runs", "until", "smallest", "scenario_numbers", "seed", "months", "parameters"):
        if values.get(key) is not None and is_given(key):
            plain = isinstance(value := values[key], bool)
            chosen.append((key if value else f"no-{key}") if plain else f"{key}={value}")
    return own_name(kind, [*(it.name for it in scenarios), *given], chosen)


def _progress(
    runs: int, until: float | None, scenarios: Sequence[Scenario]
) -> AbstractContextManager[Callable[..., None]]:
    return progress(runs * len(scenarios) if until is None else None)


def _most(runs: int, until: float | None) -> int | None:
    """Runs of each scenario; None if it is for the library to say."""
    return runs if until is None or is_given("runs") else None


def _check_smallest(smallest: float | None, robust: bool) -> None:
    """Refuse a smallest difference where nothing is counted over sets."""
    if smallest is not None and not robust:
        raise Refusal(_("--smallest goes with --robust"), _("Add --robust, or leave --smallest out."))


def _runs_a_set(runs: int, sets: int, usual: int) -> int:
    """Runs of each parameter set: a few, or as many as the user's runs in all suffice for; two at least."""
    return max(2, round(runs / sets)) if is_given("runs") else usual


@command()
@scenario_argument("a")
@scenario_argument("b")
@option("--outcome", default=HEADLINE, show_default=True, help="What to explain; any column of outcomes.csv.")
@whole("--runs", 250, "Runs of each of up to 128 hybrids.")
@flag(
    "--robust", "Explain in every evidence-consistent parameter set; --runs is then the number over all sets."
)
@_smallest
@_scenario_numbers
@simulating
@as_json
def explain(
    a: str,
    b: str,
    outcome: str,
    runs: int,
    robust: bool,
    smallest: float | None,
    scenario_numbers: ScenarioNumbers,
    options: RunOptions,
    as_json: bool,
) -> None:
    """Share out the difference between scenarios A and B among the parts in which they differ.

    Every hybrid, with some parts from A and the rest from B, is run on the same draws: a minute or two, with
    --robust some minutes.
    """
    _check_smallest(smallest, robust)
    first, second = scenarios = options.load_all((a, b))
    from tverretatlig_sim.show import inference as show
    from tverretatlig_sim.study.explain import explain
    from tverretatlig_sim.study.history_matching import read_stored
    from tverretatlig_sim.study.robust import explain_robustly

    with progress() as report:
        if robust:
            stored = read_stored()
            each = _runs_a_set(runs, len(stored.sets), usual=2)
            shares = explain_robustly(
                first,
                second,
                stored.sets,
                outcome,
                each,
                *options.how,
                smallest=smallest,
                scenario_numbers=scenario_numbers,
                progress=report,
            )
            sheet = show.robust_explanation_sheet(shares, stored, scenarios)
        else:
            found = explain(first, second, outcome, runs, *options.how, progress=report)
            sheet = show.explanation_sheet(found, scenarios)
    give(sheet, as_json=as_json)


@command()
@scenario_argument("name")
@whole("--runs", 1000, "Runs of the scenario as it is, and without each barrier.")
@flag("--robust", "Run every evidence-consistent parameter set; --runs is then the number over all sets.")
@_smallest
@simulating
@as_json
def barriers(
    name: str,
    runs: int,
    robust: bool,
    smallest: float | None,
    options: RunOptions,
    as_json: bool,
) -> None:
    """Say what the evaluators of an arrangement say held it back, and what changes without it.

    Each barrier is taken away alone, by a common dose (to the best of the shipped arrangements in that
    respect) and wholly: a minute or two, with --robust some minutes.
    """
    _check_smallest(smallest, robust)
    scenario = options.load(name)
    from tverretatlig_sim.show.barriers import barriers_sheet
    from tverretatlig_sim.study.barriers import barriers
    from tverretatlig_sim.study.history_matching import read_stored

    sets = read_stored().sets if robust else None
    each = _runs_a_set(runs, len(sets), usual=2) if sets else runs
    with progress() as report:
        found = barriers(scenario, each, *options.how, sets=sets, smallest=smallest, progress=report)
    give(barriers_sheet(found), as_json=as_json)


@command()
@scenario_argument("a")
@scenario_argument("b")
@option("--out", metavar="FILE.html", help="Where to.  [default: in results/, named after what is chosen]")
@whole("--runs", 1000, "Runs of each scenario; hybrids and levers get at most 200.")
@option(
    "--robust/--no-robust",
    default=True,
    show_default=True,
    help="Compare in every evidence-consistent parameter set too.",
)
@simulating
def report(a: str, b: str, out: str | None, runs: int, robust: bool, options: RunOptions) -> None:
    """Write a report on scenarios A and B: one HTML file that opens without a network.

    It compares them, shows where recommendations are lost, what explains the difference and what each lever
    would change, and how robust that is: a minute or two. Print it from the browser for a PDF.
    """
    cases = options.case(a), options.case(b)
    scenarios = told_apart([case.scenario for case in cases])
    path = _report_path(out, f"{_name('report', (a, b), scenarios)}.html")
    check_folder(path.parent, [path.name])
    from tverretatlig_sim.show.report import report_html
    from tverretatlig_sim.study.history_matching import read_stored
    from tverretatlig_sim.study.report_data import gather

    stored = read_stored() if robust else None
    data = gather(cases, runs, *options.how, stored=stored, progress=_part_progress)
    page = report_html(data, *_commands((a, b), data, options, path))
    write_folder(path.parent, {path.name: text_file(page)})
    click.echo(label("note.report", file=path))


def _part_progress(total: int, what: str) -> AbstractContextManager[Callable[..., None]]:
    return progress(total, _("runs ({part})", part=PARTS[what]))


def _report_path(out: str | None, name: str) -> Path:
    """Where the report goes.

    Raises:
        Refusal: it would not be an HTML file.
    """
    usual = Path("results", name)
    path = usual if out is None else Path(out)
    if path.suffix.lower() not in ENDINGS:
        what = _("--out {file}: a report is a file that ends in .html", file=out or '""')
        raise Refusal(what, _("Try “--out {file}”.", file=path.with_suffix(".html") if path.name else usual))
    return path


def _commands(names: tuple[str, str], data: ReportData, options: RunOptions, path: Path) -> tuple[str, str]:
    """The commands that make this report and its numbers again, with every choice written out."""
    made = data.comparison
    given = [
        *((key, getattr(made, key)) for key in ("runs", "seed", "months")),
        *(("set", f"{name}={value!r}") for name, value in (options.parameters or {}).items()),
        ("with", ",".join([*options.levers, *options.dials]) or None),
        *options.swaps.items(),
    ]
    common = [*names, *(word for key, value in given if value is not None for word in (f"--{key}", value))]
    robust = [] if data.robust else ["--no-robust"]
    report = ["tverretatlig", "report", *common, *robust, "--lang", current_language(), "--out", path]
    numbers = ["tverretatlig", "compare", *common, "--json"]
    one, other = (shlex.join(map(str, words)) for words in (report, numbers))
    return one, other
