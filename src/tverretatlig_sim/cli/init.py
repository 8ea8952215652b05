"""The command ``init``: a scenario of one's own to begin from."""

from __future__ import annotations

import re
from pathlib import Path

from tverretatlig_sim.cli.completion import scenario_names
from tverretatlig_sim.cli.language import argument, command, language, option
from tverretatlig_sim.cli.options import Refusal, refusals
from tverretatlig_sim.cli.output import print_all, write
from tverretatlig_sim.i18n import _, joined, label

NEW_FOLDER = _("Give the name of a new folder.")
NAME = re.compile(r"[^\W_][\w.-]*")


@command()
@argument("folder", metavar="FOLDER")
@option(
    "--from",
    "base",
    metavar="NAME",
    default="etatssamarbeidet-2022",
    show_default=True,
    shell_complete=scenario_names,
    help="The shipped scenario to begin from.",
)
@language
def init(folder: str, base: str) -> None:
    """Write a commented scenario of your own into a new folder; it runs as it is."""
    place = Path(folder)
    name = place.name
    check_new_folder(place)
    _check_base(base)
    from tverretatlig_sim.scenario import load_scenario
    from tverretatlig_sim.show.files import text_file
    from tverretatlig_sim.show.starter import starter

    with refusals():
        text = starter(name, base)
    write(place, {f"{name}.toml": text_file(text)}, NEW_FOLDER)
    file = place / f"{name}.toml"
    with refusals():
        load_scenario(file)
    print_all(label("init.next", file=file, base=base))


def _check_base(base: str) -> None:
    from tverretatlig_sim.scenario import list_scenarios
    from tverretatlig_sim.scenario.errors import did_you_mean, quoted

    if base not in list_scenarios():
        what = _("--from {name}: no scenario of this name comes with the package", name=quoted(base))
        hint = did_you_mean(base, list_scenarios())
        raise Refusal(joined("; ", (what, hint)), _("“tverretatlig list” shows all."))


def check_new_folder(place: Path) -> None:
    """Refuse a folder that is not new, or whose name no scenario can have.

    Raises:
        Refusal: with what is allowed.
    """
    from tverretatlig_sim.scenario.errors import quoted

    if not NAME.fullmatch(place.name):
        raise Refusal(
            _("{name}: a scenario cannot have this name", name=quoted(str(place))),
            _("Allowed: letters, digits, “-”, “_” and “.”, a letter or digit first."),
        )
    if place.is_dir() and any(place.iterdir()):
        what = _("{folder}: the folder is not empty", folder=place)
        raise Refusal(what, NEW_FOLDER)
