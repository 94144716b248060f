"""Calls go one way, as docs/architecture.md says: who knows whom is read from the imports."""

import ast
from functools import cache
from pathlib import Path

import pytest

from winebox.environment import BASE_DIR

PACKAGES = ("accounts", "cellar", "winebox")
# Whose subject is the request itself: sessions and devices in a browser, wrong passwords, who may try how often.
KNOW_A_REQUEST = {
    f"accounts.{name}" for name in ("admin", "devices", "limits", "lockout", "middleware", "security", "sessions")
}
# Words and numbers, which know no table.
PLAIN = {f"cellar.{name}" for name in ("drinking", "folding", "money", "pairings", "sizes")}


@cache
def imports() -> dict[str, set[str]]:
    """Return, by module, what it imports, wherever in it: modules, and the names it takes from them."""
    files = [
        path for package in PACKAGES for path in (BASE_DIR / package).rglob("*.py") if "migrations" not in path.parts
    ]
    return {name_of(path): set(imported_by(path)) for path in files}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(BASE_DIR).with_suffix("").parts).removesuffix(".__init__")


def imported_by(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


def is_in(module: str, *rooms: str) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def who_knows(*rooms: str) -> set[str]:
    """Return which modules import something of these rooms."""
    return {module for module, known in imports().items() if any(is_in(name, *rooms) for name in known)}


@pytest.mark.parametrize(
    ("package", "others"), [("winebox", ["accounts", "cellar"]), ("accounts", ["cellar"]), ("cellar", ["accounts"])]
)
def test_a_package_knows_only_those_below_it(package: str, others: list[str]) -> None:
    assert [module for module in who_knows(*others) if is_in(module, package)] == []


@pytest.mark.parametrize(
    ("room", "visitors"),
    [
        ("accounts.views", ["accounts.urls"]),
        ("accounts.forms", ["accounts.views"]),
        ("cellar.views", ["cellar.urls"]),
        ("cellar.forms", ["cellar.views", "cellar.admin"]),
        ("cellar.contexts", ["cellar.views", "cellar.forms", "cellar.digest"]),
        ("cellar.exports", ["cellar.views", "cellar.forms", "cellar.management", "cellar.imports"]),
        ("cellar.demo", ["cellar.management"]),
        ("cellar.audit", ["cellar.archive", "cellar.management", "cellar.imports.switching"]),
    ],
)
def test_a_room_is_known_only_to_those_above_it(room: str, visitors: list[str]) -> None:
    knowing = who_knows(room)

    assert knowing
    assert {module for module in knowing if not is_in(module, room, *visitors)} == set()


def test_models_know_nothing_but_models_and_plain_words() -> None:
    below = {*PLAIN, "cellar.models", "accounts.models", "winebox.models"}
    known = {
        (module, name)
        for module, names in imports().items()
        if is_in(module, "accounts.models", "cellar.models", *PLAIN)
        for name in names
        if is_in(name, *PACKAGES) and name not in PACKAGES
    }

    assert len(known) > 20
    assert {pair for pair in known if not is_in(pair[1], *below)} == set()


def test_plain_words_know_no_table() -> None:
    assert {module for module in who_knows("cellar.models", "winebox.models") if is_in(module, *PLAIN)} == set()


def test_nothing_below_the_views_knows_of_a_request() -> None:
    knowing = {module for module in who_knows("django.http.HttpRequest") if is_in(module, "accounts", "cellar")}

    assert {module for module in knowing if not is_in(module, "accounts.views", "cellar.views", "cellar.admin")} == (
        KNOW_A_REQUEST
    )


def test_no_app_asks_which_engine_runs() -> None:
    texts = {module: source_of(module) for module in imports() if is_in(module, "accounts", "cellar")}

    assert ".vendor" in source_of("winebox.databases")
    assert [module for module, text in texts.items() if ".vendor" in text or "settings.ENGINE" in text] == []


def source_of(module: str) -> str:
    path = BASE_DIR.joinpath(*module.split("."))
    file = path.with_suffix(".py")
    return (file if file.is_file() else path / "__init__.py").read_text()
