"""A page of pictures and words that opens offline in any browser: one file, nothing loaded from elsewhere."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#222}"
    "h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.5rem}p{max-width:45rem}nav a{margin-right:1rem}"
    "img{max-width:100%;height:auto;border:1px solid #ddd}table{border-collapse:collapse}"
    "td,th{padding:.3rem .8rem .3rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #ddd}"
)


@dataclass(frozen=True, eq=False)
class Section:
    """A heading with a paragraph, a table (its first row the header) and pictures as PNG bytes, each optional."""

    heading: str
    text: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    pictures: tuple[bytes, ...] = ()


def page(title: str, text: str, sections: Sequence[Section]) -> bytes:
    """The page as UTF-8. Words are escaped; pictures stand in it as data, each with its section's heading for `alt`."""
    parts = [
        "<!doctype html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>',
        f"<style>{STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(text)}</p>",
        "<nav>",
        *(f'<a href="#s{number}">{escape(each.heading)}</a>' for number, each in enumerate(sections)),
        "</nav>",
    ]
    for number, each in enumerate(sections):
        parts.append(f'<h2 id="s{number}">{escape(each.heading)}</h2>')
        parts += [f"<p>{escape(each.text)}</p>"] * bool(each.text)
        parts += _table(each.table)
        for picture in each.pictures:
            data = base64.b64encode(picture).decode()
            parts.append(f'<img alt="{escape(each.heading)}" src="data:image/png;base64,{data}">')
    return ("\n".join([*parts, "</body></html>"]) + "\n").encode()


def _table(rows: tuple[tuple[str, ...], ...]) -> list[str]:
    if not rows:
        return []
    cells = [
        "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)
        for tag, row in zip(["th"] + ["td"] * (len(rows) - 1), rows, strict=True)
    ]
    return ["<table>", *(f"<tr>{line}</tr>" for line in cells), "</table>"]
