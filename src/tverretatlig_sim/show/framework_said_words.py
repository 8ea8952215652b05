"""Words of the sentences on the sources' frameworks: English, then Norwegian bokmål."""

from __future__ import annotations

FRAMEWORK_SAID = {
    "said.framework.higher": (
        "{measure}: clearly higher in “{high}”, by {difference} (95 % interval {low} to {top}).",
        "{measure}: klart høyere i «{high}», med {difference} (95 %-intervall {low} til {top}).",
    ),
    "said.framework.unclear": (
        "{measure}: no clear difference ({difference}; 95 % interval {low} to {top}).",
        "{measure}: ingen klar forskjell ({difference}; 95 %-intervall {low} til {top}).",
    ),
    "said.framework.unknown": (
        "{measure}: the two cannot be compared in these runs.",
        "{measure}: de to lar seg ikke sammenligne i disse kjøringene.",
    ),
    "said.framework.given": (
        "{measure}: higher in “{high}” ({most} against {least}).",
        "{measure}: høyere i «{high}» ({most} mot {least}).",
    ),
    "said.framework.alike": (
        "{measure}: the same in both ({most}).",
        "{measure}: likt i begge ({most}).",
    ),
    "said.framework.points": ("{number} percentage points", "{number} prosentpoeng"),
    "said.ladder": (
        "“{title}” aims at rung {aimed} on average, and on average reaches rung {reached} of 4.",
        "«{title}» sikter i gjennomsnitt mot trinn {aimed}, og når i gjennomsnitt trinn {reached} av 4.",
    ),
    "said.ladder.nothing": (
        "“{title}” plans nothing, so it aims at no rung.",
        "«{title}» planlegger ingenting, og sikter derfor ikke mot noe trinn.",
    ),
    "said.distances": (
        "In “{title}” the cognitive distance goes from {start} to {end} on average.",
        "I «{title}» går den kognitive distansen i gjennomsnitt fra {start} til {end}.",
    ),
    "said.matrix": (
        "From weak (0) to strong (1), “{title}” stands at {position}.",
        "På skalaen fra svak (0) til sterk (1) matrise står «{title}» på {position}.",
    ),
    "said.matrix.none": (
        "“{title}” has no forum, so there is no programme beside the line.",
        "«{title}» har ikke noe forum, så det finnes ikke noe program ved siden av linjen.",
    ),
    "said.roles": (
        "The coordinator in “{title}” is best equipped as {role} ({value} of 1).",
        "Koordinatoren i «{title}» er best rustet som {role} ({value} av 1).",
    ),
    "said.roles.none": (
        "In “{title}” nobody coordinates.",
        "I «{title}» er det ingen som koordinerer.",
    ),
    "said.role.driver": ("driver", "pådriver"),
    "said.role.interest_balancer": ("interest balancer", "interesseavveier"),
    "said.role.system_steward": ("system steward", "systemforvalter"),
    "said.instruments": (
        "In “{title}”, {share} per cent of the planned recommendations need law or budget; of the drafted "
        "ones, {lost} per cent are lost at the ministries on average.",
        "I «{title}» krever {share} prosent av de planlagte anbefalingene lov eller budsjett; av de "
        "utarbeidede faller i gjennomsnitt {lost} prosent bort i departementene.",
    ),
    "said.chain": (
        "In “{title}” the chain breaks at “{link}”: {share} per cent get that far of those that could.",
        "I «{title}» svikter kjeden ved «{link}»: {share} prosent av dem som kunne, kommer så langt.",
    ),
    "said.chain.unclear": (
        "In “{title}” it is not clear at which of these links the chain breaks: {links}.",
        "I «{title}» er det ikke klart ved hvilket av disse leddene kjeden svikter: {links}.",
    ),
    "said.chain.whole": (
        "In “{title}” no link of the chain clearly loses anything.",
        "I «{title}» er det ingen ledd i kjeden der noe klart går tapt.",
    ),
    "said.chain.single": (
        "One run does not show where the chain breaks in “{title}”.",
        "Én kjøring viser ikke hvor kjeden svikter i «{title}».",
    ),
    "said.chain.nothing": (
        "In “{title}” nothing gets on its way, so no link can be judged.",
        "I «{title}» kommer ingenting på vei, så ingen ledd kan vurderes.",
    ),
}
"""Labels by key."""
