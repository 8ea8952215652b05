"""The command ``dials``: the sources' frameworks as numbers one can set."""

from __future__ import annotations

from tverretatlig_sim.cli.language import argument, command, language
from tverretatlig_sim.cli.options import Refusal, as_json
from tverretatlig_sim.cli.output import give
from tverretatlig_sim.i18n import _


@command()
@argument("names", metavar="[DIAL]...", nargs=-1)
@as_json
@language
def dials(names: tuple[str, ...], as_json: bool) -> None:
    """List the dials of the sources' frameworks, or show what some of them change.

    Set dials with --dial matrix=0.8, or in one scenario only as NAME+matrix=0.8.
    """
    from tverretatlig_sim.scenario import ScenarioError
    from tverretatlig_sim.scenario.levers import list_dials, load_dial
    from tverretatlig_sim.show.catalogue import dials_sheet

    try:
        found = [load_dial(name) for name in names or list_dials()]
    except ScenarioError as error:
        raise Refusal(str(error), _("“tverretatlig dials” shows all dials.")) from error
    give(dials_sheet(found, whole=bool(names)), as_json=as_json)
