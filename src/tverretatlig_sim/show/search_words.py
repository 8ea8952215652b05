"""Labels of the command ``search``: English, then Norwegian bokmål."""

from __future__ import annotations

SEARCH = {
    "dial.portfolio": ("Projects\n(share)", "Prosjekter\n(andel)"),
    "dial.stop_points": ("Stop\npoints", "Stopp-\npunkter"),
    "dial.secretariat": ("Staff\n(FTE)", "Stab\n(årsverk)"),
    "dial.seats": ("Seats,\nat most", "Plasser,\nhøyst"),
    "dial.cadence": ("Months\napart", "Måneder\nimellom"),
    "dial.rule": ("Rule", "Regel"),
    "dial.rule.consensus": ("consensus", "enighet"),
    "dial.rule.majority": ("majority", "flertall"),
    "dial.rule.lead": ("the lead", "lederen"),
    "search.title": (
        "{scenario}: the best “{gain}” at every cost",
        "{scenario}: best «{gain}» til enhver kostnad",
    ),
    "search.clear": ("Clear", "Klart"),
    "search.yes": ("yes", "ja"),
    "search.rivals": ("no ({n})", "nei ({n})"),
    "search.beaten": ("beaten", "slått"),
    "search.as_it_is": ("as it is", "som det er"),
    "search.tried": ("Tried in the search", "Prøvd i søket"),
    "search.chosen": ("Front, as the search saw it", "Fronten slik søket så den"),
    "search.fresh": ("Front on fresh draws, clear", "Fronten på nye trekninger, klart"),
    "search.doubtful": ("… not clear", "… ikke klart"),
    "search.plain": ("The scenario as it is", "Scenariet som det er"),
    "search.interval": ("95 % interval of the mean", "95 %-intervall for gjennomsnittet"),
    "search.method": (
        "{tried} structures tried, {runs} runs each, seed {seed}, {months} months; the {front} best again on "
        "fresh draws, {fresh_runs} runs each. Numbers are means on the fresh draws ± 95 % interval.",
        "{tried} strukturer prøvd, {runs} kjøringer av hver, frø {seed}, {months} måneder; de {front} beste "
        "prøvd igjen på nye trekninger, {fresh_runs} kjøringer av hver. Tallene er gjennomsnitt på de nye "
        "trekningene ± 95 %-intervall.",
    ),
    "search.robust": (
        "Every run has a parameter set of its own, of those that agree with the evidence.",
        "Hver kjøring har sitt eget parametersett, blant dem som stemmer med kildene.",
    ),
    "search.flattery": (
        "Counted from the scenario as it is, “{gain}” of these points was {by} higher on the draws that "
        "chose them than on fresh draws, on average: to be best of many is partly luck.",
        "Regnet fra scenariet som det er, var «{gain}» for disse punktene i snitt {by} høyere på trekningene "
        "som valgte dem ut, enn på nye trekninger: å være best av mange er delvis flaks.",
    ),
    "search.no_flattery": (
        "Counted from the scenario as it is, “{gain}” of these points is on average no lower on fresh draws "
        "than on the draws that chose them ({by}).",
        "Regnet fra scenariet som det er, er «{gain}» for disse punktene i snitt ikke lavere på nye "
        "trekninger enn på trekningene som valgte dem ut ({by}).",
    ),
    "search.caution": (
        "Clear: no other point of the front may beat it, one pair at a time; else how many may. Levels are "
        "illustrative; those who must carry the work out have no say in this search.",
        "Klart: intet annet punkt på fronten kan slå det, ett par om gangen; ellers hvor mange som kan. "
        "Nivåene er illustrative; de som skal gjøre arbeidet, er ikke spurt i dette søket.",
    ),
}
"""What a search is told in."""
