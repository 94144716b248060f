"""What the documents promise is there."""

import re

import pytest
from django.core.management import get_commands

from winebox.environment import BASE_DIR

DOCUMENTS = (
    "README.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    *(f"docs/{path.name}" for path in (BASE_DIR / "docs").glob("*.md")),
)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("document", sorted(DOCUMENTS))
def test_every_link_to_a_file_leads_to_one(document: str) -> None:
    folder = (BASE_DIR / document).parent
    targets = LINK.findall((BASE_DIR / document).read_text())

    assert [target for target in targets if not (folder / target).exists()] == []


def test_every_proof_that_the_security_document_names_exists() -> None:
    named = re.findall(r"`(tests/[^`:]+)(?:::\w+)?`", (BASE_DIR / "SECURITY.md").read_text())

    assert named
    assert [path for path in named if not (BASE_DIR / path).exists()] == []


def test_every_command_that_the_documents_name_exists() -> None:
    text = (BASE_DIR / "docs/installing.md").read_text()
    rows = re.findall(r"^\| (`[^|]+) \|", text.replace("\\|", ""), re.MULTILINE)
    named = {word for row in rows for word in re.findall(r"`([a-z_]+)(?=[` ])", row)}

    assert named - set(get_commands()) == set()
