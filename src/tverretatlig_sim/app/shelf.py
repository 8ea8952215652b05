"""A bounded memory of what was computed, in which nobody computes the same thing twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Shelf(Generic[K, V]):
    """Keeps the most recently used values; threads that ask for the same one wait for the first of them."""

    def __init__(self, size: int) -> None:
        """Make room.

        Args:
            size: values kept, at least 1.
        """
        self._size = size
        self._values: OrderedDict[K, V] = OrderedDict()
        self._making: dict[K, Lock] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        """Values kept now."""
        return len(self._values)

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of a key, made if it is not there; whoever waited tries anew if making it failed."""
        with self._lock:
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                if key in self._values:
                    self._values.move_to_end(key)
                    self._making.pop(key, None)
                    return self._values[key]
            try:
                value = make()
                self._put(key, value)
                return value
            finally:
                with self._lock:
                    self._making.pop(key, None)

    def _put(self, key: K, value: V) -> None:
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._size:
                self._values.popitem(last=False)
