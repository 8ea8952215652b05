"""What commands that simulate are asked to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from tverretatlig_sim.cli.completion import scenario_names
from tverretatlig_sim.cli.language import argument, language, option
from tverretatlig_sim.cli.options import (
    NO_CHANGES,
    Changes,
    as_json,
    changing,
    load_all,
    parse_settings,
    refusals,
)
from tverretatlig_sim.i18n import _

if TYPE_CHECKING:
    from tverretatlig_sim.scenario import Scenario


@dataclass(frozen=True)
class Request:
    """The arguments of ``run`` and ``compare``, as given."""

    names: tuple[str, ...]
    runs: int
    seed: int
    months: int | None
    settings: tuple[str, ...]
    out: Path | None
    as_json: bool
    changes: Changes = NO_CHANGES
    robust: bool = False
    until: float | None = None

    @property
    def most(self) -> int | None:
        """Runs of each scenario; None if it is for the library to say."""
        given = click.get_current_context().get_parameter_source("runs") is not ParameterSource.DEFAULT
        return self.runs if self.until is None or given else None

    def scenarios(self) -> list[Scenario]:
        """The scenarios, loaded.

        Raises:
            Refusal: one of them cannot be, or two have the same name.
        """
        return load_all(self.names, self.changes)

    def parameters(self) -> dict[str, float]:
        """Parameter values that replace the defaults.

        Raises:
            Refusal: with all that is wrong with any of them.
        """
        return parse_settings(self.settings)


def check_folder(folder: Path | None) -> None:
    """Refuse a folder that cannot take results, before time is spent on them."""
    from tverretatlig_sim.show import files

    if folder is not None:
        with refusals():
            files.check_folder(folder)


def _folder(context: click.Context, parameter: click.Parameter, value: str | None) -> Path | None:
    # An empty variable in a script must not mean the working folder.
    if value == "":
        raise click.BadParameter(str(_("the name of the folder is empty")), context, parameter)
    return None if value is None else Path(value)


seed = option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Same seed, same numbers."
)
months = option(
    "--months", type=click.IntRange(min=1), help="Length of a run.  [default: the longest scenario's]"
)
settings = option(
    "--set", "settings", metavar="PARAMETER=VALUE", multiple=True, help="Set a parameter; repeatable."
)


class Width(click.FloatRange):
    """A number above 0 that may come with a decimal comma, which is refused with its cure."""

    name = "float range"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401
        """As click does, with a hint."""
        if isinstance(value, str) and re.fullmatch(r"\d+,\d+", value):
            self.fail(str(_("write a decimal point: {number}", number=value.replace(",", "."))), param, ctx)
        return float(super().convert(value, param, ctx))


def folder_option(name: str, text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """An option that takes the name of a folder."""
    return option(name, callback=_folder, metavar="DIR", help=text)


out = folder_option("--out", "Folder for numbers and figures.")


def simulation(command: Callable[[Request], None]) -> Callable[..., None]:
    """Give a command the options of all commands that simulate, and hand them over as one request."""

    def requested(**given: object) -> None:
        command(Request(**given))  # type: ignore[arg-type]

    requested.__doc__, requested.__name__ = command.__doc__, command.__name__
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), requested)


_OPTIONS = (
    argument("names", metavar="NAME...", nargs=-1, required=True, shell_complete=scenario_names),
    option(
        "--runs",
        type=click.IntRange(min=1),
        default=1000,
        show_default=True,
        help="Runs of each scenario; with --until at most so many, by default 100 000.",
    ),
    option(
        "--until",
        type=Width(min=0, min_open=True),
        metavar="WIDTH",
        help="Run until the 95 % interval of the implemented rate (or its difference) is ± WIDTH: 0.01.",
    ),
    seed,
    months,
    settings,
    changing,
    out,
    as_json,
    language,
)
