#!/usr/bin/env python3
"""Draws the demo's shape scenes and writes pairs.tsv (file, what it shows, what it does not).

Shapes, colours and layout are those the bundled small CLIP was trained on (see its card): on anything else its score means nothing.
Deterministic. Needs Pillow and numpy; run in this folder. A little noise gives the files the size of small web pictures.
"""
import random

import numpy as np
from PIL import Image

COLOURS = {
    "red": (220, 30, 35), "green": (30, 160, 60), "blue": (35, 80, 215), "yellow": (250, 220, 40), "orange": (250, 140, 20),
    "purple": (130, 50, 170), "pink": (250, 140, 190), "brown": (125, 75, 40), "black": (18, 18, 18), "white": (250, 250, 250),
    "gray": (130, 130, 130), "cyan": (50, 205, 215),
}
SHAPES = ["circle", "square", "triangle", "star", "pentagon", "diamond", "cross", "ring", "heart", "crescent", "arrow", "hexagon"]
COUNTS = {2: "two", 3: "three", 4: "four"}
WIDTH, HEIGHT, FINE = 400, 300, 3


def article(noun):
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def polygon(x, y, corners):
    inside = np.ones_like(x, bool)
    for i in range(corners):
        angle = (i + 0.5) * 2 * np.pi / corners
        inside &= x * np.sin(angle) + y * np.cos(angle) <= 0.9 * np.cos(np.pi / corners)
    return inside


def mask(shape, x, y):
    """Where a shape is, on coordinates -1..1 with y upwards."""
    r = np.hypot(x, y)
    if shape == "circle":
        return r < 0.88
    if shape == "square":
        return np.maximum(abs(x), abs(y)) < 0.8
    if shape in ("triangle", "pentagon", "hexagon"):
        return polygon(x, y, {"triangle": 3, "pentagon": 5, "hexagon": 6}[shape])
    if shape == "star":
        wedge = 2 * np.pi / 5
        a = np.arctan2(x, y) % wedge
        a = np.minimum(a, wedge - a)
        tip = np.array([0, 0.95])
        notch = 0.38 * np.array([np.sin(np.pi / 5), np.cos(np.pi / 5)])
        edge = notch - tip
        return edge[0] * (r * np.cos(a) - tip[1]) - edge[1] * (r * np.sin(a) - tip[0]) <= 0
    if shape == "diamond":
        return abs(x) / 0.7 + abs(y) / 0.95 < 1
    if shape == "cross":
        return ((abs(x) < 0.3) | (abs(y) < 0.3)) & (np.maximum(abs(x), abs(y)) < 0.88)
    if shape == "ring":
        return (r < 0.9) & (r > 0.58)
    if shape == "heart":
        hx, hy = x * 1.15, y * 1.15 + 0.12
        return (hx**2 + hy**2 - 0.6) ** 3 - hx**2 * hy**3 * 1.4 < 0
    if shape == "crescent":
        return (r < 0.88) & (np.hypot(x - 0.4, y) > 0.72)
    return ((abs(y) < 0.22) & (x > -0.9) & (x < 0.2)) | ((x >= 0.1) & (abs(y) < (0.9 - x) * 0.85))


def draw(background, objects, seed):
    """objects: (shape, colour, centre x, centre y, size), in shares of the shorter side, origin in the middle."""
    w, h = WIDTH * FINE, HEIGHT * FINE
    yy, xx = np.mgrid[0:h, 0:w]
    xx, yy = (xx + 0.5 - w / 2) / h, (yy + 0.5 - h / 2) / h
    picture = np.empty((h, w, 3))
    picture[:] = COLOURS[background]
    for shape, colour, cx, cy, size in objects:
        inside = mask(shape, (xx - cx) * 2 / size, -(yy - cy) * 2 / size)
        box = (abs(xx - cx) <= size / 2) & (abs(yy - cy) <= size / 2)
        picture[inside & box] = COLOURS[colour]
    small = picture.reshape(HEIGHT, FINE, WIDTH, FINE, 3).mean((1, 3))
    small += np.random.default_rng(seed).normal(0, 4, small.shape)
    return Image.fromarray(small.clip(0, 255).round().astype(np.uint8))


def scenes():
    rng = random.Random(5)
    for i in range(60):
        background = rng.choice(["white", "black", "yellow", "gray", "cyan", "pink"])
        colours = [c for c in COLOURS if c != background]
        rng.shuffle(colours)
        shape, other = rng.sample(SHAPES, 2)
        kind = ("one", "one", "count", "two")[i % 4]
        if kind == "one":
            size = rng.uniform(0.55, 0.85)
            caption = f"{article(f'{colours[0]} {shape}')} on a {background} background"
            objects = [(shape, colours[0], rng.uniform(-0.08, 0.08), rng.uniform(-0.05, 0.05), size)]
        elif kind == "count":
            k = rng.choice(list(COUNTS))
            plural = shape + ("es" if shape.endswith(("x", "ss", "ch")) or shape == "cross" else "s")
            caption = f"{COUNTS[k]} {colours[0]} {plural} on a {background} background"
            places = {2: [(-0.25, 0), (0.25, 0)], 3: [(-0.25, 0.22), (0.25, 0.22), (0, -0.24)], 4: [(-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25)]}[k]
            objects = [(shape, colours[0], x, y, 0.42) for x, y in places]
        else:
            caption = f"{article(f'{colours[0]} {shape}')} to the left of {article(f'{colours[1]} {other}')}"
            objects = [(shape, colours[0], -0.25, 0, 0.45), (other, colours[1], 0.25, 0, 0.45)]
        yield kind, caption, background, objects


def main():
    made = list(scenes())
    with open("pairs.tsv", "w", encoding="utf-8") as table:
        table.write("file\tshows\tdoes not show\n")
        for i, (kind, caption, background, objects) in enumerate(made):
            ending = "webp" if i % 10 == 7 else "png" if i % 10 == 3 else "jpg"
            name = f"{i:02d}-{kind}.{ending}"
            picture = draw(background, objects, i)
            if ending == "png":
                picture = picture.quantize(48, dither=Image.Dither.NONE)
            picture.save(name, quality=88)
            wrong = made[(i + 23) % len(made)][1]
            table.write(f"{name}\t{caption}\t{wrong}\n")


main()
