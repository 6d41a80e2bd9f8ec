"""The markets that campaigns buy in: one for each objective and audience."""

from sandbox.shop.blueprint import Market
from sandbox.shop.rhythms import OFFICE, PLAYERS, READERS, SHOPPERS
from sandbox.shop.world import Rate

PROSPECTING = Market(
    "OUTCOME_SALES",
    "OFFSITE_CONVERSIONS",
    "IMPRESSIONS",
    cpm_cents=1450,
    ctr_ppm=13_500,
    link_permille=780,
    rhythm=SHOPPERS,
    rates=(Rate("purchase", "web", 27_000, 3900, 21_900), Rate("lead", "web", 4_000, 0, 0)),
)
RETARGETING = Market(
    "OUTCOME_SALES",
    "VALUE",
    "IMPRESSIONS",
    cpm_cents=2350,
    ctr_ppm=21_000,
    link_permille=830,
    rhythm=SHOPPERS,
    rates=(Rate("purchase", "web", 58_000, 3900, 25_900),),
)
LEADS = Market(
    "OUTCOME_LEADS",
    "LEAD_GENERATION",
    "IMPRESSIONS",
    cpm_cents=1950,
    ctr_ppm=9_800,
    link_permille=740,
    rhythm=OFFICE,
    rates=(Rate("lead", "web", 46_000, 0, 0), Rate("lead", "onsite", 41_000, 0, 0)),
)
APP = Market(
    "OUTCOME_APP_PROMOTION",
    "APP_INSTALLS",
    "IMPRESSIONS",
    cpm_cents=920,
    ctr_ppm=11_200,
    link_permille=900,
    rhythm=PLAYERS,
    rates=(Rate("install", "app", 215_000, 0, 0), Rate("purchase", "app", 15_000, 499, 3999)),
)
TRAFFIC = Market(
    "OUTCOME_TRAFFIC",
    "LANDING_PAGE_VIEWS",
    "IMPRESSIONS",
    cpm_cents=690,
    ctr_ppm=18_800,
    link_permille=850,
    rhythm=READERS,
    rates=(Rate("purchase", "web", 3_600, 2900, 12_900), Rate("lead", "web", 5_200, 0, 0)),
)
