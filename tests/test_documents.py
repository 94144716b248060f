"""What the documents name is there, under that name."""

import re
from collections.abc import Iterable
from pathlib import Path
from pkgutil import resolve_name

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from winebox.environment import BASE_DIR, VARIABLES

DOCUMENTS = ["README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"]
DOCUMENTS += sorted(f"docs/{path.name}" for path in (BASE_DIR / "docs").glob("*.md"))
# What people copy, and type from, as well.
EXAMPLES = [".env.example", "deploy/winebox.env", "deploy/compose.yaml", "deploy/Dockerfile"]
EXAMPLES += sorted(f"deploy/systemd/{path.name}" for path in (BASE_DIR / "deploy" / "systemd").iterdir())
PACKAGES = ("accounts", "cellar", "winebox")
# What belongs to a longer line of code is a file where it begins with one of our folders.
TOP = ("accounts/", "bench/", "cellar/", "deploy/", "docs/", "static/", "templates/", "tests/", "winebox/")
# Loggers have names of their own.
LOGGERS = {"winebox.csp", "winebox.request", "winebox.security"}

# The folders whose files a document calls by their names alone.
ROOMS = {
    "CONTRIBUTING.md": ["cellar"],
    "docs/architecture.md": [
        *PACKAGES,
        "cellar/audit",
        "cellar/labels",
        "cellar/exports",
        "cellar/reference",
        "cellar/imports/formats",
    ],
    "docs/installing.md": ["deploy"],
    "docs/performance.md": ["templates/cellar"],
    "docs/ui.md": ["templates", "templates/partials", "templates/cellar/partials", "static/css", "static/js"],
}
# Folders and addresses that are there only when the site runs.
AT_RUN_TIME = {"data/", "security.txt"}

LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"(?!/)[\w./*-]+(?:\.(?:py|html|css|js|svg|md|conf|yaml|txt|toml|env)|/)")
SETTING = re.compile(r"\bWINEBOX_[A-Z_]*[A-Z]\b(?!_…)")
COMMAND = re.compile(r"manage\.py ([a-z_]+)([^`|&\n]*)")
DOTTED = re.compile(r"(?:python -m )?((?:accounts|bench|cellar|docs|tests|winebox)(?:\.[a-z_]+)+)(?:\(.*\)| .*)?")
TARGET = re.compile(r"\bmake(?: [A-Z]+=\S+)* ([a-z][a-z-]*)")
PAGE = re.compile(r"/(?:[\w.<>:-]+/)*(?:[\w.-]+\.txt)?(?:\?\S*)?")
MACHINES_OWN = re.compile(r"/(?:etc|opt|srv|tmp|var)\b")


def text_of(document: str) -> str:
    return (BASE_DIR / document).read_text().replace("\\|", "|")


def code_in(document: str) -> list[str]:
    """Return what is written as code: each span, and each line of a block."""
    text = text_of(document)
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    return [*SPAN.findall(BLOCK.sub("", text)), *lines]


def is_there(document: str, name: str) -> bool:
    return any(list((BASE_DIR / room).glob(name)) for room in ("", *ROOMS.get(document, [])))


def our_commands() -> set[str]:
    return {name for name, app in get_commands().items() if str(app) in PACKAGES}


def options_of(command: str) -> set[str]:
    loaded = load_command_class(get_commands()[command], command)
    parser = loaded.create_parser("manage.py", command)
    return {option for action in parser._actions for option in action.option_strings}


def calls_in(document: str) -> Iterable[tuple[str, set[str]]]:
    """Yield every command that a document calls, with the options it gives it."""
    for name, rest in COMMAND.findall(text_of(document)):
        yield name, set(re.findall(r"--[a-z-]+", rest.partition("#")[0]))


def files_in(document: str) -> set[str]:
    spans = code_in(document)
    words = [word for code in spans for word in code.split() if word.startswith(TOP)]
    named = {name.partition("::")[0] for name in [*spans, *words]} - AT_RUN_TIME
    return {name for name in named if FILE.fullmatch(name)}


def pages_in(document: str) -> set[str]:
    return {code for code in code_in(document) if PAGE.fullmatch(code) and not MACHINES_OWN.match(code)}


def test_what_the_documents_name_is_found_in_them() -> None:
    assert {"tests/attack/", "tests/e2e/soundness.py"} <= files_in("docs/security-testing.md")
    assert {"wine_head.html", "static/js/vendor/"} <= files_in("docs/ui.md")
    assert "bench.labels" in names_in("docs/labels.md")
    assert "WINEBOX_SECURITY_CONTACT" in SETTING.findall(text_of("SECURITY.md"))
    assert ("rotate_secret_key", {"--drop-fallbacks"}) in calls_in("docs/configuration.md")
    assert {"/accounts/reset/", "/setup/<str:code>/", "/health/"} <= pages_in("SECURITY.md")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_to_a_file_leads_to_one(document: str) -> None:
    folder = (BASE_DIR / document).parent
    targets = LINK.findall(text_of(document))

    assert [target for target in targets if not (folder / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_names_exists(document: str) -> None:
    assert [name for name in files_in(document) if not is_there(document, name)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_module_and_name_in_one_exists(document: str) -> None:
    assert [name for name in names_in(document) if not can_be_imported(name)] == []


def names_in(document: str) -> set[str]:
    found = {match[1] for code in code_in(document) if (match := DOTTED.fullmatch(code)) and not FILE.fullmatch(code)}
    return found - LOGGERS


def can_be_imported(name: str) -> bool:
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


@pytest.mark.parametrize("document", [*DOCUMENTS, *EXAMPLES])
def test_every_setting_that_a_document_names_exists(document: str) -> None:
    known = {variable.full_name for variable in VARIABLES}
    known |= {variable.file_name for variable in VARIABLES if variable.secret}

    assert set(SETTING.findall(text_of(document))) - known == set()


@pytest.mark.parametrize("document", [*DOCUMENTS, *EXAMPLES])
def test_every_command_that_a_document_calls_exists_and_knows_its_options(document: str) -> None:
    calls = list(calls_in(document))

    assert {name for name, _options in calls} - set(get_commands()) == set()
    assert [(name, options) for name, options in calls if not options <= options_of(name)] == []


def test_the_table_of_commands_has_every_command_with_options_it_knows() -> None:
    table = text_of("docs/installing.md").partition("## Commands")[2]
    spans = [span for row in re.findall(r"^\| (`.+?) \| ", table, re.MULTILINE) for span in SPAN.findall(row)]
    calls = [(span.partition(" ")[0], set(re.findall(r"--[a-z-]+", span))) for span in spans]
    # Of the words in the first column, the head of the table and `EMAIL` are no commands.
    named = {name: options for name, options in calls if re.fullmatch("[a-z_]+", name)}

    assert set(named) == our_commands()
    assert [name for name, options in named.items() if not options <= options_of(name)] == []


def test_every_target_of_make_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    named = {target for document in DOCUMENTS for code in code_in(document) for target in TARGET.findall(code)}

    assert {"run", "demo", "test", "bench"} <= named
    assert named - targets == set()


# The bad site that scanners were shown first has pages of its own.
@pytest.mark.parametrize("document", sorted({*DOCUMENTS} - {"docs/security-testing.md"}))
def test_every_page_that_a_document_names_exists(document: str) -> None:
    assert [page for page in pages_in(document) if not leads_somewhere(page)] == []


def leads_somewhere(page: str) -> bool:
    """Return whether an address is one of ours; static files have theirs from the server, before the site."""
    path = page.partition("?")[0]
    if path == "/static/" or path[1:] in routes(get_resolver().url_patterns):
        return True
    try:
        return bool(resolve(path))
    except Resolver404:
        return False


def routes(patterns: Iterable[URLPattern | URLResolver]) -> set[str]:
    found = set()
    for pattern in patterns:
        found |= routes(pattern.url_patterns) if isinstance(pattern, URLResolver) else {str(pattern.pattern)}
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_every_room_of_the_house_is_in_its_plan(package: str) -> None:
    plan = text_of("docs/architecture.md")
    rooms = [path for path in (BASE_DIR / package).iterdir() if is_room(path)]

    assert len(rooms) > 10
    assert sorted(path.name for path in rooms if not is_named(plan, path)) == []


def is_room(path: Path) -> bool:
    # What Django looks for under these names explains itself.
    of_django = {"admin", "apps", "urls", "migrations", "management", "templatetags", "locale"}
    is_code = path.suffix == ".py" or any(path.glob("*.py"))
    return is_code and path.stem not in of_django and not path.name.startswith("_")


def is_named(plan: str, path: Path) -> bool:
    name = path.name if path.suffix else f"{path.name}/"
    return re.search(rf"`(?:{path.parent.name}/)?{re.escape(name)}", plan) is not None
