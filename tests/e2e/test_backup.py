"""A backup that is downloaded, looked at and brought back, without a script"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import labelled, sign_in
from tests.e2e.cellars import PASSWORD, PEOPLE
from tests.e2e.conftest import Open, Start
from tests.e2e.soundness import wrong_on

pytestmark = [pytest.mark.e2e, pytest.mark.once]


def test_a_cellar_comes_back_from_its_backup(start: Start, open_browser: Open, tmp_path: Path) -> None:
    cellar = start("filled")
    page = open_browser(cellar)
    page.goto("/backup/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Make a backup").click()
    archive = tmp_path / "cellar.zip"
    download.value.save_as(archive)
    page.goto("/wines/?q=krug")
    page.get_by_role("button", name="One bottle more").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()

    page.goto("/backup/restore/")
    labelled(page, "Backup").set_input_files(archive)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="Restore this backup?")).to_be_visible()
    expect(page.get_by_text(f"Owners who can sign in afterwards: {PEOPLE['owner']}")).to_be_visible()
    assert wrong_on(page) == []

    page.get_by_label("Replace everything that is here").check()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("The backup is restored.")).to_be_visible()
    sign_in(page, PEOPLE["owner"], PASSWORD)
    page.goto("/history/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/wines/?q=krug")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
