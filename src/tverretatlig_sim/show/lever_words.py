"""Labels of levers: English, then Norwegian bokmål."""

from __future__ import annotations

LEVERS = {
    "lever": ("Lever", "Grep"),
    "lever.observed": ("observed", "observert"),
    "lever.impression": ("impression", "inntrykk"),
    "lever.advice": ("advice", "råd"),
    "lever.what": ("What", "Hva"),
    "lever.how": ("How", "Hvordan"),
    "lever.set": ("set to", "settes til"),
    "lever.multiply": ("times", "ganger"),
    "lever.add": ("plus", "pluss"),
    "lever.at_least": ("at least", "minst"),
    "lever.at_most": ("at most", "høyst"),
}
"""Labels by key."""
