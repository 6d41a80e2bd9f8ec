"""Defang Labs, the demo's advertiser: scam protection for people and teams."""

from sandbox.shop.blueprint import AdDraft, AdSetDraft, CampaignDraft, Life
from sandbox.shop.markets import APP, LEADS, PROSPECTING, RETARGETING, TRAFFIC
from sandbox.shop.world import Trend

_STOPPED = Life(turns=((620, "PAUSED"),))
_REFUSED = Life(turns=((30, "DISAPPROVED"),))


def _ads(*names: str, **lives: Life) -> tuple[AdDraft, ...]:
    """Ads by name; a keyword `nN` gives the N-th one a life of its own."""
    return tuple(AdDraft(name, lives.get(f"n{n}", Life())) for n, name in enumerate(names, 1))


DEFANG_LABS = (
    CampaignDraft(
        "Prospecting | Defang Key | US",
        PROSPECTING,
        92_000,
        trend=Trend(180, 28, 60),
        adsets=(
            AdSetDraft(
                "Lookalike 1% | Purchasers 180d",
                42,
                _ads(
                    "Video 15s | Grandma got the call",
                    "Video 30s | Founder story",
                    "Carousel | Three keys, three colours",
                    "Static | 1 key, 0 passwords",
                    n3=_STOPPED,
                ),
            ),
            AdSetDraft(
                "Broad | 25-54",
                34,
                _ads(
                    "Video 15s | Grandma got the call",
                    "UGC | Unboxing by Mara",
                    "Static | Press quotes",
                ),
            ),
            AdSetDraft(
                "Interest | Home security",
                24,
                _ads("UGC | Unboxing by Mara", "Carousel | How phishing works"),
            ),
        ),
    ),
    CampaignDraft(
        "Advantage+ Shopping | Catalogue",
        PROSPECTING,
        64_000,
        bid_strategy="LOWEST_COST_WITH_MIN_ROAS",
        trend=Trend(320, 42, 50),
        adsets=(
            AdSetDraft(
                "Advantage+ audience | US",
                70,
                _ads(
                    "Catalogue | Best sellers",
                    "Catalogue | New arrivals",
                    "Collection | Family pack",
                ),
            ),
            AdSetDraft(
                "Advantage+ audience | CA",
                30,
                _ads("Catalogue | Best sellers", "Collection | Family pack"),
                ("CA",),
            ),
        ),
    ),
    CampaignDraft(
        "Retargeting | Cart and product viewers 14d",
        RETARGETING,
        31_000,
        budget="adset",
        trend=Trend(60, 28, 50),
        adsets=(
            AdSetDraft(
                "Added to cart 7d",
                55,
                _ads("Dynamic | You left this behind", "Static | Free shipping today"),
            ),
            AdSetDraft(
                "Viewed product 14d",
                45,
                _ads("Dynamic | Still thinking?", "UGC | Two months later review", n2=_STOPPED),
            ),
        ),
    ),
    CampaignDraft(
        "Leads | Phishing drill for teams",
        LEADS,
        38_000,
        budget="adset",
        bid_strategy="COST_CAP",
        trend=Trend(120, 28, 40),
        adsets=(
            AdSetDraft(
                "IT managers | 50-500 staff",
                60,
                _ads(
                    "Lead form | Free drill for 25 seats",
                    "Video 45s | The invoice that was not",
                    "Static | 1 in 9 clicks",
                ),
            ),
            AdSetDraft(
                "Finance leads | Lookalike 2%",
                40,
                _ads("Lead form | CFO checklist", "Landing page | Book a demo"),
            ),
        ),
    ),
    CampaignDraft(
        "App installs | Defang Scan | iOS",
        APP,
        33_000,
        trend=Trend(-120, 28, 70),
        adsets=(
            AdSetDraft(
                "iOS 17+ | Broad",
                64,
                _ads(
                    "Video 9:16 | Is this text a scam?",
                    "Playable | Spot the fake",
                    "Static | 4.8 stars",
                ),
            ),
            AdSetDraft(
                "iOS 17+ | Lookalike subscribers",
                36,
                _ads("Video 9:16 | Is this text a scam?", "Video 9:16 | Parcel text"),
            ),
        ),
    ),
    CampaignDraft(
        "App installs | Defang Scan | Android",
        APP,
        24_000,
        bid_strategy="LOWEST_COST_WITH_BID_CAP",
        trend=Trend(240, 28, 70),
        adsets=(
            AdSetDraft(
                "Android 12+ | Broad",
                66,
                _ads(
                    "Video 9:16 | Is this text a scam?",
                    "Playable | Spot the fake",
                    "Static | Editors' choice",
                    n3=_REFUSED,
                ),
            ),
            AdSetDraft(
                "Android 12+ | Latin America",
                34,
                _ads("Video 9:16 | ¿Es una estafa?", "Static | 4.7 estrellas"),
                ("MX", "CO", "CL"),
            ),
        ),
    ),
    CampaignDraft(
        "Traffic | Scam field guide",
        TRAFFIC,
        12_500,
        trend=Trend(0, 14, 80),
        adsets=(
            AdSetDraft(
                "Readers | 45-65+",
                58,
                _ads("Link | 7 scams of the season", "Link | The voice-clone call"),
            ),
            AdSetDraft(
                "Engaged with page 365d",
                42,
                _ads("Link | 7 scams of the season", "Video 60s | Ask Rosa"),
            ),
        ),
    ),
    CampaignDraft(
        "Holiday | Gift sets",
        PROSPECTING,
        48_000,
        life=Life(launch=720),
        trend=Trend(200, 28, 30),
        adsets=(
            AdSetDraft(
                "Gift givers | Broad",
                60,
                _ads(
                    "Video 15s | For the one who clicks everything",
                    "Carousel | Gift sets",
                    "Static | Ships by Dec 20",
                ),
            ),
            AdSetDraft(
                "Past purchasers", 40, _ads("Carousel | Gift sets", "Static | A spare for mum")
            ),
        ),
    ),
    CampaignDraft(
        "Back to school | Student bundle",
        PROSPECTING,
        41_000,
        budget="lifetime",
        life=Life(turns=((410, "PAUSED"),)),
        trend=Trend(-200, 28, 40),
        adsets=(
            AdSetDraft(
                "Students 18-24",
                62,
                _ads("UGC | Dorm room tour", "Static | 30% with .edu", "Video 9:16 | Group chat"),
            ),
            AdSetDraft(
                "Parents of students", 38, _ads("Static | 30% with .edu", "Video 15s | Move-in day")
            ),
        ),
    ),
    CampaignDraft(
        "Summer launch 2026",
        PROSPECTING,
        36_000,
        life=Life(turns=((150, "PAUSED"), (230, "ARCHIVED"))),
        adsets=(
            AdSetDraft(
                "Launch list lookalike",
                100,
                _ads("Video 30s | Meet the key", "Static | Launch price"),
            ),
        ),
    ),
)
"""At least 6 campaigns, 15 ad sets and 40 ads; a test counts them."""
