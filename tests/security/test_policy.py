"""What SECURITY.md says can be looked up."""

import ast
import re

from winebox.environment import BASE_DIR

POLICY = (BASE_DIR / "SECURITY.md").read_text()
IN_FORCE = POLICY.partition("## In force")[2].partition("### Pages without a login")[0]


def functions_in(path: str) -> set[str]:
    tree = ast.parse((BASE_DIR / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_proof_is_a_test_that_exists() -> None:
    named = re.findall(r"`(tests/[^`:]+)::(test_\w+)`", POLICY)
    assert len(named) > 80
    assert [f"{path}::{name}" for path, name in named if name not in functions_in(path)] == []


def test_every_line_in_force_names_its_proof() -> None:
    lines = re.split(r"^- ", IN_FORCE, flags=re.MULTILINE)[1:]
    assert len(lines) > 35
    assert [line for line in lines if not re.search(r"`tests/[\w/]+\.py(::test_\w+)?`", line)] == []
