"""Preparing photos: what is printed becomes dark on light, whatever its colours and the light on it."""

from PIL import Image, ImageChops, ImageDraw, ImageStat

from cellar.labels.reading import pictures

SIZE = (480, 640)
STROKE = (200, 300, 208, 340)


def label(ground: str, ink: str) -> Image.Image:
    """Return a label with a row of strokes, each as wide as that of a letter."""
    image = Image.new("RGB", SIZE, ground)
    pen = ImageDraw.Draw(image)
    for left in range(40, 440, 20):
        pen.rectangle((left, STROKE[1], left + 8, STROKE[3]), fill=ink)
    return image


def light_on(image: Image.Image, box: tuple[int, int, int, int]) -> float:
    scale = image.width / SIZE[0]
    left, top, right, bottom = (round(side * scale) for side in box)
    return ImageStat.Stat(image.crop((left, top, right, bottom))).mean[0]


def test_ink_of_any_colour_becomes_dark_on_light() -> None:
    for ground, ink in (("white", "black"), ("black", "gold"), ("#b04040", "#40b040"), ("#f0e0e0", "#c0a080")):
        drawn = pictures.distinct(label(ground, ink))
        assert light_on(drawn, STROKE) < 60
        assert light_on(drawn, (20, 20, 100, 100)) > 220


def test_a_shadow_over_a_label_goes() -> None:
    shadow = Image.linear_gradient("L").resize(SIZE).point(lambda value: 80 + value // 2)
    shaded = ImageChops.multiply(label("white", "black"), Image.merge("RGB", [shadow] * 3))
    levelled = pictures.levelled(shaded)
    above, below = (light_on(levelled, (40, top, 120, top + 60)) for top in (60, 520))
    assert abs(above - below) < 15
    assert light_on(levelled, STROKE) < 60
