"""Gives the program what nobody should, and says what it does not refuse in a sentence of its own.

    python tools/fuzz.py                            # a minute of each: files, options, calls, queries
    python tools/fuzz.py files calls --seconds 600 --seed 7
    python tools/fuzz.py calls --only 123           # one case again, with its traceback

A fault is an error that is not one of ours, a case that takes more than ten seconds, a traceback printed by a
command, or something taken from memory that its own file is refused. The status is 1 if there is any.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import linecache
import os
import signal
import sys
import tempfile
import time
import tomllib
import traceback
import warnings
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from math import ceil
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd
from networkx import watts_strogatz_graph

import tverretatlig_sim as ts
from tverretatlig_sim.app.library import Library
from tverretatlig_sim.app.query import read
from tverretatlig_sim.cli import main
from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import Message
from tverretatlig_sim.scenario import with_values
from tverretatlig_sim.scenario.addresses import numbers
from tverretatlig_sim.scenario.build import scenario_graph
from tverretatlig_sim.scenario.combine import hybrid
from tverretatlig_sim.scenario.files import list_scenarios, shipped_folder
from tverretatlig_sim.scenario.levers import list_dials
from tverretatlig_sim.show import plots
from tverretatlig_sim.study.search import turned

LONGEST = 10
"""Seconds a case may take, more on a machine that is busy with other things."""
PACKAGE = str(Path(ts.__file__).parent)
STUDY = """
arrangements = ["0-24-2018", "pure-network+matrix=0.5"]
runs = 2
months = 6
levers = ["line-calibration"]
[cross]
portfolio = ["", "0-24-2015"]
[parameters]
turnover = {low = 0.01, high = 0.03, distribution = "normal", mean = 0.02, sd = 0.01}
line_drop = [0.0, 0.1]
look_pace = "evidence"
[design]
kind = "sobol"
points = 2
[record]
outcomes = ["drafted"]
"""
HARMFUL = (
    "app", "brief", "init", "generate", "retain", "patterns", "study", "report", "search", "explain",
)  # fmt: skip
"""Commands that serve, write or take long whatever they are given: their help and refusals only."""


class TooSlowError(BaseException):
    """A case took too long; no handler of the program's may take it."""


def ours(error: BaseException) -> bool:
    """Whether the package says in its own words what is wrong."""
    if isinstance(error, TverretatligError) or isinstance(next(iter(error.args), None), Message):
        return True
    last = traceback.extract_tb(error.__traceback__)[-1]
    raised = linecache.getline(last.filename, last.lineno or 0).strip().startswith("raise ")
    return isinstance(error, ValueError | TypeError) and last.filename.startswith(PACKAGE) and raised


def odd(luck: Random) -> Any:  # noqa: ANN401
    """A value such as slips, other libraries and attackers give."""
    small, big = luck.randint(-2, 5), 10 ** luck.choice([3, 18, 19, 60, 400, 5000])
    made: list[Callable[[], Any]] = [
        lambda: small,
        lambda: big,
        lambda: -big,
        lambda: luck.choice([0.5, -0.0, 1e-320, 1e308, float("nan"), float("inf")]),
        lambda: luck.choice([None, True, False, ..., object(), int, len]),
        lambda: luck.choice(["", " ", "0-24-2018", "pure-network+matrix=0.5", "a\0b", "\ud800", "x" * 300]),
        lambda: luck.choice(
            ["../..", "/", "a+b", "+", "=", "matrix=", "matrix=nan", "é\u202e", "1e999", "$x$"]
        ),
        lambda: luck.choice([b"x", Path("none.toml"), Path(), date(2018, 1, 1), Decimal("0.1"), 1j]),
        lambda: luck.choice([np.int8, np.uint64, np.float32, np.str_, np.bool_])(abs(small)),
        lambda: luck.choice([np.array, pd.Series, pd.Index, tuple, list])([small, 0.5]),
        lambda: luck.choice(
            [np.array(small), np.array([[1.0]]), np.ma.array([1.0], mask=[True]), pd.NA, pd.NaT]
        ),
        lambda: [odd(luck) for _ in range(luck.randint(0, 3))],
        lambda: {luck.choice(["name", "turnover", "", 1]): odd(luck) for _ in range(luck.randint(0, 3))},
    ]
    return luck.choice(made)()


def text(value: object) -> str:
    """A value as somebody might type it."""
    try:
        return str(value)
    except ValueError:  # Python refuses to write thousands of digits
        return "9" * 5000


def mutated(value: Any, luck: Random) -> Any:  # noqa: ANN401
    """A table of a file with one place changed."""
    inner = [key for key, item in _items(value) if isinstance(item, dict | list)]
    if inner and luck.random() < 0.85:
        key = luck.choice(inner)
        value[key] = mutated(value[key], luck)
        return value
    keys = [key for key, _ in _items(value)]
    if not keys or luck.random() < 0.1:
        return odd(luck)
    key = luck.choice(keys)
    match luck.randint(0, 4):
        case 0:
            del value[key]
        case 1 if isinstance(value, dict):
            value[f"{key}x"] = value[key]
        case 2 if isinstance(value, list):
            value.append(value[key])
        case 3:
            value[key] = value[luck.choice(keys)]
        case _:
            value[key] = odd(luck)
    return value


def _items(value: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def spoilt(text: str, luck: Random) -> bytes:
    """The text of a file with a few bytes or lines changed."""
    lines = text.splitlines(keepends=True)
    for _ in range(luck.randint(1, 3)):
        place = luck.randrange(len(lines))
        match luck.randint(0, 3):
            case 0:
                del lines[place]
            case 1:
                lines[place], lines[-1] = lines[-1], lines[place]
            case 2:
                lines.insert(
                    place, luck.choice(["[x]\n", "[[x]]\n", "=\n", "a.b = 1\n", '"""\n', "\0", "x = 1e999\n"])
                )
            case _:
                lines[place] = lines[place].replace(
                    luck.choice('=".e1 '), luck.choice(["", '"', "[", "9" * 50, "é"])
                )
    data = bytearray("".join(lines).encode())
    for _ in range(luck.choice([0, 0, 1, 20])):
        data[luck.randrange(len(data))] = luck.randrange(256)
    return bytes(data[: luck.choice([len(data), len(data), len(data) // 2])])


def files(luck: Random) -> None:
    """Scenarios, levers and studies: spoilt on disk, and changed in memory."""
    folder, kind = shipped_folder(), luck.choice(["scenario", "lever", "study", "memory", "memory", "table"])
    text, load = STUDY, ts.load_study
    if kind == "lever":
        text, load = luck.choice(sorted((folder / "levers").glob("*.toml"))).read_text("utf-8"), ts.load_lever
    elif kind == "scenario":
        text, load = ts.load_scenario(luck.choice(list_scenarios())).to_toml(), ts.load_scenario
    elif kind == "table":
        made = ts.study_of(mutated(tomllib.loads(STUDY), luck))
        if made.total < 1000:
            made.run()
        return
    elif kind == "memory":
        scenario = ts.load_scenario(mutated(ts.load_scenario(luck.choice(list_scenarios())).to_dict(), luck))
        Path("own.toml").write_text(scenario.to_toml(), "utf-8")
        again = ts.load_scenario(Path("own.toml"))
        if again.to_dict() != scenario.to_dict():
            raise AssertionError("its file says something else")
        ts.simulate(scenario, 2, months=5)
        return
    Path("spoilt.toml").write_bytes(spoilt(text, luck))
    found = load(Path("spoilt.toml"))
    if kind == "scenario":
        ts.simulate(found, 2, months=5)


def options(luck: Random) -> None:
    """Command lines, run in this process."""
    from tverretatlig_sim.cli.commands import tverretatlig

    name = luck.choice(sorted(tverretatlig.commands))
    command = tverretatlig.commands[name]
    words = [
        name,
        *(
            text(odd(luck)) if luck.random() < 0.3 else luck.choice(list_scenarios())
            for _ in range(luck.randint(0, 3))
        ),
    ]
    for _ in range(luck.randint(0, 3)):
        option = luck.choice(luck.choice(command.params).opts)
        words += [option, *[text(odd(luck))] * luck.randint(0, 1)] if option != "--robust" else []  # long
    small = ["--runs", "2", "--months", "4"] if name in ("run", "compare") else []
    words = [word for word in [*words, *small, *["--help"] * (name in HARMFUL)] if "\0" not in word]
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.suppress(SystemExit):
        main(words)
    err.flush()
    if b"Traceback" in err.buffer.getvalue():  # type: ignore[attr-defined]
        raise AssertionError(f"a traceback of {words}")


def calls(luck: Random) -> None:
    """Public functions, with one argument or more that is odd."""
    name = luck.choice(["0-24-2018", "pure-network", "dfo-simplified+matrix=0.25"])
    few = {"runs": 2, "seed": 1, "months": 4}
    grid = {"arrangements": [name], "design": {"kind": "grid"}, "runs": 2, "months": 3}
    address = luck.choice(list(numbers(ts.load_scenario("0-24-2018"))))
    many = {"parameters": {"turnover": 0.01}, "half_width": None, "series": "moments", "batch_size": 100,
            "outcomes": ["drafted"], "progress": None, "rules": ts.RULES}  # fmt: skip
    takes: list[tuple[Callable[..., Any], list[Any], dict[str, Any]]] = [
        (ts.load_scenario, [name], {"levers": ()}),
        (ts.with_levers, [name, "line-calibration"], {}),
        (ts.simulate, [name], few | many),
        (ts.compare, [[name, "pure-hierarchy"]], few | many),
        (ts.explain, [name, f"{name.split('+')[0]}+matrix=0.75"], few | {"outcome": "drafted", "known": ()}),
        (ts.frameworks, [name], {"months": 5, "parameters": {"turnover": 0.01}}),
        (ts.evidence, [name], {}),
        (ts.swap, [name], {"portfolio": "0-24-2015", "agencies": None, "letters": None}),
        (hybrid, [name, "0-24-2015", ["portfolio"]], {}),
        (scenario_graph, [name], {}),
        (ts.generate, [20], {"seed": 1}),
        (ts.load_lever, ["line-calibration"], {}),
        (ts.load_study, ["none.toml"], {}),
        (ts.study_of, [grid], {"folder": "."}),
        (
            ts.edit,
            [name, {address: 0.5}],
            {
                "members": ["Udir", "Hdir"],
                "forums": {"new": {"function": "steer", "seats": "all", "cadence": 1}},
                "meetings": 1,
                "secretariat": 3,
                "letters": 0.8,
                "ministries": {},
                "projects": {},
                "levers": ["line-calibration"],
                "since": None,
                "name": "own",
            },
        ),
        (ts.then, [name, "2019-01", ["line-calibration"]], {}),
        (ts.together, [name, "etatssamarbeidet-2022"], {}),
        (
            ts.build,
            ["own", ["Udir", ts.Agency("Town", "Municipalities", {"education": 1.0}, capacity=2.0)]],
            {
                "projects": [ts.Project("one", {"education": 1.0}, "own", "Udir", "all", 6, "2026-03")],
                "forums": [ts.Forum("group", "steer", "all", cadence=2)],
                "ministries": (),
                "events": (),
                "letters": [ts.Letter("ask", ["KD"], ["Udir"], "2026-01", 0.6)],
                "core": ["Udir"],
                "route": ["group", "line"],
                "start": "2026-01",
                "months": 12,
                "trust": 0.5,
                "parameters": {},
            },
        ),
        (ts.Agency, ["Town", "Municipalities", {"education": 1.0}], {"capacity": 2.0, "place": "here"}),
        (ts.from_graph, [watts_strogatz_graph(6, 2, 0.1, seed=1), "graph"], {"months": 12, "trust": 0.5}),
        (ts.use, [ts.RULES], {}),
        (
            lambda *given: ts.outcome(*given)(lambda now: now.number("implemented")),
            ["count", "more", "own"],
            {},
        ),
        (ts.CoordinationModel, [name], {"rng": 1, "months": 3, "turnover": 0.01}),
        (with_values, [name, {address: 0.5}], {}),
        (turned, [name, {"portfolio": 0.5}], {}),
        (plots.plot_structure, [name], {}),
        (lambda run: ts.simulate(name, **few).trace(run), [0], {}),
        (lambda level: ts.simulate(name, **few).summary(level), [0.9], {}),
        (lambda *asked: ts.compare([name, "pure-hierarchy"], **few).table(*asked), ["drafted", 0.9], {}),
        (lambda names: plots.plot_series(ts.simulate(name, **few), names), [["trust_mean"]], {}),
        (lambda run: plots.plot_gantt(ts.simulate(name, **few), run), [0], {}),
    ]
    function, given, named = luck.choice(takes)
    places: list[Any] = [*range(len(given)), *named]
    for place in luck.sample(places, min(len(places), luck.choice([1, 1, 2]))):
        (given if isinstance(place, int) else named)[place] = odd(luck)
    with ts.use():  # what the case puts to use, it takes along
        result = function(*given, **named)
    if isinstance(result, ts.Scenario):
        Path("own.toml").write_text(result.to_toml(), "utf-8")
        ts.load_scenario(Path("own.toml"))


LIBRARY = Library()


def queries(luck: Random) -> None:
    """Query strings of the app."""
    names = ["a", "b", "seed", "run", "runs", "month", "series", "rec", "lang", "theme", "x", ""]
    words = [
        *list_scenarios(),
        *(f"{name}=0.5" for name in list_dials()),
        *ts.list_levers(),
        "%00",
        "%ff",
        "+",
    ]
    fields = []
    for _ in range(luck.randint(0, 8)):
        several = luck.choice(["+", "%2B"]).join(luck.choices(words, k=luck.randint(1, 4)))
        value = several if luck.random() < 0.7 else f"{text(odd(luck)):.300}"
        fields.append(f"{luck.choice(names)}{luck.choice('===&;%')}{value}")
    asked = "&".join(fields).encode("utf-8", "replace").decode("latin-1")  # as a server hears it
    choice, _notices = read(asked, LIBRARY)
    again, _notices = read(choice.query() if hasattr(choice, "query") else "", LIBRARY)
    assert type(again) is type(choice)


KINDS: dict[str, Callable[[Random], None]] = {one.__name__: one for one in (files, options, calls, queries)}


def slow(*_: object) -> None:
    """End a case."""
    raise TooSlowError


def case(kind: str, seed: int, number: int) -> BaseException | None:
    """What goes wrong in a case that is not said in a sentence of ours."""
    luck = Random(f"{kind} {seed} {number}")
    signal.alarm(ceil(LONGEST * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))))
    try:
        KINDS[kind](luck)
    except (Exception, TooSlowError) as error:
        return None if ours(error) else error
    finally:
        signal.alarm(0)
    return None


def fuzz(kinds: list[str], seconds: float, seed: int, only: int | None) -> int:
    """Try cases of each kind for so long; the number of different faults."""
    faults: dict[str, str] = {}
    for kind in kinds:
        end, number = time.monotonic() + seconds, only or 0
        while time.monotonic() < end:
            error = case(kind, seed, number)
            if error is not None:
                last = traceback.extract_tb(error.__traceback__)[-1]
                place = f"{type(error).__name__} in {last.name}"
                if place not in faults or only is not None:
                    print(f"{kind} {number}: {place}: {str(error)[:200]}", flush=True)
                    faults[place] = kind
                if only is not None:
                    traceback.print_exception(error)
            if only is not None:
                break
            number += 1
        print(f"{kind}: {number} cases", flush=True)
    return len(faults)


def _main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("kinds", nargs="*", help=", ".join(KINDS))
    parser.add_argument("--seconds", type=float, default=60.0, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="number of a single case, whose traceback is shown")
    given = parser.parse_args()
    signal.signal(signal.SIGALRM, slow)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        sys.exit(bool(fuzz(given.kinds or list(KINDS), given.seconds, given.seed, given.only)))


if __name__ == "__main__":
    _main()
