"""The story: the journey of one recommendation, told with results of ``simulate`` on the usual draws.

What is told stands in ``scenarios/stories``; what came of it is simulated here, chapter by chapter, and kept.
A chapter is a document in the current language. The history that is shown is picked by one rule, ``typical``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from tverretatlig_sim.app.scheduler import Cache, Checkpoint, Scheduler
from tverretatlig_sim.app.view import Document, rounded
from tverretatlig_sim.arrays import Array, Floats
from tverretatlig_sim.ensemble.batch import world_of
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.ensemble.histories import Histories
from tverretatlig_sim.ensemble.simulate import simulate
from tverretatlig_sim.ensemble.statistics import mean_interval, paired_difference
from tverretatlig_sim.i18n import label, use_language
from tverretatlig_sim.kernel.state import LOSSES, MONTH_OF, NEVER, STAGES
from tverretatlig_sim.scenario import Scenario, ScenarioError, load_scenario, with_levers
from tverretatlig_sim.scenario.combine import swap
from tverretatlig_sim.scenario.errors import Origin, Problem
from tverretatlig_sim.scenario.files import read_table, shipped_folder, shown
from tverretatlig_sim.scenario.levers import load_lever
from tverretatlig_sim.scenario.quantity import Name
from tverretatlig_sim.scenario.schema import Table, Title
from tverretatlig_sim.scenario.validate import checked
from tverretatlig_sim.show.brief import TAG
from tverretatlig_sim.show.rows import number
from tverretatlig_sim.study.barriers import Barrier, evaluators, without
from tverretatlig_sim.world import World

SHIPPED = shipped_folder() / "stories" / "school-absence.toml"
RUNS, SEED = 256, 1
"""Histories of each arrangement, and the usual seed."""
CHAPTERS = ("cast", "pair", "lever", "forms", "votes", "barriers")
"""Parts of the document, in the order in which they are told; the first needs no simulation."""
REACHED = STAGES[:-1]
"""Stages from planned to implemented."""
ENDS = ("under_way", "implemented", *LOSSES[1:])
"""How a history of a recommendation can end, by code."""
LOST = ENDS.index("implemented")
"""Codes above this are losses."""
OUTSIDE = ("child", "parents", "school", "municipality", "governor", "ministries")
"""Who is not at the table; labels ``story.outside.…``."""


class Plot(Table):
    """What a story is about.

    Attributes:
        illustrative: why the titles are, and what they are derived from.
        arrangements: two scenarios; the second gets the portfolio of the first.
        recommendation: whose journey it is.
        lever: pulled in the first arrangement.
        forms: arrangements set side by side, all with the same portfolio.
        votes: levers to choose between.
        tasks: of each agency, in a line.
        titles: of the recommendations of each project, in order.
    """

    illustrative: str
    arrangements: list[Name]
    recommendation: Name
    lever: Name
    forms: list[Name]
    votes: list[Name]
    tasks: dict[Name, Title]
    titles: dict[Name, list[Title]]

    def title(self, recommendation: str) -> str:
        """Title of a recommendation by its name, ``PROJECT/NUMBER``."""
        project, _, position = recommendation.partition("/")
        return str(self.titles[project][int(position) - 1])


def load_plot() -> Plot:
    """The story that comes with the package.

    Raises:
        ScenarioError: with its problems.
    """
    problems = list[Problem]()
    found = checked(Plot, read_table(SHIPPED), Origin(shown(SHIPPED)), problems)
    if found is None:
        raise ScenarioError(problems)
    return found


def ends_of(histories: Histories) -> Array:
    """How each history ends, codes of ``ENDS``, shape (recommendation, run)."""
    implemented, dropped = (histories.reached[stage] != NEVER for stage in ("implemented", "dropped"))
    return np.where(implemented, LOST, np.where(dropped, LOST + histories.loss, 0))


def depths_of(histories: Histories) -> Array:
    """Furthest stage that each history reaches, places in ``REACHED``, shape (recommendation, run)."""
    depths: Array = np.sum([histories.reached[stage] != NEVER for stage in REACHED[1:]], axis=0)
    return depths


def typical(histories: Histories, row: int) -> int:
    """The run whose history of a recommendation is the typical one.

    Of all ways to end, the most frequent; of the histories that end so, the one whose months of each
    transition lie nearest to their medians (sum of distances); the first of them.

    Args:
        histories: what became of every recommendation.
        row: which recommendation.
    """
    ends = ends_of(histories)[row]
    among = np.flatnonzero(ends == np.bincount(ends).argmax())
    months = np.array([histories.reached[stage][row, among] for stage in MONTH_OF], dtype=np.float64)
    far = np.abs(months - np.median(months, axis=1, keepdims=True)).sum(axis=0)
    return int(among[far.argmin()])


@dataclass(frozen=True)
class Told:
    """What an arrangement's runs tell.

    Attributes:
        scenario: what was run.
        ensemble: its runs.
        implemented: recommendations implemented, shape (run,).
    """

    scenario: Scenario
    ensemble: Ensemble
    implemented: Floats

    @property
    def histories(self) -> Histories:
        """Of every recommendation."""
        assert self.ensemble.histories is not None
        return self.ensemble.histories


class Story:
    """The story's chapters; simulations are kept, so each is made once."""

    def __init__(self, runs: int = RUNS) -> None:
        """Tell nothing yet.

        Args:
            runs: histories of each arrangement.
        """
        self.runs = runs
        self._told: Cache[tuple[str, str], Told] = Cache(64)

    @cached_property
    def plot(self) -> Plot:
        """What it is about."""
        return load_plot()

    @cached_property
    def base(self) -> Scenario:
        """The first arrangement, whose portfolio all get."""
        return load_scenario(self.plot.arrangements[0])

    @cached_property
    def months(self) -> int:
        """Length of all runs: the longer of the pair's own, as ``compare`` takes it."""
        return max(self.base.default_months, self._with_its_tasks(self.plot.arrangements[1]).default_months)

    @cached_property
    def world(self) -> World:
        """The first arrangement's, at the end."""
        return world_of(self.base, self.months).last

    @cached_property
    def row(self) -> int:
        """Place of the recommendation that is told of."""
        return self.world.recommendations.names.index(self.plot.recommendation)

    def document(self) -> Document:
        """All chapters, in the current language."""
        return {name: self.chapter(name) for name in CHAPTERS}

    def chapter(self, name: str) -> Document:
        """One of ``CHAPTERS`` in the current language; what it needs is simulated if it was not yet."""
        made: Document = getattr(self, f"_{name}")()
        return made

    # --- what is simulated

    def needs(self, chapter: str) -> list[tuple[str, str]]:
        """What a chapter tells of, as arguments of ``told``."""
        kinds = {
            "pair": [("arrangement", self.plot.arrangements)],
            "lever": [("arrangement", self.plot.arrangements), ("lever", [self.plot.lever])],
            "forms": [("arrangement", self.plot.forms)],
            "votes": [("arrangement", self.plot.arrangements[:1]), ("lever", self.plot.votes)],
            "barriers": [("barrier", [barrier.explanation for barrier in self.barriers])],
        }
        return [(kind, name) for kind, names in kinds.get(chapter, []) for name in names]

    def told(self, kind: str, name: str) -> Told:
        """An arrangement's runs.

        Args:
            kind: ``arrangement``, ``lever`` or ``barrier``.
            name: the arrangement's, or of what is changed in the first one.
        """
        return self._told.get((kind, name), lambda key: self._simulated(*key))

    def _simulated(self, kind: str, name: str) -> Told:
        scenario, parameters = self.base, None
        if kind == "arrangement":
            scenario = self._with_its_tasks(name)
        elif kind == "lever":
            scenario = with_levers(self.base, name)
        else:
            barrier = next(it for it in self.barriers if it.explanation == name)
            scenario, parameters, _idle = without(self.base, barrier, "common")
        ensemble = simulate(scenario, self.runs, SEED, self.months, parameters)
        return Told(scenario, ensemble, ensemble.values["implemented"])

    def _with_its_tasks(self, name: str) -> Scenario:
        return self.base if name == self.base.name else swap(name, portfolio=self.base, same_load=True)

    @property
    def pair(self) -> tuple[Told, Told]:
        """Both arrangements' runs."""
        a, b = self.plot.arrangements
        return self.told("arrangement", a), self.told("arrangement", b)

    @property
    def barriers(self) -> Sequence[Barrier]:
        """What the first arrangement's evaluators say held it back."""
        return [it for it in evaluators().barrier if self.base.arrangement.name in it.arrangements]

    @property
    def all_needs(self) -> list[tuple[str, str]]:
        """What all chapters tell of, each once."""
        return [*dict.fromkeys(key for chapter in CHAPTERS for key in self.needs(chapter))]

    # --- chapters

    def _cast(self) -> Document:
        project = next(it for it in self.base.portfolio.project if it.name == self._project)
        bearers = self._bearers
        involved = (
            {agency.name for agency in self.base.agencies} if project.members == "all" else {*project.members}
        )
        agencies = [
            {
                "name": agency.name,
                "title": str(agency.title),
                "task": str(self.plot.tasks[agency.name]),
                "ministry": agency.ministry,
                "core": agency.name in self.base.core,
                "part": "bears" if agency.name in bearers else "works" if agency.name in involved else "sits",
            }
            for agency in sorted(self.base.agencies, key=lambda it: (it.ministry, it.name))
        ]
        names = {agency.name: str(agency.title) for agency in self.base.agencies}
        lever, levers = load_lever(self.plot.lever), [load_lever(name) for name in self.plot.votes]
        return {
            "title": self.plot.title(self.plot.recommendation),
            "project": str(project.title),
            "agencies": agencies,
            "outside": [label(f"story.outside.{who}") for who in OUTSIDE],
            "runs": self.runs,
            "planned": len(self.world.recommendations.names),
            "stages": [label(f"stage.{stage}") for stage in REACHED],
            "ends": [label(f"story.end.{end}") for end in ENDS],
            "options": {
                "forms": [_form(name) for name in self.plot.forms],
                "votes": [{"value": it.name, "label": str(it.title), "text": ""} for it in levers],
            },
            "texts": {
                "table.told": label("story.table.told", title=self.plot.title(self.plot.recommendation)),
                "table.who": label(
                    "story.table.who", lead=names[project.lead],
                    others=label("story.and").join(names[it] for it in bearers if it != project.lead),
                ),
                "funnel.text": label("story.funnel.text", planned=len(self.world.recommendations.names)),
                "lever.text": label("story.lever.text", title=str(lever.title), meaning=str(lever.meaning)),
            },
        }  # fmt: skip

    @property
    def _project(self) -> str:
        return self.plot.recommendation.partition("/")[0]

    @property
    def _bearers(self) -> list[str]:
        duties = self.world.duties
        return [self.world.agencies.names[row] for row in duties.agency[duties.recommendation == self.row]]

    def _pair(self) -> Document:
        a, b = self.pair
        run = typical(a.histories, self.row)
        ends = [Counter(ends_of(it.histories)[self.row].tolist()) for it in (a, b)]
        shown = int(ends_of(a.histories)[self.row, run])
        implemented = [it.histories.reached["implemented"][self.row] != NEVER for it in (a, b)]
        named = zip(("a", "b"), self.plot.arrangements, (a, b), strict=True)
        sides = {side: self._side(name, told) for side, name, told in named}
        minutes = [number(60 * float(it.ensemble.values["structure_share"].mean()), 0) for it in (a, b)]
        means = [number(float(it.implemented.mean()), 1) for it in (a, b)]
        count = number(float(a.implemented[run]), 0)
        first, second = (it.implemented for it in (a, b))
        misled = float((second[:, None] <= first).mean())
        narrow = int(np.diff(sides["a"]["reached"]).argmin())
        starts = int(self.world.projects.start[self.world.recommendations.project[self.row]]) + 1
        return {
            **sides,
            "run": run,
            "months": self.months,
            "begins": starts,
            "bearers": self._bearers,
            "texts": {
                "mandate.result": label(
                    "story.mandate.result", minutes=minutes[0], other=minutes[1], runs=self.runs
                ),
                "road.result": label(
                    "story.road.result", n=ends[0][shown], runs=self.runs, implemented=ends[0][LOST],
                    end=label(f"story.end.{ENDS[shown]}"),
                ),
                "road.rule": label("story.road.rule", run=run),
                "funnel.result": label(
                    "story.funnel.result", mean=means[0], runs=self.runs,
                    stage=label(f"stage.{REACHED[narrow]}"), after=label(f"stage.{REACHED[narrow + 1]}"),
                ),
                "paths.result": label(
                    "story.paths.result", runs=self.runs, a=ends[0][LOST], b=ends[1][LOST],
                    gained=int((implemented[1] & ~implemented[0]).sum()),
                    lost=int((implemented[0] & ~implemented[1]).sum()),
                ),
                "luck.ask": label("story.luck.ask", n=count),
                "luck.result": label(
                    "story.luck.result", runs=self.runs, low=number(float(first.min()), 0),
                    high=number(float(first.max()), 0), mean=means[0], other=means[1],
                    misled=number(100 * misled, 0),
                ),
            },
        }  # fmt: skip

    def _side(self, name: str, told: Told) -> Document:
        histories, row = told.histories, self.row
        duties = np.flatnonzero(self.world.duties.recommendation == row)
        months = [histories.reached[stage][row] + 1 for stage in MONTH_OF]
        refused = (histories.refused[duties] * (1 << np.arange(len(duties)))[:, None]).sum(axis=0)
        return {
            "title": str(load_scenario(name).title),
            "talk": rounded(told.ensemble.series["structure_share"].sel(statistic="mean").values),
            "reached": self._reached(told),
            "implemented": told.implemented.astype(int).tolist(),
            "fates": np.stack([*months, ends_of(histories)[row], refused], axis=1).tolist(),
        }

    def _reached(self, told: Told) -> list[float]:
        """Mean number of recommendations that get to each stage."""
        return [round(float(mean), 4) for mean in told.ensemble.funnel()["reached"][list(REACHED)]]

    def _lever(self) -> Document:
        base, pulled = self.pair[0], self.told("lever", self.plot.lever)
        run = typical(base.histories, self.row)
        before, after = (self._pieces(told, run) for told in (base, pulled))
        further = sum(new[0] > old[0] for old, new in zip(before, after, strict=True))
        less = sum(new[0] < old[0] for old, new in zip(before, after, strict=True))
        means = [number(float(it.implemented.mean()), 1) for it in (base, pulled)]
        return {
            "title": str(load_lever(self.plot.lever).title),
            "titles": [self.plot.title(name) for name in self.world.recommendations.names],
            "before": before,
            "after": after,
            "texts": {
                "lever.result": label(
                    "story.lever.result", further=further, less=less, planned=len(before),
                    same=len(before) - further - less, a=means[0], b=means[1], runs=self.runs,
                ),
            },
        }  # fmt: skip

    def _pieces(self, told: Told, run: int) -> list[list[int]]:
        """Furthest stage and end of every recommendation in one run."""
        both = (depths_of(told.histories)[:, run], ends_of(told.histories)[:, run])
        pieces: list[list[int]] = np.stack(both, axis=1).tolist()
        return pieces

    def _forms(self) -> Document:
        told = [self.told("arrangement", name) for name in self.plot.forms]
        bars = [
            {
                "id": form["value"],
                "title": form["label"],
                "text": form["text"],
                **_interval(mean_interval(it.implemented)._asdict()),
            }
            for form, it in zip(map(_form, self.plot.forms), told, strict=True)
        ]
        return {"bars": bars, "texts": {}}

    def _votes(self) -> Document:
        bars = [
            {"id": name, "title": str(load_lever(name).title), **self._gain("lever", name)}
            for name in self.plot.votes
        ]
        return {"bars": bars, "texts": {}}

    def _gain(self, kind: str, name: str) -> Document:
        """How many more are implemented than in the first arrangement as it is, on the same draws."""
        changed, base = self.told(kind, name), self.told("arrangement", self.base.name)
        return _interval(paired_difference(changed.implemented, base.implemented))

    def _barriers(self) -> Document:
        titles = {it.id: str(it.title) for it in evaluators().explanation}
        bars = [
            {
                "id": it.explanation,
                "title": titles[it.explanation],
                "claim": str(it.claim),
                "source": TAG.sub(lambda tag: label(f"cited.{tag[0]}"), it.source),
                **self._gain("barrier", it.explanation),
            }
            for it in self.barriers
        ]
        return {"bars": bars, "texts": {}}


async def chapters(story: Story, scheduler: Scheduler, language: str) -> AsyncIterator[Document]:
    """Events with a chapter each, as they are computed; the last says ``done``.

    Args:
        story: what is told.
        scheduler: says when.
        language: of the words.
    """
    for name in CHAPTERS:
        for key in story.needs(name):
            await scheduler.background(partial(_simulate, story, key))
        with use_language(language):
            document = story.chapter(name)
        yield {name: document, "done": name == CHAPTERS[-1]}


def _simulate(story: Story, key: tuple[str, str], checkpoint: Checkpoint) -> None:
    checkpoint()
    story.told(*key)


def _form(name: str) -> Document:
    return {"value": name, "label": label(f"story.forms.{name}"), "text": label(f"story.forms.{name}.text")}


def _interval(found: dict[str, float]) -> Document:
    return {key: round(float(found[key]), 4) for key in ("mean", "low", "high")}
