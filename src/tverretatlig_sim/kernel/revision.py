"""What a phase changes in few places, so that it stays a pure function and yet copies little."""

from __future__ import annotations

from numpy.typing import ArrayLike

from tverretatlig_sim.kernel.state import Array, State
from tverretatlig_sim.world.sparse import Integers


class Revision(dict[str, Array]):
    """Changes to a state; a variable is copied when something in it changes for the first time."""

    def __init__(self, state: State) -> None:
        """Nothing has changed yet."""
        super().__init__()
        self._state = state

    def now(self, name: str) -> Array:
        """A variable as it stands, for reading."""
        return self[name] if name in self else self._state.__dict__[name]

    def own(self, name: str) -> Array:
        """A variable as it stands, for writing."""
        if name not in self:
            self[name] = self._state.__dict__[name].copy()
        return self[name]

    def take(self, name: str, at: Integers) -> Array:
        """Values of a variable, as it stands, at some places."""
        return self.now(name).take(at)

    def put(self, name: str, at: Integers, values: ArrayLike) -> None:
        """Replace values of a variable at some places."""
        if len(at):
            self.own(name).put(at, values)
