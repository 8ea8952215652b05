"""The command ``levers``: what can be changed in any scenario."""

from __future__ import annotations

import click

from tverretatlig_sim.cli.language import argument, command, language
from tverretatlig_sim.cli.options import Refusal, as_json
from tverretatlig_sim.cli.output import give
from tverretatlig_sim.i18n import _


@command()
@argument("names", metavar="[LEVER]...", nargs=-1)
@as_json
@language
def levers(names: tuple[str, ...], as_json: bool) -> None:
    """List the levers, or show what some of them change.

    LEVER is a lever's name or the path of a lever file. Pull levers with --with, or as NAME+LEVER.
    """
    from tverretatlig_sim.scenario import ScenarioError
    from tverretatlig_sim.scenario.levers import load_lever, sound_levers
    from tverretatlig_sim.show.catalogue import levers_sheet

    try:
        found, problems = ([load_lever(name) for name in names], []) if names else sound_levers()
    except ScenarioError as error:
        raise Refusal(str(error), _("“tverretatlig levers” shows all levers.")) from error
    give(levers_sheet(found, whole=bool(names)), as_json=as_json)
    for problem in problems:
        click.echo(str(problem), err=True)
