"""What is shipped to browsers: small, closed and readable."""

import re
from collections.abc import Iterator
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from winebox.environment import BASE_DIR

STATIC: Path = BASE_DIR / "static"
TEMPLATES: Path = BASE_DIR / "templates"
STYLES = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "emails" not in path.parts)

TEXT = ["ink", "ink-soft", "accent", "brass", "ok", "warn", "danger"]
READINESS = ["too-young", "ready", "best", "fading", "past", "unknown"]
ON_GROUND = [(text, ground) for text in TEXT + READINESS for ground in ("paper", "surface", "sunk")]
ON_TINT = [("accent", "blush"), ("ok", "ok-soft"), ("warn", "warn-soft"), ("danger", "danger-soft"), ("ink", "blush")]
MESSAGES = [("ink", f"{tone}-soft") for tone in ("ok", "warn", "danger")]
FILLED = [("on-burgundy", "burgundy"), ("on-burgundy", "burgundy-deep")]


def compressed(paths: list[Path]) -> int:
    """Return the bytes of the files as WhiteNoise keeps them for browsers."""
    return sum(len(brotli.compress(path.read_bytes())) for path in paths)


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def tokens() -> dict[str, tuple[str, str]]:
    css = (STATIC / "css/tokens.css").read_text()
    pairs = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", css)
    return {name: (light, dark) for name, light, dark in pairs}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), ON_GROUND + ON_TINT + MESSAGES + FILLED)
def test_text_stands_out_from_its_ground(text: str, ground: str, theme: int) -> None:
    assert contrast(tokens()[text][theme], tokens()[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "surface"])
def test_the_outline_of_a_field_can_be_seen(ground: str, theme: int) -> None:
    assert contrast(tokens()["edge"][theme], tokens()[ground][theme]) >= 3


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_only_the_tokens_name_a_colour(path: Path) -> None:
    css = without_comments(path.read_text())
    named = re.findall(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(|:\s*(?:white|black|red)\b", css)
    assert not named or path.name == "tokens.css"


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_every_token_that_is_used_exists(path: Path) -> None:
    defined = {name for style in STYLES for name in re.findall(r"(--[a-z0-9-]+):", style.read_text())}
    assert set(re.findall(r"var\((--[a-z0-9-]+)", path.read_text())) <= defined


def test_styles_are_at_most_10_kb_on_the_wire() -> None:
    assert compressed(STYLES) <= 10 * 1024


def test_scripts_are_at_most_25_kb_on_the_wire() -> None:
    assert compressed(SCRIPTS) <= 25 * 1024


@pytest.mark.parametrize("path", [*STYLES, STATIC / "js/app.js"], ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere(path: Path) -> None:
    assert not re.search(r"https?://|@import|url\(", path.read_text())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_has_a_style_or_a_script_of_its_own(path: Path) -> None:
    html = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|\shx-on", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)


def icons_named() -> Iterator[tuple[str, str]]:
    for path in PAGES:
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text()):
            yield path.name, name


def test_every_icon_that_is_named_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "img/icons.svg").read_text()))
    assert [(page, name) for page, name in icons_named() if name not in drawn] == []


def test_the_licence_of_what_is_not_ours_is_shipped() -> None:
    assert (STATIC / "js/vendor/htmx.LICENSE.txt").is_file()
