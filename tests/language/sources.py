"""What the package says, collected from its source and from its commands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
from tverretatlig_sim.cli.spoken import paragraphs

import tverretatlig_sim
from tverretatlig_sim.cli.commands import tverretatlig

PACKAGE = Path(tverretatlig_sim.__file__).parent
SAY = "say"


@cache
def trees() -> list[tuple[str, ast.Module]]:
    """Every module, by its path inside the package."""
    return [
        (path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


@cache
def _calls(tree: ast.AST) -> dict[str, list[ast.Call]]:
    found: dict[str, list[ast.Call]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            found.setdefault(name, []).append(node)
    return found


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    """Calls of a function or method of that name."""
    return _calls(tree).get(name, [])


def templates() -> dict[str, str]:
    """The first argument of every ``say``, and the file it stands in."""
    return {
        call.args[0].value: file
        for file, tree in trees()
        for call in calls(tree, SAY)
        if call.args and isinstance(call.args[0], ast.Constant)
    }


def commands(command: click.Command = tverretatlig) -> Iterator[click.Command]:
    """A command and all below it."""
    yield command
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        yield from commands(below)


def help_texts() -> dict[str, str]:
    """Paragraphs of every help text, and what stands for values, with the command they belong to."""
    found: dict[str, str] = {}
    for command in commands():
        said = [*paragraphs(command.help or ""), command.options_metavar or ""]
        for parameter in command.params:
            said += paragraphs(getattr(parameter, "help", None) or "")
            said += [parameter.metavar or ""] if isinstance(parameter, click.Option) else []
            said += [parameter.human_readable_name] if isinstance(parameter, click.Argument) else []
        found.update({text: str(command.name) for text in said if text})
    return found
