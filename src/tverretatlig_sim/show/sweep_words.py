"""Labels of the command ``study``: English, then Norwegian bokmål."""

from __future__ import annotations

SWEEPS = {
    "study.arrangements": ("Arrangements", "Ordninger"),
    "study.factors": ("What varies", "Det som varierer"),
    "study.factor": ("Parameter", "Parameter"),
    "study.from": ("From", "Fra"),
    "study.to": ("To", "Til"),
    "study.distribution": ("Distribution", "Fordeling"),
    "study.meaning": ("Meaning", "Betydning"),
    "study.size": (
        "{design}: {points} points × {arrangements} arrangements × {runs} runs = {total} runs "
        "of {months} months, seed {seed}.",
        "{design}: {points} punkter × {arrangements} ordninger × {runs} kjøringer = {total} kjøringer "
        "på {months} måneder, frø {seed}.",
    ),
    "study.results": (
        "Means over runs: average over points (lowest – highest)",
        "Gjennomsnitt over kjøringer: snitt over punkter (lavest – høyest)",
    ),
    "study.none": (
        "No results yet in {folder}; “tverretatlig study run FILE” makes them.",
        "Ingen resultater ennå i {folder}; «tverretatlig study run FILE» lager dem.",
    ),
    "study.unfinished": (
        "Only finished points are shown: {stored} of {tasks} tasks are done.",
        "Bare ferdige punkter vises: {stored} av {tasks} oppgaver er gjort.",
    ),
    "study.more": ("… and {number} more", "… og {number} til"),
    "study.state": ("State of {folder}", "Tilstand for {folder}"),
    "study.tasks": ("Tasks", "Oppgaver"),
    "study.done": ("finished", "ferdige"),
    "study.failed": ("failed", "mislyktes"),
    "study.damaged": ("damaged", "skadet"),
    "study.left": ("left", "gjenstår"),
    "study.runs": ("Runs", "Kjøringer"),
    "study.time": ("Time spent", "Brukt tid"),
    "study.sessions": ("{seconds} s; sessions: {sessions}", "{seconds} s; økter: {sessions}"),
    "study.owner": ("Being run by", "Kjøres av"),
    "study.process": (
        "process {pid} on {host}, last seen {seen}",
        "prosess {pid} på {host}, sist sett {seen}",
    ),
    "study.reason": ("Reason", "Grunn"),
    "study.where": ("Where", "Hvor"),
    "study.points": ("{arrangement}, points {first}–{last}", "{arrangement}, punkt {first}–{last}"),
    "study.finished": (
        "Finished: {tasks} tasks, {runs} runs. Results are in {folder}.",
        "Ferdig: {tasks} oppgaver, {runs} kjøringer. Resultatene ligger i {folder}.",
    ),
    "study.written": ("Written: {files}", "Skrevet: {files}"),
    "study.next": (
        "“tverretatlig study show {file}” shows them, “tverretatlig study compact {file}” makes one table.",
        "«tverretatlig study show {file}» viser dem, «tverretatlig study compact {file}» lager én tabell.",
    ),
    "values": ("list of values", "liste av verdier"),
    "uniform": ("uniform", "uniform"),
    "log-uniform": ("log-uniform", "log-uniform"),
    "triangular": ("triangular", "triangulær"),
    "normal": ("normal, cut off", "normal, avkortet"),
    "grid": ("Grid", "Rutenett"),
    "list": ("List", "Liste"),
    "latin-hypercube": ("Latin hypercube", "Latinsk hyperkube"),
    "sobol": ("Scrambled Sobol sequence", "Stokket Sobol-følge"),
    "saltelli": ("Saltelli design", "Saltelli-design"),
    "morris": ("Morris design", "Morris-design"),
}
