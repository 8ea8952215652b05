"""The commands and what they print."""

from __future__ import annotations

import sys

import click

from tverretatlig_sim.cli.analyse import analyse
from tverretatlig_sim.cli.app import app
from tverretatlig_sim.cli.completion import completion, scenario_names
from tverretatlig_sim.cli.dials import dials
from tverretatlig_sim.cli.evidence import evidence
from tverretatlig_sim.cli.explain import explain
from tverretatlig_sim.cli.generate import generate
from tverretatlig_sim.cli.init import init
from tverretatlig_sim.cli.language import Option, argument, group, language, option
from tverretatlig_sim.cli.levers import levers
from tverretatlig_sim.cli.options import (
    Changes,
    Refusal,
    as_json,
    changing,
    found_in,
    load,
    refusals,
    say_note,
)
from tverretatlig_sim.cli.output import give, print_json
from tverretatlig_sim.cli.patterns import patterns
from tverretatlig_sim.cli.report import report
from tverretatlig_sim.cli.retain import retain
from tverretatlig_sim.cli.search import search
from tverretatlig_sim.cli.simulations import compare, run
from tverretatlig_sim.cli.study import study
from tverretatlig_sim.i18n import _, joined, label
from tverretatlig_sim.version import __version__

FIRST = {
    "list": _("see the scenarios (show NAME: who is in one)"),
    "compare 0-24-2018 dfo-simplified": _("compare two on the same draws, with figures"),
    "init my-study": _("a scenario of your own (--help: everything else)"),
}
"""What to try first, and what it does."""


def greeting() -> str:
    """What the program is, and what to try first."""
    what = _(
        "tverretatlig-sim {version}: how agencies coordinate on wicked problems, simulated.",
        version=__version__,
    )
    tries = (f"  tverretatlig {words:<35} {does!s}" for words, does in FIRST.items())
    return "\n".join([str(what), "", *tries])


@group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@language
@click.version_option(__version__, cls=Option, prog_name="tverretatlig-sim", message="%(prog)s %(version)s")
@click.pass_context
def tverretatlig(context: click.Context) -> None:
    """Simulate how government agencies coordinate on wicked problems.

    NAME is a scenario's name (see list) or the path of a scenario file; NAME+LEVER pulls a lever in it,
    NAME+DIAL=VALUE sets a dial.
    """
    if context.invoked_subcommand is None:
        click.echo(greeting())


@tverretatlig.command("list")
@option("--parameters", is_flag=True, help="List the model's parameters instead.")
@as_json
@language
def list_command(parameters: bool, as_json: bool) -> None:
    """List the scenarios that come with the package."""
    from tverretatlig_sim.show import catalogue

    with refusals():
        sheet = catalogue.parameters_sheet() if parameters else catalogue.scenarios_sheet()
        give(sheet, as_json=as_json)


@tverretatlig.command()
@argument("name", shell_complete=scenario_names)
@changing
@as_json
@language
def show(name: str, changes: Changes, as_json: bool) -> None:
    """Show who is in a scenario and how it works."""
    scenario = load(name, changes)
    from tverretatlig_sim.show.describe import scenario_sheet

    give(scenario_sheet(scenario), as_json=as_json)


@tverretatlig.command()
@argument("file", shell_complete=scenario_names)
@as_json
@language
def validate(file: str, as_json: bool) -> None:
    """Check a scenario file and list all its problems."""
    problems, notes = found_in(file)
    if as_json:
        said = [
            {key: str(text) for key, text in vars(problem).items() if key not in ("code", "about")}
            for problem in problems
        ]
        said_notes = [str(note) for note in notes]
        print_json({"file": file, "valid": not problems, "problems": said, "notes": said_notes})
        sys.exit(Refusal.exit_code if problems else 0)
    if problems:
        advice = _("docs/how-to/scenarios.md says what a scenario file may hold.")
        raise Refusal(joined("\n", map(str, problems)), advice)
    for note in notes:
        say_note(file, note)
    click.echo(f"{file}: {label('valid')}")


tverretatlig.add_command(app)
tverretatlig.add_command(completion)
tverretatlig.add_command(generate)
tverretatlig.add_command(init)
tverretatlig.add_command(run)
tverretatlig.add_command(compare)
tverretatlig.add_command(dials)
tverretatlig.add_command(evidence)
tverretatlig.add_command(explain)
tverretatlig.add_command(levers)
tverretatlig.add_command(patterns)
tverretatlig.add_command(report)
tverretatlig.add_command(retain)
tverretatlig.add_command(search)
tverretatlig.add_command(study)
study.add_command(analyse)
