"""The metric catalogue: data that the compiler, the API, the pages and the papers read.

Formulas are those of the sums at read: spend ÷ clicks of a month is the month's spend over the
month's clicks. "Platform" as basis means: what the ad platform itself claims.
"""

from types import MappingProxyType

from readmodels.semantic.metrics import (
    MICROS,
    Basis,
    Better,
    Measure,
    Metric,
    Ratio,
    Source,
    Sum,
    Unit,
)


def _delivery(name: str, column: str) -> Measure:
    return Measure(id=name, source=Source.DELIVERY, column=column)


def _goal(name: str, goal: str) -> Measure:
    return Measure(
        id=name, source=Source.CONVERSIONS, column="count_micros", goal=goal, scale=MICROS
    )


_PURCHASES = _goal("purchases", "purchase")
_LEADS = _goal("leads", "lead")
_INSTALLS = _goal("installs", "install")
_PURCHASE_VALUE = Measure(
    id="revenue", source=Source.CONVERSIONS, column="value_micros", goal="purchase"
)
_PLATFORM = (Basis.PLATFORM,)

SPEND = Sum(
    id="spend",
    label="Ad spend",
    synonyms=("cost", "ad cost", "spent", "budget used"),
    meaning="What the ad platforms charged.",
    adds=(_delivery("spend", "spend_micros"),),
    unit=Unit.MONEY,
    better=Better.NEUTRAL,
    bases=_PLATFORM,
    example="How much did we spend yesterday?",
)
IMPRESSIONS = Sum(
    id="impressions",
    label="Impressions",
    synonyms=("views", "times shown"),
    meaning="How often ads were shown.",
    adds=(_delivery("impressions", "impressions"),),
    unit=Unit.COUNT,
    better=Better.NEUTRAL,
    bases=_PLATFORM,
    example="How many impressions did we get this month?",
)
CLICKS = Sum(
    id="clicks",
    label="Clicks",
    synonyms=("all clicks", "clicks (all)"),
    meaning="Every click on an ad, wherever it led.",
    adds=(_delivery("clicks", "clicks"),),
    unit=Unit.COUNT,
    better=Better.HIGHER,
    bases=_PLATFORM,
    example="Which campaign got the most clicks?",
)
LINK_CLICKS = Sum(
    id="link_clicks",
    label="Link clicks",
    synonyms=("clicks to site", "inline link clicks", "outbound clicks"),
    meaning="Clicks that led to the advertised link.",
    adds=(_delivery("link_clicks", "link_clicks"),),
    unit=Unit.COUNT,
    better=Better.HIGHER,
    bases=_PLATFORM,
    example="How many link clicks came from Meta last week?",
)
CONVERSIONS = Sum(
    id="conversions",
    label="Conversions",
    synonyms=("results", "actions"),
    meaning="Purchases, leads and installs that the platform credits to its ads.",
    adds=(_PURCHASES, _LEADS, _INSTALLS),
    unit=Unit.COUNT,
    better=Better.HIGHER,
    bases=_PLATFORM,
    example="How many conversions did we get last week?",
)
PURCHASES = Sum(
    id="purchases",
    label="Purchases",
    synonyms=("platform purchases", "sales reported by the platform"),
    meaning="Purchases that the platform credits to its ads.",
    adds=(_PURCHASES,),
    unit=Unit.COUNT,
    better=Better.HIGHER,
    bases=_PLATFORM,
    example="How many purchases does Meta claim for October?",
)
LEADS = Sum(
    id="leads",
    label="Leads",
    synonyms=("sign-ups", "form submissions"),
    meaning="Leads that the platform credits to its ads.",
    adds=(_LEADS,),
    unit=Unit.COUNT,
    better=Better.HIGHER,
    bases=_PLATFORM,
    example="How many leads did the spring campaign bring?",
)
INSTALLS = Sum(
    id="installs",
    label="Installs",
    synonyms=("app installs", "downloads"),
    meaning="App installs that the platform credits to its ads.",
    adds=(_INSTALLS,),
    unit=Unit.COUNT,
    better=Better.HIGHER,
    bases=_PLATFORM,
    example="How many installs did we get today?",
)
REVENUE = Sum(
    id="revenue",
    label="Purchase value",
    synonyms=("conversion value", "platform revenue", "sales"),
    meaning="Value of the purchases that the platform credits to its ads; not the shop's revenue.",
    adds=(_PURCHASE_VALUE,),
    unit=Unit.MONEY,
    better=Better.HIGHER,
    bases=_PLATFORM,
    example="How much revenue does Meta report for last week?",
)
CTR = Ratio(
    id="ctr",
    label="CTR",
    synonyms=("click-through rate", "click rate"),
    meaning="Share of impressions that were clicked.",
    of=CLICKS,
    over=IMPRESSIONS,
    unit=Unit.FRACTION,
    better=Better.HIGHER,
    bases=_PLATFORM,
    example="How did CTR develop over the last 28 days?",
)
CPC = Ratio(
    id="cpc",
    label="CPC",
    synonyms=("cost per click",),
    meaning="Spend per click.",
    of=SPEND,
    over=CLICKS,
    unit=Unit.MONEY,
    better=Better.LOWER,
    bases=_PLATFORM,
    example="What's my CPC?",
)
CPM = Ratio(
    id="cpm",
    label="CPM",
    synonyms=("cost per mille", "cost per thousand impressions"),
    meaning="Spend per thousand impressions.",
    of=SPEND,
    over=IMPRESSIONS,
    times=1000,
    unit=Unit.MONEY,
    better=Better.LOWER,
    bases=_PLATFORM,
    example="Which campaign had the lowest CPM last week?",
)
ROAS = Ratio(
    id="roas",
    label="ROAS",
    synonyms=("return on ad spend", "platform roas"),
    meaning="Purchase value that the platform claims, per unit of spend.",
    of=REVENUE,
    over=SPEND,
    unit=Unit.RATIO,
    better=Better.HIGHER,
    bases=_PLATFORM,
    example="Which campaign had the highest ROAS?",
)
CPA = Ratio(
    id="cpa",
    label="CPA",
    synonyms=("cost per action", "cost per acquisition", "cost per conversion", "cost per result"),
    meaning="Spend per conversion.",
    of=SPEND,
    over=CONVERSIONS,
    unit=Unit.MONEY,
    better=Better.LOWER,
    bases=_PLATFORM,
    example="What is our CPA this month against last month?",
)
CPL = Ratio(
    id="cpl",
    label="CPL",
    synonyms=("cost per lead",),
    meaning="Spend per lead.",
    of=SPEND,
    over=LEADS,
    unit=Unit.MONEY,
    better=Better.LOWER,
    bases=_PLATFORM,
    example="Which campaign has the lowest CPL?",
)
CPI = Ratio(
    id="cpi",
    label="CPI",
    synonyms=("cost per install",),
    meaning="Spend per app install.",
    of=SPEND,
    over=INSTALLS,
    unit=Unit.MONEY,
    better=Better.LOWER,
    bases=_PLATFORM,
    example="What did an install cost last week?",
)
CPP = Ratio(
    id="cpp",
    label="CPP",
    synonyms=("cost per purchase",),
    meaning="Spend per purchase.",
    of=SPEND,
    over=PURCHASES,
    unit=Unit.MONEY,
    better=Better.LOWER,
    bases=_PLATFORM,
    example="What does a purchase cost us on Meta?",
)
CVR = Ratio(
    id="cvr",
    label="CVR",
    synonyms=("conversion rate", "click conversion rate"),
    meaning="Conversions per click; above 100 % where people convert more than once.",
    of=CONVERSIONS,
    over=CLICKS,
    unit=Unit.FRACTION,
    better=Better.HIGHER,
    bases=_PLATFORM,
    example="Did the conversion rate fall this week?",
)

# In the order in which a page shows them.
METRICS: tuple[Metric, ...] = (
    *(SPEND, REVENUE, ROAS, PURCHASES, CONVERSIONS, CPA),
    *(IMPRESSIONS, CLICKS, CTR, CPC, CPM, CVR),
    *(LINK_CLICKS, CPP, LEADS, CPL, INSTALLS, CPI),
)
BY_ID = MappingProxyType({metric.id: metric for metric in METRICS})
