"""What names and months look like in a file."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any
from unicodedata import normalize

from pydantic import AfterValidator, Discriminator, StringConstraints, Tag

PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*$"
"""No control characters, line ends or invisible marks."""

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=PRINTABLE),
    AfterValidator(partial(normalize, "NFC")),
]
"""Plain text on one line; the same letters always have the same code points."""
LongName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=PRINTABLE),
    AfterValidator(partial(normalize, "NFC")),
]
"""A scenario's name, which grows with every lever."""
MONTHLY = r"^(19|20)\d\d-(0[1-9]|1[0-2])$"
Date = Annotated[str, StringConstraints(pattern=MONTHLY)]
"""A calendar month, ``YYYY-MM``."""
NameOrTable = Annotated[
    Annotated[LongName, Tag("[name]")] | Annotated[dict[str, Any], Tag("[table]")],
    Discriminator(lambda value: "[table]" if isinstance(value, dict) else "[name]"),
]
