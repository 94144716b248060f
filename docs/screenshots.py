"""The pictures of the README: `make screenshots` draws them anew, from a demo cellar and the real pages."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.e2e.browsing import LAPTOP, PHONE, chromium, labelled, new_context, sign_in
from tests.e2e.cellars import PASSWORD, PEOPLE
from tests.e2e.servers import env_of, prepare
from tests.winebox.process import manage, serving
from winebox.environment import BASE_DIR

FOLDER = BASE_DIR / "docs" / "img"
MAX_BYTES = 120 * 1024
COLOURS = 256
EVENING = 19


def evening() -> str:
    """Return a time zone in which it is evening now: the same greeting whenever the pictures are made."""
    offset = (EVENING - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"


def furnish(folder: Path) -> tuple[Path, dict[str, str]]:
    """Set up a demo cellar and its people; return its folder and environment."""
    home = prepare("empty", folder)
    env = {**env_of(home), "WINEBOX_TIME_ZONE": evening()}
    done = manage("create_demo", "--wines", "180", "--bottles", "900", "--seed", "1", env=env)
    if done.returncode:
        raise SystemExit(done.stderr)
    return home, env


def the_list(page: Page) -> None:
    page.goto("/wines/?ready=now&sort=-count")


def a_wine(page: Page) -> None:
    page.goto("/wines/?stock=in&ready=best&sort=-count")
    page.locator(".wine-card a").first.click()
    page.wait_for_load_state("networkidle")


def adding(page: Page) -> None:
    page.goto("/wines/add/")
    labelled(page, "Producer").fill("Domaine Tempier")
    labelled(page, "Name").fill("Bandol La Tourtine")
    labelled(page, "Vintage").fill("2019")
    labelled(page, "Type").select_option("Red")


def first_page(page: Page) -> None:
    page.goto("/")


def fullest_rack(page: Page) -> None:
    page.goto("/locations/")
    links = page.locator("main .rows li", has_text="×").locator("a")
    urls = [link.get_attribute("href") or "" for link in links.all()]
    if not urls:
        raise SystemExit("The demo cellar has no rack.")

    def bottles(url: str) -> int:
        page.goto(url)
        return page.locator(".rack a.slot:not(.free)").count()

    page.goto(max(urls, key=bottles))


PICTURES: dict[str, tuple[Callable[[Page], None], tuple[int, int], str]] = {
    "phone_list": (the_list, PHONE, "light"),
    "phone_wine": (a_wine, PHONE, "light"),
    "phone_wine_dark": (a_wine, PHONE, "dark"),
    "phone_add": (adding, PHONE, "light"),
    "desk_home": (first_page, LAPTOP, "light"),
    "desk_list": (the_list, LAPTOP, "light"),
    "rack": (fullest_rack, LAPTOP, "light"),
}


def take(browser: Browser, origin: str, name: str) -> bytes:
    """Return a picture as the browser draws it: twice as fine on a phone, which is shown small."""
    show, size, scheme = PICTURES[name]
    scale = 2 if size == PHONE else 1
    context, watch = new_context(browser, origin, size=size, color_scheme=scheme, device_scale_factor=scale)
    page = context.new_page()
    sign_in(page, PEOPLE["owner"], PASSWORD)
    show(page)
    page.evaluate("document.activeElement.blur()")
    page.evaluate("scrollTo(0, 0)")
    picture: bytes = page.screenshot()
    context.close()
    if watch.troubles:
        raise SystemExit("\n".join(watch.troubles))
    return picture


def optimised(picture: bytes) -> bytes:
    target = BytesIO()
    image = Image.open(BytesIO(picture)).convert("RGB")
    reduced = image.quantize(COLOURS, Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
    reduced.save(target, "PNG", optimize=True)
    return target.getvalue()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        home, env = furnish(Path(temporary))
        with serving(home, env) as site, chromium() as browser:
            for name in PICTURES:
                content = optimised(take(browser, f"http://{site.address}", name))
                if len(content) > MAX_BYTES:
                    raise SystemExit(f"{name} is too large: {len(content):,} bytes.")
                (FOLDER / f"{name}.png").write_bytes(content)
                print(f"docs/img/{name}.png  {len(content) // 1024} KB")


if __name__ == "__main__":
    main()
