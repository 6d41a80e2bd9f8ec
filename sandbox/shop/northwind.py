"""Northwind Coffee, a second advertiser of the default shop: a roaster in Berlin, in euros."""

from sandbox.shop.blueprint import AdDraft, AdSetDraft, CampaignDraft, Life
from sandbox.shop.markets import LEADS, PROSPECTING, RETARGETING, TRAFFIC
from sandbox.shop.world import Trend


def _ads(*names: str) -> tuple[AdDraft, ...]:
    return tuple(map(AdDraft, names))


NORTHWIND_COFFEE = (
    CampaignDraft(
        "Kaffee-Abo | Neukunden | DACH",
        PROSPECTING,
        14_000,
        trend=Trend(120, 28, 50),
        adsets=(
            AdSetDraft(
                "Lookalike 2% | Abonnenten",
                60,
                _ads("Video 15s | Der erste Schluck", "Karussell | Drei Röstungen"),
                ("DE", "AT", "CH"),
            ),
            AdSetDraft(
                "Breit | 28-60",
                40,
                _ads("UGC | Annas Morgen", "Bild | 20 % aufs erste Paket"),
                ("DE",),
            ),
        ),
    ),
    CampaignDraft(
        "Warenkorb | Retargeting",
        RETARGETING,
        5_000,
        budget="adset",
        adsets=(
            AdSetDraft(
                "Warenkorb 14 Tage",
                100,
                _ads("Katalog | Noch im Korb", "Bild | Versandfrei ab 39 €"),
                ("DE", "AT", "CH"),
            ),
        ),
    ),
    CampaignDraft(
        "Büro-Kaffee | Anfragen",
        LEADS,
        8_000,
        life=Life(launch=180),
        adsets=(
            AdSetDraft(
                "Büroleitung | 10-200 Personen",
                100,
                _ads("Video 30s | Rösterei zu Gast", "Bild | Probierpaket fürs Team"),
                ("DE",),
            ),
        ),
    ),
    CampaignDraft(
        "Magazin | Rezepte",
        TRAFFIC,
        3_000,
        life=Life(turns=((700, "PAUSED"),)),
        adsets=(AdSetDraft("Interesse | Filterkaffee", 100, _ads("Artikel | Cold Brew"), ("DE",)),),
    ),
)
"""Small beside Defang Labs: 4 campaigns, 5 ad sets, 9 ads."""
