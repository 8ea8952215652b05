"""Search: which structure is best for its cost?"""

from tverretatlig_sim.study.search.dials import Dial, dials_of, turned
from tverretatlig_sim.study.search.search import Search, search

__all__ = ["Dial", "Search", "dials_of", "search", "turned"]
