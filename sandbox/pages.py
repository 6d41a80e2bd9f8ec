"""The pages that a person sees on a simulated platform: consent, sign-in, and what went wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse

_STYLE = """
:root { color-scheme: light dark; --ground: #eef1f5; --card: #ffffff; --text: #1a2029;
  --quiet: #4a5565; --line: #cfd6df; --strong: #1d4ed8; --on-strong: #ffffff;
  --mark: #fff0c2; --on-mark: #5b4300; }
@media (prefers-color-scheme: dark) { :root { --ground: #0f1319; --card: #1a202a;
  --text: #eef1f5; --quiet: #b3bdca; --line: #3a4453; --strong: #93b6ff; --on-strong: #0b1424;
  --mark: #3d3111; --on-mark: #ffdc80; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px 16px;
  grid-template-columns: minmax(0, 1fr);
  background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 460px; padding: 32px; border: 1px solid var(--line);
  border-radius: 16px; background: var(--card); }
h1 { margin: 16px 0 8px; font-size: 24px; line-height: 1.25; text-wrap: balance; }
h2 { margin: 28px 0 8px; font-size: 17px; }
p { margin: 0 0 16px; } .quiet { color: var(--quiet); }
.mark { display: inline-block; margin: 0; padding: 2px 12px; border-radius: 999px;
  background: var(--mark); color: var(--on-mark); font-size: 14px; font-weight: 600; }
ul { margin: 0 0 20px; padding-left: 20px; } li { margin: 6px 0; overflow-wrap: anywhere; }
.row { display: flex; flex-wrap: wrap; gap: 12px; }
button { flex: 1 1 140px; min-height: 44px; padding: 8px 20px; border-radius: 10px;
  border: 1px solid var(--strong); background: transparent; color: var(--strong);
  font: inherit; font-weight: 600; cursor: pointer; }
button.strong { background: var(--strong); color: var(--on-strong); }
button:focus-visible, input:focus-visible { outline: 3px solid var(--strong);
  outline-offset: 2px; }
label { display: block; margin: 0 0 12px; font-weight: 600; }
input { display: block; width: 100%; min-height: 44px; margin-top: 4px; padding: 8px 12px;
  border: 1px solid var(--quiet); border-radius: 10px; background: transparent;
  color: inherit; font: inherit; }
.people { display: grid; gap: 8px; } .people button { text-align: left; }
.people span { display: block; font-weight: 400; overflow-wrap: anywhere; }
"""


@dataclass(frozen=True, slots=True)
class Consent:
    """What a consent page says."""

    title: str
    platform: str
    person: str
    allows: tuple[str, ...]  # what the client may do after, a sentence each
    redirect_uri: str


def consent_page(consent: Consent) -> HTMLResponse:
    """Two buttons that post a decision to the address that the page was read from."""
    rows = "".join(f"<li>{escape(each)}</li>" for each in consent.allows)
    host = escape(urlsplit(consent.redirect_uri).netloc)
    return page(
        consent.title,
        f'<p class="quiet">You are signed in to the simulated {escape(consent.platform)} as '
        f"<strong>{escape(consent.person)}</strong>.</p>"
        f"<p>metricx could then:</p><ul>{rows}</ul>"
        '<form method="post"><div class="row">'
        '<button class="strong" name="decision" value="approve">Approve</button>'
        '<button name="decision" value="refuse">Refuse</button></div></form>'
        f'<p class="quiet" style="margin:20px 0 0">Either way you go back to {host}.</p>',
    )


def error_page(why: str) -> HTMLResponse:
    """400, and nowhere to go from here."""
    return page(
        "This request cannot be answered",
        f"<p>{escape(why)}</p>"
        '<p class="quiet" style="margin:0">Go back to the app, and start again there.</p>',
        400,
    )


def page(title: str, content: str, status: int = 200) -> HTMLResponse:
    """A whole page; `content` is HTML, its texts escaped."""
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        '<p class="mark">Simulated platform</p>'
        f"<h1>{escape(title)}</h1>{content}</main></body></html>",
        status,
        headers={"Cache-Control": "no-store"},
    )


def text_field(name: str, label: str, *, kind: str = "text", autocomplete: str = "off") -> str:
    """A labelled field that must be filled in."""
    return (
        f'<label>{escape(label)}<input name="{name}" type="{kind}" required '
        f'autocomplete="{autocomplete}"></label>'
    )


def choices(name: str, options: Iterable[tuple[str, str, str]]) -> str:
    """One button each for (value, text, what is said below it)."""
    return "".join(
        f'<button name="{name}" value="{escape(value)}">{escape(text)} '
        f"<span>{escape(below)}</span></button>"
        for value, text, below in options
    )
