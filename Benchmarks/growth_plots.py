#!/usr/bin/env python3
"""Draws the numbers that `growth` has measured: growth_plots.py NUMBERS FOLDER writes an SVG for each of what grows."""
import math
import sys

TITLES = {
    "sessions": "sessions",
    "bytes": "bytes of a session's one field",
    "fields": "fields of a session, 20 bytes each",
    "concurrency": "callers at once",
}
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 320, 56, 88, 24, 44
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #444 } .grid { stroke: #8884; stroke-width: 1 } path { fill: none; stroke-width: 2 }
.read { stroke: #1f77b4; fill: #1f77b4 } .write { stroke: #c2570c; fill: #c2570c } text.read, text.write { stroke: none } path.read, path.write { fill: none }
@media (prefers-color-scheme: dark) { text { fill: #bbb } .read { stroke: #6cb2ee; fill: #6cb2ee } .write { stroke: #f0904d; fill: #f0904d } }
"""


def short(number):
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:g}{unit}"
    return f"{number:g}"


def decades(values):
    return range(math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))) + 1)


def plot(by, points):
    places = [place for place, _, _ in points]
    values = [value for _, *pair in points for value in pair]
    columns, rows = decades(places), decades(values)

    def x(place):
        return LEFT + (math.log10(place) - columns[0]) / max(columns[-1] - columns[0], 1) * (WIDTH - LEFT - RIGHT)

    def y(value):
        return HEIGHT - BOTTOM - (math.log10(value) - rows[0]) / max(rows[-1] - rows[0], 1) * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>Microseconds of processor time by {TITLES[by]}</title><style>{STYLE}</style>",
        f'<text x="{LEFT}" y="14">CPU of one operation, us</text>',
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{TITLES[by]}</text>',
    ]
    for power in rows:
        at = y(10**power)
        parts.append(f'<path class="grid" d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{short(10.0**power)}</text>')
    for power in columns:
        at = x(10**power)
        parts.append(f'<path class="grid" d="M{at:.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
        parts.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{short(10.0**power)}</text>')
    for column, kind in ((1, "read"), (2, "write")):
        line = [(x(point[0]), y(point[column])) for point in points]
        parts.append(f'<path class="{kind}" d="M' + "L".join(f"{across:.1f} {up:.1f}" for across, up in line) + '"/>')
        for (across, up), point in zip(line, points):
            parts.append(f'<circle class="{kind}" cx="{across:.1f}" cy="{up:.1f}" r="3"><title>{short(point[0])}: {point[column]:g} us</title></circle>')
        parts.append(f'<text class="{kind}" x="{line[-1][0] + 8:.1f}" y="{line[-1][1] + 4:.1f}">{kind}, {points[-1][column]:.3g}</text>')
    return "\n".join(parts + ["</svg>", ""])


numbers, folder = sys.argv[1:]
plots = {}
for line in open(numbers):
    if not line.startswith("#"):
        by, place, read, write = line.split()
        plots.setdefault(by, []).append((int(place), float(read), float(write)))
for by, points in plots.items():
    with open(f"{folder}/{by}.svg", "w") as file:
        file.write(plot(by, points))
