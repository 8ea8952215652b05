"""The eight phases of a month, one module each: `run` is the phase, the other functions are its rules."""

from . import allocate, convene, decide, implement, prepare, renew, steer, work

__all__ = ["allocate", "convene", "decide", "implement", "prepare", "renew", "steer", "work"]
