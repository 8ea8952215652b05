"""The command ``generate``: a made-up world of any size."""

from __future__ import annotations

from pathlib import Path

from tverretatlig_sim.cli.init import NEW_FOLDER, check_new_folder
from tverretatlig_sim.cli.language import argument, command, language, option
from tverretatlig_sim.cli.options import Refusal, refusals
from tverretatlig_sim.cli.output import print_all, write
from tverretatlig_sim.cli.request import seed
from tverretatlig_sim.i18n import _, label


@command()
@argument("folder", metavar="FOLDER")
@option("--agencies", type=int, default=300, show_default=True, help="Agencies in all.")
@seed
@language
def generate(folder: str, agencies: int, seed: int) -> None:
    """Write a made-up scenario with many agencies into a new folder; its numbers stand for no real body."""
    from tverretatlig_sim.scenario.files import LARGEST, toml_text
    from tverretatlig_sim.scenario.generate import generated_tables

    place = Path(folder)
    name = place.name
    check_new_folder(place)
    from tverretatlig_sim.show.files import text_file

    with refusals():
        text = toml_text({**generated_tables(agencies, seed), "name": name})
    size = len(text.encode())
    if size > LARGEST:
        raise Refusal(
            _(
                "--agencies {agencies}: the file would have {size:.1f} MB; at most 1 MB can be read again",
                agencies=agencies,
                size=size / 1e6,
            ),
            _("In Python, tverretatlig_sim.generate() makes worlds of up to a million agencies."),
        )
    write(place, {f"{name}.toml": text_file(text)}, NEW_FOLDER)
    print_all(label("generate.next", file=place / f"{name}.toml"))
