"""How the page looks, on a screen in light and dark, on a phone and on paper; and its one script."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import Final

# Every pair of ink and ground has a contrast of 4.5 or more (WCAG 2.2, 1.4.3).
STYLE: Final = """
:root { color-scheme: light dark; --ground: #fff; --card: #f5f6f8; --ink: #1a1c20; --soft: #555a63;
  --line: #c3c7cf; --ok: #17652f; --broken: #b3261e; --affected: #7d4700; --unknown: #555a63; --info: #1257a6 }
@media (prefers-color-scheme: dark) { :root { --ground: #14161a; --card: #1e2127; --ink: #e8eaee;
  --soft: #aeb4bf; --line: #4a505b; --ok: #7ddc94; --broken: #ff9d95; --affected: #f4c46a;
  --unknown: #aeb4bf; --info: #8fbcff } }
* { box-sizing: border-box }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 0 auto; padding: 1rem;
  background: var(--ground); color: var(--ink); overflow-wrap: anywhere }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 } h2 { font-size: 1.1rem; margin: 0 0 .5rem }
h3 { font-size: 1rem; margin: 0 0 .25rem } p { margin: .4rem 0 } a { color: var(--info) }
header { border-left: 6px solid var(--ok); padding: .25rem 1rem; margin-bottom: 1.25rem }
header.problem { border-color: var(--broken) } header.problem h1 { color: var(--broken) }
header.inconclusive { border-color: var(--affected) } header.inconclusive h1 { color: var(--affected) }
header.healthy h1 { color: var(--ok) } .lead { font-size: 1.15rem }
.counts { list-style: none; display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; margin: .75rem 0 }
.counts li { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .75rem; font-weight: 600 }
.counts .error { color: var(--broken) } .counts .warning { color: var(--affected) }
.counts .info { color: var(--info) } .counts .unknown { color: var(--unknown) } .counts .passed { color: var(--ok) }
.card { background: var(--card); border-left: 4px solid var(--line); padding: .75rem 1rem; margin: 0 0 1.25rem }
.card.error { border-color: var(--broken) } .card.warning { border-color: var(--affected) }
.card.info { border-color: var(--info) } .card.unknown { border-color: var(--unknown) }
.child { border-left: 2px solid var(--line); padding-left: .75rem; margin: .75rem 0 }
.tag { font-size: .85rem; color: var(--soft) }
code, pre { font: .85rem/1.5 ui-monospace, monospace }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line);
  background: var(--ground); padding: .5rem; margin: .35rem 0 }
ul, ol { padding-left: 1.25rem; margin: .4rem 0 } .repair > li + li { margin-top: .75rem } summary { cursor: pointer }
button { font: inherit; font-size: .85rem; padding: .15rem .75rem; color: var(--ink);
  background: var(--ground); border: 1px solid var(--soft); border-radius: .25rem; cursor: pointer }
figure { margin: 0 } svg { display: block; width: 100%; max-width: 34rem; height: auto }
svg text { font: 12px ui-monospace, monospace; fill: var(--ink) } svg .soft { fill: var(--soft) }
svg .head { font-weight: 700 } svg .mark { font-size: 15px } svg .small { font-size: 10px } svg rect { fill: var(--ground); stroke: var(--line); stroke-width: 1.5 }
svg line, svg path { stroke: var(--line); stroke-width: 1.5; fill: none }
svg .ok { fill: var(--ok) } svg .broken { fill: var(--broken) } svg .affected { fill: var(--affected) }
svg .unknown, svg .none { fill: var(--unknown) } svg .info { fill: var(--info) }
svg rect.ok { fill: var(--ground); stroke: var(--ok) } svg line.ok { stroke: var(--ok) }
svg line.limit { stroke: var(--ink); stroke-width: 2 }
svg rect.broken { fill: var(--ground); stroke: var(--broken); stroke-width: 3 }
svg line.broken { stroke: var(--broken); stroke-width: 3; stroke-dasharray: 3 5 }
svg rect.affected { fill: var(--ground); stroke: var(--affected) } svg line.affected { stroke: var(--affected) }
svg rect.unknown, svg rect.none { fill: var(--ground); stroke-dasharray: 4 3 }
svg line.unknown, svg line.none { stroke-dasharray: 4 3 }
svg rect.bar { stroke: none } svg rect.bar.ok { fill: var(--ok) } svg rect.bar.affected { fill: var(--affected) }
.events { list-style: none; padding: 0; font-size: .9rem } .events li { margin: .2rem 0 }
.events .death b, .events .log b { color: var(--broken) }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: .15rem .4rem; vertical-align: top } th { color: var(--soft); font-weight: 600 }
th, td:not(:first-child) { white-space: nowrap; overflow-wrap: normal }
th:first-child, td:first-child { text-align: left; padding-left: 0 } tfoot td { border-top: 1px solid; font-weight: 700 }
.bill :is(td, th):last-child { width: 9rem; text-align: left }
.fill { display: inline-block; max-width: 60%; height: .7em; background: var(--info) }
@media (max-width: 40rem) { table { font-size: .85rem } .bill th:nth-child(n+3):not(:nth-child(4)),
  .bill td:nth-child(n+3):not(:nth-child(4)) { display: none } }
dl { display: grid; grid-template-columns: minmax(5rem, 9rem) 1fr; gap: .4rem 1rem; margin: 0 }
dt { font-weight: 600 } dd { margin: 0; min-width: 0 }
@media (max-width: 40rem) { dl { display: block } dd { margin-bottom: .75rem } }
footer { border-top: 1px solid var(--line); margin-top: 1.5rem }
@media screen and (min-width: 64rem) { main:has(.path) { display: grid; column-gap: 1.5rem;
  grid: auto 1fr / minmax(0, 1fr) minmax(0, 27rem); align-items: start } .path { grid-area: 1 / 2 / span 2 } }
@media print {
  :root { color-scheme: light; --ground: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #999;
    --ok: #17652f; --broken: #b3261e; --affected: #7d4700; --unknown: #444; --info: #1257a6 }
  body { max-width: none; padding: 0; font-size: 11pt } button { display: none }
  svg, pre, li { break-inside: avoid } h2, h3, summary { break-after: avoid }
  svg { max-width: 24rem } details:not(.passed)::details-content { content-visibility: visible; height: auto } }
"""

# Without it commands are selected by hand; it adds buttons, so that none is there that does nothing.
SCRIPT: Final = """
for (const block of document.querySelectorAll('pre')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Copy'
  button.setAttribute('aria-label', 'Copy this command')
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(block.textContent)
      button.textContent = 'Copied'
    } catch {
      getSelection().selectAllChildren(block)
      button.textContent = 'Selected: copy it with the keyboard'
    }
  })
  block.after(button)
}
"""

_ALLOWED = b64encode(sha256(SCRIPT.encode()).digest()).decode()
# The page loads nothing, and no other script runs in it, whatever a message holds.
HEAD: Final = (
    "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; "
    f"style-src 'unsafe-inline'; script-src 'sha256-{_ALLOWED}'\">"
    "<meta name='viewport' content='width=device-width, initial-scale=1'>"
)
