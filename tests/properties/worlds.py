"""Hypothesis strategies for random valid worlds and parameters.

Hypothesis draws what is worth shrinking: how many there are of everything, and the switches of the
arrangement. The many numbers inside come from a generator with a drawn seed, so that an example costs
milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.parameters import ParameterSpec, parameter_specs

Row = dict[str, Any]
Width = Literal["evidence", "hard"]

THEMES = ("culture", "education", "health", "housing", "justice", "labour")
INSTRUMENTS = ("legal", "economic", "organisational", "pedagogical")
LONGEST = 36
"""Months of a random world."""


def steady(examples: int) -> settings:
    """The same examples on every machine and every day."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    return settings(
        max_examples=examples, derandomize=True, deadline=None, database=None, suppress_health_check=slow
    )


@dataclass(frozen=True)
class Names:
    """Who is in a random world; names that do not sort in the order they are made."""

    ministries: list[str]
    agencies: list[str]
    forums: list[str]
    projects: list[str]

    @classmethod
    def of(cls, dice: Dice, ministries: int, agencies: int, forums: int, projects: int) -> Names:
        steering = [
            f"{name} ministry" for name in dice.names(ministries)
        ]  # which sit in forums, as agencies do
        return cls(steering, *(dice.names(count) for count in (agencies, forums, projects)))


class Dice(Random):
    """Random pieces of a scenario file; months count from the first month of the run."""

    start = 2020 * 12

    def names(self, count: int) -> list[str]:
        return [f"{self.choice('aBcÅz')}{number}" for number in range(count)]

    def often(self, chance: float) -> bool:
        return self.random() < chance

    def share(self) -> float:
        """Uniform, and the ends more often than by chance."""
        return self.choice([0.0, 1.0]) if self.often(0.2) else self.random()

    def magnitude(self, low: float, high: float) -> float:
        """Uniform in the exponent of ten."""
        return float(10.0 ** self.uniform(low, high))

    def some(self, names: Sequence[str], least: int = 1) -> list[str]:
        return self.sample(list(names), self.randint(min(least, len(names)), len(names)))

    def few(self, names: Sequence[str]) -> list[str]:
        return self.sample(list(names), self.randint(1, min(3, len(names))))

    def date(self, low: int, high: int) -> str:
        year, month = divmod(self.start + self.randint(low, high), 12)
        return f"{year:04d}-{month + 1:02d}"

    def period(self, low: int, high: int) -> Row:
        """First and last month in order."""
        begins, ends = sorted((self.date(low, high), self.date(low, high)))
        return {"begins": begins, "ends": ends}

    def maybe(self, chance: float, **fields: Any) -> Row:
        """These fields, each with this chance; callables are called."""
        made = {key: value for key, value in fields.items() if self.often(chance)}
        return {key: value() if callable(value) else value for key, value in made.items()}

    def weights(self) -> dict[str, float]:
        return {theme: self.uniform(0.01, 1.0) for theme in self.some(THEMES)}

    def view(self) -> dict[str, float]:
        """Weights that sum to at most 1."""
        weights, whole = self.weights(), self.uniform(0.2, 1.0)
        total = sum(weights.values())
        return {theme: whole * weight / total for theme, weight in weights.items()}


def agency(dice: Dice, name: str, ministries: list[str]) -> Row:
    return {
        "name": name,
        "ministry": dice.choice(ministries),
        "core_tasks": dice.weights(),
        "capacity": dice.magnitude(-2, 2),
        "place": dice.choice(["Oslo", "Bergen"]),
        **dice.maybe(
            0.4,
            line_capacity=lambda: dice.magnitude(-2, 2),
            staff=lambda: dice.magnitude(0, 6),
            internal_organisation=dice.share,
            frame=dice.view,
            understanding=dice.view,
            form=lambda: dice.choice(["police", "bank"]),
            function=lambda: dice.choice(["service", "authority"]),
            works=lambda: dice.choice(["field", "desk"]),
            ownership=dice.share,
            stubbornness=lambda: dice.uniform(0.0, 10.0),
            dependence=dice.share,
            ambition=lambda: dice.randint(1, 4),
        ),
    }


def member(dice: Dice, name: str, ministries: list[str]) -> Row:
    own = dice.maybe(
        0.2,
        ministry=lambda: dice.choice(ministries),
        capacity=lambda: dice.magnitude(-1, 1),
        ownership=dice.share,
        internal_organisation=dice.share,
    )
    return {"agency": name, "core": dice.often(0.3), **own}


def forum(dice: Dice, name: str, members: list[str], guests: list[str], joint: bool = False) -> Row:
    """A forum of some members, or of ministries; in one of agencies, ministries may be guests."""
    seats = [dice.choice(members)] if dice.often(0.1) else dice.some(members)
    rule = dice.choice(["consensus", "majority", "lead", "authority"])
    seated = [*seats, *(dice.few(guests) if guests and dice.often(0.2) else [])]
    own = {"secretariat_fte": lambda: dice.magnitude(-2, 1), "mandate_clarity": dice.share}
    return {
        "name": name,
        "function": dice.choice(["steer", "prepare", "draft", "inform"]),
        "seats": "all" if not joint and rule != "authority" and dice.often(0.2) else seated,
        "cadence": dice.choice([1, 2, 1.5, 2.4, 500, dice.uniform(1.0, 12.0)]),
        "rule": rule,
        **({} if joint else {"exclusive": dice.often(0.3)}),
        **({"chair": dice.choice(seats)} if rule == "authority" or dice.often(0.2) else {}),
        **dice.maybe(
            0.4,
            agenda=lambda: dice.randint(1, 4),
            authority=dice.share,
            rank=dice.share,
            **({"link": dice.share} if joint else {**own, "quorum": dice.share}),
            **({} if joint else {"rounds": lambda: dice.randint(1, 4)}),
        ),
        **(dice.period(-6, LONGEST + 6) if dice.often(0.3) else {}),
    }


def forums(dice: Dice, names: Names) -> list[Row]:
    rows = [forum(dice, name, names.agencies, names.ministries) for name in names.forums]
    staffed = [row["name"] for row in rows if row.get("secretariat_fte")]
    for row in rows:
        others = [name for name in staffed if name != row["name"]]
        if others and dice.often(0.6):
            row["served_by"] = dice.choice(others)
    return rows


def ties(dice: Dice, agencies: list[str]) -> list[Row]:
    pairs = (
        {tuple(dice.sample(agencies, 2)) for _ in range(dice.randint(0, 6))} if len(agencies) > 1 else set()
    )
    return [{"source_agency": a, "target_agency": b, "trust": dice.share()} for a, b in sorted(pairs)]


def route(dice: Dice, names: Names) -> list[str]:
    return dice.few([*names.forums, "line"])


def arrangement(dice: Dice, names: Names, switches: Row) -> Row:
    return {
        "name": "random",
        "member": [member(dice, name, names.ministries) for name in names.agencies],
        "forum": forums(dice, names),
        "ministry_forum": [
            forum(dice, f"joint {number}", names.ministries, [], joint=True)
            for number in range(dice.randint(0, 2))
        ],
        "tie": ties(dice, names.agencies),
        "unstable": [
            {
                **dice.period(-3, LONGEST),
                "turnover": dice.uniform(0.0, 10.0),
                **dice.maybe(0.5, agencies=lambda: dice.few(names.agencies)),
            }
            for _ in range(dice.randint(0, 3))
        ],
        "route": route(dice, names),
        "start": {"ownership": dice.share(), "trust": dice.share()},
        **switches,
        **dice.maybe(
            0.5,
            coordinator=lambda: dice.choice(names.agencies),
            self_initiated_route=lambda: route(dice, names),
            **({"self_initiated_mandate_body": lambda: dice.choice(names.forums)} if names.forums else {}),
            attention=dice.share,
            mandate_clarity=dice.share,
            project_clarity=dice.share,
            preparation=lambda: dice.randint(0, 4),
            ambition_agreed=dice.share,
            stop_points=lambda: dice.randint(0, 5),
            follow_up=dice.share,
            lead_authority=dice.share,
            programme_resources=dice.share,
            municipal_chain=lambda: dice.few(names.agencies),
            turnover=lambda: dice.uniform(0.0, 10.0),
        ),
        **({"facilitator": dice.choice(names.forums)} if names.forums and dice.often(0.7) else {}),
        **dice.maybe(0.5, **vetting(dice, names)),
    }


def vetting(dice: Dice, names: Names) -> Row:
    """The forum that vets mandates, where there is any."""
    return {"mandate_body": dice.choice(names.forums)} if names.forums else {}


def plan(dice: Dice, members: list[str]) -> Row:
    """Recommendations, counted or listed."""
    if dice.often(0.6):
        return {
            "recommendations": dice.randint(1, 6),
            **dice.maybe(0.7, parties=lambda: dice.randint(1, len(members))),
        }
    listed = [
        {
            "name": name,
            "duties": dice.some(members),
            **dice.maybe(0.4, instrument=lambda: dice.choice(INSTRUMENTS), instruments_given_up=dice.share),
            **dice.maybe(
                0.4, gains=lambda: {members[0]: dice.uniform(-1.0, 1.0)}, gives_up=lambda: {members[0]: 0.9}
            ),
        }
        for name in dice.names(dice.randint(1, 4))
    ]
    return {"recommendation": listed}


def project(dice: Dice, name: str, earlier: list[str], names: Names) -> Row:
    members = dice.few(names.agencies) if dice.often(0.5) else dice.some(names.agencies)
    return {
        "name": name,
        "themes": dice.weights(),
        "origin": dice.choice(["commissioned", "self-initiated"]),
        "lead": dice.choice(members),
        "members": members,
        "size": dice.magnitude(-2, 1.5),
        "instrument": dice.choice(INSTRUMENTS),
        "start": dice.date(0, LONGEST + 4),
        **plan(dice, members),
        **dice.maybe(
            0.4,
            instruments_given_up=dice.share,
            boldness=dice.share,
            benefit=dice.share,
            cost=dice.share,
            gains=lambda: {name: dice.uniform(-1.0, 1.0) for name in dice.few(members)},
            gives_up=lambda: {name: dice.share() for name in dice.few(members)},
            deadline=lambda: dice.randint(1, 20),
            line_work=lambda: dice.choice([0.0, dice.magnitude(-1, 1)]),
            clarity=dice.share,
            rung=lambda: dice.randint(1, 4),
            municipal=lambda: True,
            preparation=lambda: dice.randint(0, 4),
            ambition_agreed=dice.share,
            stop_points=lambda: dice.randint(0, 5),
            priority=lambda: dice.randint(0, 2),
            delivery=lambda: "increments",
            route=lambda: route(dice, names),
            **({"after": lambda: [dice.choice(earlier)]} if earlier and dice.often(0.3) else {}),
            **vetting(dice, names),
        ),
    }


def letter(
    dice: Dice, name: str, earlier: list[str], steered: dict[str, list[str]], projects: list[str]
) -> Row:
    ministries = dice.few(sorted(steered))
    own = sorted(name for ministry in ministries for name in steered[ministry])
    life = dice.period(-6, LONGEST)
    return {
        "name": name,
        "ministries": ministries,
        "to": "all" if dice.often(0.4) else dice.some(own),
        "begins": life["begins"],
        **dice.maybe(0.7, ends=life["ends"], resources=lambda: dice.magnitude(-1, 1)),
        "strength": dice.share(),
        "projects": dice.few(projects) if projects and dice.often(0.5) else [],
        "contradicts": [dice.choice(earlier)] if earlier and dice.often(0.3) else [],
    }


def letters(dice: Dice, count: int, events: int, steered: dict[str, list[str]], projects: list[str]) -> Row:
    written = dice.names(count)
    return {
        "name": "random",
        **dice.maybe(0.5, budget_month=lambda: dice.randint(1, 12), budget_lead=lambda: dice.randint(0, 12)),
        **dice.maybe(0.5, law_months=lambda: dice.randint(0, 12)),
        "letter": [letter(dice, it, written[:at], steered, projects) for at, it in enumerate(written)],
        "event": [
            {
                "name": name,
                "ministries": "all" if dice.often(0.3) else dice.few(sorted(steered)),
                "month": dice.date(0, LONGEST),
                "strength": dice.share(),
            }
            for name in dice.names(events)
        ],
    }


def steered_by(agencies: list[Row], members: list[Row]) -> dict[str, list[str]]:
    """Agencies of each ministry that has any."""
    own = {row["name"]: row["ministry"] for row in agencies}
    steered: dict[str, list[str]] = {}
    for row in members:
        steered.setdefault(row.get("ministry", own[row["agency"]]), []).append(row["agency"])
    return steered


COUNTS = {"ministries": (1, 8), "agencies": (1, 40), "forums": (0, 6), "projects": (0, 30)}
WRITTEN = {"letters": (0, 10), "events": (0, 5)}


@st.composite
def tables(draw: st.DrawFn, agencies: int = 40, projects: int = 30) -> Row:
    """The tables of one complete scenario file."""
    limits = {**COUNTS, "agencies": (1, agencies), "projects": (0, projects)}
    counts, written = (
        {name: draw(st.integers(*of), label=name) for name, of in wanted.items()}
        for wanted in (limits, WRITTEN)
    )
    switches = {
        "project_groups": draw(st.booleans(), label="project groups"),
        "circle": draw(st.booleans(), label="circle"),
        "delivery": draw(st.sampled_from(["final-report", "increments"]), label="delivery"),
    }
    return table_of(
        Dice(draw(st.integers(0, 2**32 - 1), label="seed of the numbers")), counts, written, switches
    )


def table_of(dice: Dice, counts: dict[str, int], written: dict[str, int], switches: Row) -> Row:
    """Tables with so many of each and these switches; the dice throw the rest."""
    names = Names.of(dice, **counts)
    actors = [agency(dice, name, names.ministries) for name in names.agencies]
    own = arrangement(dice, names, switches)
    work = [project(dice, it, names.projects[:at], names) for at, it in enumerate(names.projects)]
    return {
        "name": "random",
        "start": "2020-01",
        "months": LONGEST,
        "actors": {
            "ministry": [
                {"name": name, **dice.maybe(0.4, attention=dice.share, frame=dice.view)}
                for name in names.ministries
            ],
            "agency": actors,
        },
        "arrangement": own,
        "portfolio": {
            "name": "random",
            "project": work,
            **dice.maybe(0.3, at_once=lambda: dice.randint(1, 5)),
        },
        "letters": letters(dice, *written.values(), steered_by(actors, own["member"]), names.projects),
    }


def scenario_of(table: Row) -> Scenario:
    """The scenario of such tables, checked as files are."""
    return Scenario.from_dict(table)


def random_world(seed: int) -> Scenario:
    """One of a dozen agencies and projects, without hypothesis."""
    dice = Dice(seed)
    counts = {name: dice.randint(low, min(high, 12)) for name, (low, high) in COUNTS.items()}
    written = {name: dice.randint(*of) for name, of in WRITTEN.items()}
    switches = {"project_groups": dice.often(0.5), "circle": dice.often(0.5)}
    return scenario_of(table_of(dice, counts, written, switches))


def scenarios(agencies: int = 40, projects: int = 30) -> st.SearchStrategy[Scenario]:
    """Random valid worlds."""
    return tables(agencies, projects).map(scenario_of)


def parameters_of(seed: int, width: Width, runs: int) -> dict[str, np.ndarray]:
    """One value a run of every parameter, the ends of its interval more often than by chance.

    With hard bounds, each is drawn from these with chance 0.3; if all were, next to nothing would happen.
    """
    random = np.random.default_rng(seed)
    wide = 0.3 if width == "hard" else 0.0
    return {name: _values(random, spec, wide, runs) for name, spec in parameter_specs().items()}


def _values(random: np.random.Generator, spec: ParameterSpec, wide: float, runs: int) -> np.ndarray:
    hard = random.random(runs) < wide
    low, high = np.where(hard, spec.minimum, spec.low), np.where(hard, spec.maximum, spec.high)
    ends = np.where(random.random(runs) < 0.5, low, high)
    values = np.where(random.random(runs) < 0.2, ends, random.uniform(low, high))
    return np.round(values) if spec.whole else values


def parameters(width: Width, runs: int) -> st.SearchStrategy[dict[str, np.ndarray]]:
    """Random parameters within the evidence or the hard bounds."""
    return st.integers(0, 2**32 - 1).map(lambda seed: parameters_of(seed, width, runs))
