"""The language the command speaks: that of ``--lang``, wherever it stands, else of ``TVERRETATLIG_LANG``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from itertools import pairwise, takewhile
from typing import Any, TypeVar

import click

from tverretatlig_sim.language import LANGUAGES, Language, joined, say, text_in

F = TypeVar("F", bound=Callable[..., Any] | click.Command)

VARIABLE = "TVERRETATLIG_LANG"
OPTION = "--lang"

_asked_for: ContextVar[Language | None] = ContextVar("language", default=None)


def asked() -> Language | None:
    """The language somebody asked for; None if nobody did."""
    return _asked_for.get()


def current() -> Language:
    """The language of this command: English unless somebody asked for another."""
    return asked() or "en"


def told(what: object) -> str:
    """A message, or what an error says, in the language of this command."""
    return text_in(current(), what)


def choose(arguments: Sequence[str]) -> None:
    """Speak the language that the whole command line, or else the environment, asks for.

    The whole command line, as a refusal of its first word should be in the language its last word asks for.

    Raises:
        click.UsageError: the environment asks for a language there is not.
    """
    given, lasting = list(_given(arguments)), os.environ.get(VARIABLE) or None
    known = next((language for language in LANGUAGES if language == lasting), None)
    _asked_for.set(given[-1] if given else known)
    if not given and lasting != known:
        what = say("the variable {variable} is {value!r}", variable=VARIABLE, value=lasting)
        allowed = say("allowed: {allowed}", allowed=", ".join(LANGUAGES))
        raise click.UsageError(joined("; ", (what, allowed)))


def _given(arguments: Sequence[str]) -> Iterator[Language]:
    """Every language that a command line asks for; what is none is left for click to refuse."""
    words = [*takewhile(lambda word: word != "--", arguments), ""]
    for word, following in pairwise(words):
        for language in LANGUAGES:
            if word == f"{OPTION}={language}" or (word, following) == (OPTION, language):
                yield language


def _chosen(context: click.Context, parameter: click.Parameter, value: str) -> Language:
    return current()


def _option(*, expose_value: bool) -> Callable[[F], F]:
    """The option ``--lang``; its value is the language of the whole command line."""
    return click.option(
        OPTION,
        type=click.Choice(LANGUAGES),
        default="en",
        show_default=True,
        callback=_chosen,
        help="Language; the variable TVERRETATLIG_LANG sets it for good.",
        expose_value=expose_value,
    )


language = _option(expose_value=True)
language_alone = _option(expose_value=False)
"""For commands that speak, but have no need to know in which language."""
