"""All that the frozen behaviour knows of the package. When names in the package change, change them here."""

from __future__ import annotations

import io
import signal
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Moment:
    """A simulation after some months: all there is to read old values from."""

    state: Any
    world: Any
    months: int
    outcomes: Callable[[], Mapping[str, Array]]


def simulated(
    scenario: str, parameters: Mapping[str, Array], seed: int, runs: Array, months: int
) -> Iterator[Moment]:
    """A shipped scenario after each month, for some runs with a value a run of each parameter."""
    from tverretatlig_sim.ensemble.batch import months_of, resolve_parameters
    from tverretatlig_sim.scenario import load_scenario
    from tverretatlig_sim.world import build_world

    loaded = load_scenario(scenario)
    world = build_world(loaded, months)
    values = resolve_parameters(loaded, parameters, len(runs))
    for now in months_of(world, values, seed, runs):
        yield Moment(now.state, now.world, now.months, now.outcomes)


OLD_VARIABLES: Mapping[str, Callable[[Moment], Array]] = {}
"""How to read a state variable of 0.1.0 that has another name, place or shape now: its old array, of shape
(entities along its old dimensions, run), from a moment. All others are read off the state by name."""

OLD_OUTCOMES: Mapping[str, Callable[[Mapping[str, Array]], Array]] = {}
"""The same for outcomes."""

OLD_PARAMETERS: Mapping[str, str] = {}
"""New name of each parameter of 0.1.0 that has another one now."""

GONE: Mapping[str, str] = {}
"""State variables and outcomes of 0.1.0 that are no more, and why."""

LABELS: Mapping[str, Callable[[Any], list[str]]] = {
    "theme": lambda w: list(w.themes),
    "arrangement": lambda w: list(w.arrangements.names),
    "ministry": lambda w: list(w.ministries.names),
    "agency": lambda w: list(w.agencies.names),
    "forum": lambda w: list(w.forums.names),
    "secretariat": lambda w: list(w.secretariats.names),
    "project": lambda w: list(w.projects.names),
    "recommendation": lambda w: list(w.recommendations.names),
    "seat": lambda w: pairs(w.forums.names, w.seats.forum, w.agencies.names, w.seats.agency),
    "tie": lambda w: pairs(w.agencies.names, w.ties.source, w.agencies.names, w.ties.target),
    "stake": lambda w: pairs(w.projects.names, w.stakes.project, w.agencies.names, w.stakes.agency),
    "duty": lambda w: [
        f"{name}{' at last' if kind == 2 else ''}"
        for name, kind in zip(
            pairs(w.recommendations.names, w.duties.recommendation, w.agencies.names, w.duties.agency),
            w.duties.kind,
            strict=True,
        )
    ],
    "hearing": lambda w: pairs(
        w.recommendations.names, w.hearings.recommendation, w.ministries.names, w.hearings.ministry
    ),
}
"""Names of what stands along each dimension of the old arrays, in the order in which the arrays have it.
What is compared is in order of these names, whatever the arrays' own order is."""


def pairs(first: tuple[str, ...], one: Array, second: tuple[str, ...], other: Array) -> list[str]:
    """Names of pairs of entities."""
    return [f"{first[i]} | {second[j]}" for i, j in zip(one.tolist(), other.tolist(), strict=True)]


def declared() -> dict[str, tuple[str, ...]]:
    """Dimensions of the state variables, without run. Only asked when rewriting."""
    from tverretatlig_sim.kernel.state import variables

    return {name: variable.dims for name, variable in variables().items()}


def drawn_ranges() -> dict[str, tuple[float, float, bool]]:
    """Evidence range of each parameter, and whether it is a whole number. Only asked when rewriting."""
    from tverretatlig_sim.scenario.parameters import parameter_specs

    return {name: (spec.low, spec.high, spec.whole) for name, spec in parameter_specs().items()}


def printed(arguments: Sequence[str]) -> str:
    """What a command prints to standard output, run in this process; it must end well."""
    from tverretatlig_sim.cli import main

    heard = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    out, err = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main(list(arguments))
    except SystemExit as ended:
        if ended.code not in (0, None):
            raise RuntimeError(f"{' '.join(arguments)} ended with {ended.code}: {err.getvalue()}") from None
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)
    return out.getvalue()


def served() -> Callable[[Any, Any, Any], Coroutine[Any, Any, None]]:
    """The app over the shipped scenarios, as a function of the ASGI protocol."""
    from tverretatlig_sim.app.library import Library
    from tverretatlig_sim.app.server import make_app

    return make_app(Library())


def renamed(document: Any, **old: str) -> Any:
    """A document with keys and values that are called otherwise now under their old names."""
    if isinstance(document, dict):
        return {old.get(key, key): renamed(value, **old) for key, value in document.items()}
    if isinstance(document, list):
        return [renamed(value, **old) for value in document]
    return old.get(document, document) if isinstance(document, str) else document


def old_analysis(document: Any) -> Any:
    """``noise`` was called luck."""
    return {
        **document,
        "noise": [renamed(row, noise="luck", by_noise="by_luck") for row in document["noise"]],
    }


OLD_DOCUMENTS: Mapping[str, Callable[[Any], Any]] = {
    "study analyse tiny.toml --outcome trust_mean": old_analysis,
    "study analyse tiny.toml --outcome trust_mean --lang nb": old_analysis,
    "/ 2": partial(renamed, chance="luck"),
    "/view 2": partial(renamed, chance="luck"),
    "/story 2": partial(renamed, chance="luck"),
    "/levers 2": partial(renamed, chance="luck"),
}
"""How to turn a document into the form it had in 0.1.0, by its name or the part of it before the first
space: for keys that have other names now. Numbers are not to be touched here."""

_ROBUST = "compare --robust dfo-simplified etatssamarbeidet-2022 --runs 300 --months 36"
_UNTIL = "run etatssamarbeidet-2025 --until 0.04 --runs 300 --months 36"
ADDED = {"few_differ"}
"""Keys that documents did not have in 0.1.0, at any depth."""
_HALVES = (
    "a flip was found on every second set and checked on the others, in the order of the Sobol sequence; now "
    "the halves are drawn at random with the same share of signs in both; shares moved by up to 4 points"
)
_DRAWN = (
    "the scenarios' own numbers were held at their values; now they are drawn within their ranges, one draw "
    "an evidence entry, and every number that the order hangs on is told instead of the one best split"
)
_EXPECTED = (
    "shares over sets were counted by the sign of noisy means, with one run a set where the runs asked for "
    "did not suffice; now they are of expected differences beyond a smallest one, noise taken out, with two "
    "runs at least: at four runs a set, the share of sets in which one is higher moved by up to 15 points"
)
_STOP = (
    "intervals of runs that went on until a mean was known held at every look, and were one and a half times "
    "as wide; now they are those of a number of runs fixed beforehand, and runs stop when they are narrow"
)
MOVED: Mapping[str, str] = {
    f"{_ROBUST}: flips": _HALVES,
    f"{_ROBUST}: entries": _DRAWN,
    **{f"{_ROBUST}: {key}": _EXPECTED for key in ("runs", "differences", "smallest")},
    "patterns --sets 2 --runs 2: patterns": _EXPECTED,
    **{f"{_UNTIL}: {key}": _STOP for key in ("runs", "until", "scenarios", "frameworks")},
}
"""Numbers that differ from 0.1.0 on purpose: ``document: path`` or a start of it, and the rule before, the
rule now, and how far it moved."""
