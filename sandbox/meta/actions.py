"""Action lists: families of overlapping types, each with its windows if they were asked for."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.meta.amounts import ratio, value
from sandbox.meta.insights_measures import Measures
from sandbox.shop.world import Channel, Goal

_WEB: tuple[Channel, ...] = ("web",)
_APP: tuple[Channel, ...] = ("app",)
_ONSITE: tuple[Channel, ...] = ("onsite",)
_EVERYWHERE: tuple[Channel, ...] = ("web", "app", "onsite")

# The same conversion shows up under several types: a family must never be added up.
_FAMILIES: tuple[tuple[str, Goal, tuple[Channel, ...]], ...] = (
    ("omni_purchase", "purchase", _EVERYWHERE),
    ("purchase", "purchase", _WEB),
    ("offsite_conversion.fb_pixel_purchase", "purchase", _WEB),
    ("onsite_web_purchase", "purchase", _WEB),
    ("app_custom_event.fb_mobile_purchase", "purchase", _APP),
    ("lead", "lead", _EVERYWHERE),
    ("offsite_conversion.fb_pixel_lead", "lead", _WEB),
    ("onsite_conversion.lead_grouped", "lead", _ONSITE),
    ("omni_app_install", "install", _EVERYWHERE),
    ("mobile_app_install", "install", _EVERYWHERE),
    ("app_install", "install", _EVERYWHERE),
)

# Steps before a purchase, in permille of link clicks; they happen at once, so in every window.
_ON_META: tuple[tuple[str, int], ...] = (
    ("link_click", 1000),
    ("post_engagement", 1180),
    ("page_engagement", 1200),
)
_OFF_META: tuple[tuple[str, int], ...] = (
    ("landing_page_view", 780),
    ("view_content", 560),
    ("offsite_conversion.fb_pixel_view_content", 560),
    ("add_to_cart", 92),
    ("omni_add_to_cart", 92),
    ("offsite_conversion.fb_pixel_add_to_cart", 92),
    ("initiate_checkout", 51),
    ("offsite_conversion.fb_pixel_initiate_checkout", 51),
)

Counts = Mapping[str, Mapping[str, int]]
"""For each action type, and each window, how many (or what they are worth, in micros)."""


def actions(row: Measures, windows: tuple[str, ...]) -> list[dict[str, str]]:
    """How often each action happened; without what happens off Meta in an hourly row."""
    return _listed({**_steps(row), **_tallied(row, 0)}, windows, str)


def action_values(row: Measures, windows: tuple[str, ...]) -> list[dict[str, str]]:
    """What each action type was worth, for those that are worth anything."""
    return _listed(_tallied(row, 1), windows, value)


def cost_per_action(row: Measures, windows: tuple[str, ...]) -> list[dict[str, str]]:
    """Spend for each action."""
    if not row.spend_micros:
        return []

    def cost(count: int) -> str:
        return ratio(row.spend_micros, count * 1_000_000) or "0"

    counted = {**_steps(row), **_tallied(row, 0)}
    return _listed({kind: it for kind, it in counted.items() if it.get("default")}, windows, cost)


def roas(row: Measures, windows: tuple[str, ...], action_type: str) -> list[dict[str, str]]:
    """The worth of one action type over spend."""
    if not row.spend_micros:
        return []

    def over_spend(worth: int) -> str:
        return ratio(worth, row.spend_micros) or "0"

    worth = _tallied(row, 1).get(action_type, {})
    return _listed({action_type: worth}, windows, over_spend)


def _steps(row: Measures) -> Counts:
    steps = _ON_META if row.label is not None else _ON_META + _OFF_META
    counted = dict[str, Mapping[str, int]]()
    for kind, permille in steps:
        count = row.link_clicks * permille // 1000
        counted[kind] = dict.fromkeys(("default", "1d_click", "7d_click", "28d_click"), count)
    return counted


def _tallied(row: Measures, part: int) -> Counts:
    """Part 0 is how many, part 1 what they are worth."""
    families = dict[str, dict[str, int]]()
    for kind, goal, channels in _FAMILIES:
        family = families.setdefault(kind, {})
        for (of_goal, channel, window), tally in row.tallies.items():
            if of_goal == goal and channel in channels and tally[part]:
                family[window] = family.get(window, 0) + tally[part]
    return families


def _listed(
    counts: Counts, windows: tuple[str, ...], written: Callable[[int], str]
) -> list[dict[str, Any]]:
    """`value` is the default window's; keys of windows without anything are left out."""
    entries = list[dict[str, Any]]()
    for kind, counted in counts.items():
        asked = {window: written(counted[window]) for window in windows if counted.get(window)}
        default = counted.get("default", 0)
        if default or asked:
            told = written(default) if default else "0"
            entries.append({"action_type": kind, "value": told, **asked})
    return entries
