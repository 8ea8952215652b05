"""Completion of commands and names in the shell."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem, get_completion_class

from tverretatlig_sim.cli.language import argument, command, language

SHELLS = ("bash", "zsh", "fish")
PROGRAM, VARIABLE = "tverretatlig", "_TVERRETATLIG_COMPLETE"


def scenario_names(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Scenarios that begin so, ``NAME+LEVER`` after a plus sign, else files."""
    from tverretatlig_sim.scenario import list_scenarios

    scenario, plus, lever = incomplete.rpartition("+")
    if plus:
        return [CompletionItem(f"{scenario}+{name}") for name in _levers(lever)]
    names = [name for name in list_scenarios() if name.startswith(incomplete)]
    return [CompletionItem(name) for name in names] or [CompletionItem(incomplete, type="file")]


def lever_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Levers that begin so, also after a comma."""
    before, comma, lever = incomplete.rpartition(",")
    return [CompletionItem(f"{before}{comma}{name}") for name in _levers(lever)]


def dial_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Dials that begin so, also after a comma, ready for a value."""
    from tverretatlig_sim.scenario.levers import list_dials

    before, comma, dial = incomplete.rpartition(",")
    return [CompletionItem(f"{before}{comma}{name}=") for name in list_dials() if name.startswith(dial)]


def _levers(start: str) -> list[str]:
    from tverretatlig_sim.scenario.levers import list_levers

    return [name for name in list_levers() if name.startswith(start)]


@command()
@argument("shell", type=click.Choice(SHELLS))
@language
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what makes the Tab key complete commands and names in your shell.

    For bash, add to ~/.bashrc: eval "$(tverretatlig completion bash)"
    """
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(context.find_root().command, {}, PROGRAM, VARIABLE).source())
