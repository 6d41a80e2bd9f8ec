"""What a problem means and what to do, as a page for people."""

from collections.abc import Iterable
from html import escape
from http import HTTPStatus

from web.problems import Problem

STYLESHEET = """\
:root { color-scheme: light dark; --ink: #12161f; --soft: #3d4656; --muted: #5a6474;
  --canvas: #f6f7f9; --surface: #fff; --line: #e2e6ec; --accent: #3f4fd1 }
@media (prefers-color-scheme: dark) { :root { --ink: #eceff4; --soft: #c3cad5; --muted: #98a3b3;
  --canvas: #0c0f14; --surface: #14181f; --line: #252c37; --accent: #97a3ff } }
body { margin: 0; padding: 8vh 16px; background: var(--canvas); color: var(--soft);
  font: 15px/1.55 system-ui, "Segoe UI", Roboto, sans-serif }
main { max-width: 40rem; margin: auto; padding: 28px 32px; background: var(--surface);
  border: 1px solid var(--line); border-radius: 14px; overflow-wrap: anywhere }
h1 { margin: 4px 0 20px; font-size: 24px; line-height: 1.25; color: var(--ink) }
h2 { margin: 20px 0 4px; font-size: 15px; color: var(--ink) }
p { margin: 0 }
ul { margin: 0; padding: 0; list-style: none }
li { padding: 8px 0; border-top: 1px solid var(--line) }
a { color: var(--accent) }
.muted { color: var(--muted); font-size: 13px }
footer { margin-top: 28px; padding-top: 14px; border-top: 1px solid var(--line) }
"""


def problem_page(kind: type[Problem]) -> str:
    """The page that a problem's `type` leads to."""
    status = f"{kind.status} {HTTPStatus(kind.status).phrase}"
    return _page(
        kind.title,
        f"""\
<p class="muted">{escape(status)} · <code>{escape(kind.code)}</code></p>
<h1>{escape(kind.title)}</h1>
<h2>What it means</h2>
<p>{escape(kind.meaning)}</p>
<h2>What to do</h2>
<p>{escape(kind.remedy)}</p>
<footer class="muted">Each answer of this kind has a <code>trace_id</code>, by which its request
is found in the log. <a href="/problems">All problems</a> · <a href="/app/">metricx</a></footer>""",
    )


def list_page(kinds: Iterable[type[Problem]]) -> str:
    """All problems, each with its page."""
    rows = "\n".join(
        f'<li><a href="{kind.type}">{escape(kind.title)}</a> '
        f'<span class="muted">{kind.status} · <code>{escape(kind.code)}</code></span></li>'
        for kind in kinds
    )
    return _page("Problems", f"<h1>What the API may answer with</h1>\n<ul>\n{rows}\n</ul>")


def _page(title: str, body: str) -> str:
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · metricx</title>
<link rel="stylesheet" href="/problems/page.css">
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
