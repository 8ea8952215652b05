"""What a rule is, and the list of rules that a month consists of.

A rule is a function ``(state, world, parameters, draws, month) -> {variable: new array}``. The rules of a
month run in order, and each sees what the rules before it left. A rule changes nothing in place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Protocol, TypeVar

from tverretatlig_sim.i18n import _
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.state import Changes, State, Variable, variables
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.world import World

Rule = Callable[[State, World, Parameters, Draws, Month], Changes]

R = TypeVar("R", bound=Rule)


@dataclass(frozen=True)
class Declaration:
    """What a rule declares: variables it reads, variables it writes, and variables of its own.

    A function that declares nothing may read and write everything.
    """

    reads: frozenset[str] | None = None
    writes: frozenset[str] | None = None
    own: tuple[tuple[str, Variable], ...] = ()


def rule(reads: str = "", writes: str = "", **own: Variable) -> Callable[[R], R]:
    """Declare what a rule reads and writes.

    Args:
        reads: names of the state variables it looks at, with spaces between them.
        writes: names of those it may change.
        own: state variables that the rule brings with it, declared with ``stock`` or ``flow``.

    Example:
        >>> @rule(reads="ownership", writes="ownership")
        ... def ownership_lasts(state, world, parameters, draws, month):
        ...     return {"ownership": state.ownership}
    """

    def declared(function: R) -> R:
        declaration = Declaration(frozenset(reads.split()), frozenset(writes.split()), tuple(own.items()))
        vars(function)["declaration"] = declaration
        return function

    return declared


class Readout(Protocol):
    """An outcome or series of the user's own, which goes where the rules go."""

    @property
    def name(self) -> str:
        """What it is called."""


NOTHING_DECLARED = Declaration()


def declaration_of(function: Rule) -> Declaration:
    """What a rule declares."""
    declaration: Declaration = getattr(function, "declaration", NOTHING_DECLARED)
    return declaration


def name_of(function: Callable[..., object]) -> str:
    """Name of a rule, or of another function."""
    return str(getattr(function, "__name__", function))


@dataclass(frozen=True)
class RuleSet:
    """The rules of a month in order, each in its phase. Changing one gives another; this one stays.

    ``name`` in the methods is the name of a rule or of a phase, which stands for all its rules.

    Attributes:
        entries: phase and rule, in order.
        checks: whether rules are held to what they declare while they run.
        readouts: outcomes and series of the user's own that are read off the state.
    """

    entries: tuple[tuple[str, Rule], ...]
    checks: bool = False
    readouts: tuple[Readout, ...] = ()

    def __post_init__(self) -> None:
        """Refuse rules of one name, and a rule that declares what there is already."""
        names = [name_of(function) for _phase, function in self.entries]
        own = [name for _phase, function in self.entries for name, _variable in declaration_of(function).own]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(_("two rules are called {name}", name=name))
        for name in own:
            if own.count(name) > 1 or hasattr(State, name) or name == "runs":
                raise ValueError(_("there is a state variable {name} already", name=name))

    @classmethod
    def of(cls, **phases: Sequence[Rule]) -> RuleSet:
        """The rules of each phase, in order."""
        return cls(tuple((phase, function) for phase, rules in phases.items() for function in rules))

    def __getitem__(self, name: str) -> Rule:
        """The rule of that name."""
        return dict(zip(self.names, (function for _phase, function in self.entries), strict=True))[name]

    def __repr__(self) -> str:
        """Phases and their rules."""
        lines = [f"{phase}: {name}" for (phase, _f), name in zip(self.entries, self.names, strict=True)]
        return "\n".join(lines)

    @cached_property
    def steps(self) -> tuple[tuple[Rule, str, Declaration], ...]:
        """The rules in order, each with its name and what it declares, as every month asks for them."""
        return tuple(
            (function, name_of(function), declaration_of(function)) for _phase, function in self.entries
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the rules, in order."""
        return tuple(name_of(function) for _phase, function in self.entries)

    @property
    def phases(self) -> tuple[str, ...]:
        """Names of the phases, in order."""
        return tuple(dict.fromkeys(phase for phase, _function in self.entries))

    @property
    def variables(self) -> dict[str, Variable]:
        """Declarations of all state variables: the model's, then those that rules bring with them."""
        own = (declaration_of(function).own for _phase, function in self.entries)
        return {**variables(), **{name: variable for brought in own for name, variable in brought}}

    def phase_of(self, name: str) -> str:
        """The phase in which a rule of that name stands."""
        return next(
            phase for (phase, _rule), own in zip(self.entries, self.names, strict=True) if own == name
        )

    def replace(self, name: str, by: Rule) -> RuleSet:
        """With another rule in the place of a rule or of all rules of a phase."""
        first, last = self._place(name)
        return self._with(first, last, self.entries[first][0], by)

    def before(self, name: str, new: Rule) -> RuleSet:
        """With a rule added before a rule, or as the first of a phase."""
        first, _last = self._place(name)
        return self._with(first, first, self.entries[first][0], new)

    def after(self, name: str, new: Rule) -> RuleSet:
        """With a rule added after a rule, or as the last of a phase."""
        _first, last = self._place(name)
        return self._with(last, last, self.entries[last - 1][0], new)

    def without(self, name: str) -> RuleSet:
        """Without a rule, or without a whole phase."""
        first, last = self._place(name)
        return replace(self, entries=self.entries[:first] + self.entries[last:])

    def checked(self) -> RuleSet:
        """The same rules, each handed only what it declares to read, its results held to their ranges."""
        return replace(self, checks=True)

    def _with(self, first: int, last: int, phase: str, new: Rule) -> RuleSet:
        return replace(self, entries=(*self.entries[:first], (phase, new), *self.entries[last:]))

    def _place(self, name: str) -> tuple[int, int]:
        """Where the rules of a name stand: the first, and the one after the last."""
        entries = zip(self.entries, self.names, strict=True)
        found = [index for index, ((phase, _rule), own) in enumerate(entries) if name in (phase, own)]
        if not found:
            known = (*self.phases, *self.names)
            near = get_close_matches(str(name), known, n=3) or known
            raise ValueError(_("no rule or phase {name!r}; there is {near}", name=name, near=", ".join(near)))
        return found[0], found[-1] + 1


def check_values(changes: Changes, phase: str, name: str, declared: dict[str, Variable]) -> None:
    """Refuse what a rule returned if it is no number or outside the variable's range.

    Raises:
        ValueError: if so.
    """
    for variable, values in changes.items():
        if not declared[variable].holds(values):
            span, low, high = declared[variable].range, values.min(), values.max()
            raise ValueError(
                _(
                    "phase {phase}, rule {rule} takes {name} to {low:g} … {high:g}; allowed: {span}",
                    phase=phase,
                    rule=name,
                    name=variable,
                    low=low,
                    high=high,
                    span=span,
                )
            )
