import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = ["psdelivery", "engagements", "scheduling", "training", "closeout"]
VAGUE = {"utils", "helpers", "common", "misc", "base"}
INLINE = re.compile(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=\"")

pytestmark = pytest.mark.unit


def _python(*folders):
    return [
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    ]


@cache
def _functions():
    return [
        (f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - node.lineno + 1)
        for path in _python(*PLACES)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _longer_than(limit, paths):
    lengths = {path: len(path.read_text().splitlines()) for path in paths}
    return {str(p.relative_to(ROOT)): n for p, n in lengths.items() if n > limit}


# One walk over all functions serves both.
@pytest.mark.xdist_group("functions")
def test_no_function_is_longer_than_45_lines():
    assert {n: size for n, size in _functions() if size > 45} == {}


@pytest.mark.xdist_group("functions")
def test_at_most_4_in_100_functions_are_longer_than_30_lines():
    sizes = [size for _, size in _functions()]

    assert sum(size > 30 for size in sizes) <= 0.04 * len(sizes)


def test_no_module_is_longer_than_400_lines_and_no_test_than_500():
    assert _longer_than(400, _python(*PLACES)) == {}
    assert _longer_than(500, _python("tests")) == {}


def test_no_template_is_longer_than_150_lines():
    assert _longer_than(150, (ROOT / "templates").rglob("*.html")) == {}


def test_no_module_has_a_name_that_says_nothing():
    vague = [p for p in _python(*PLACES) if p.stem in VAGUE or p.parent.name in VAGUE]

    assert vague == [ROOT / "psdelivery/settings/base.py"]


def test_no_template_holds_inline_style_or_script():
    found = {
        str(path.relative_to(ROOT)): INLINE.findall(path.read_text())
        for path in (ROOT / "templates").rglob("*.html")
    }

    assert {name: hits for name, hits in found.items() if hits} == {}


def test_only_the_clock_reads_the_clock():
    reading = re.compile(r"timezone\.now\(|datetime\.(?:now|today)\(|date\.today\(")
    found = [p for p in _python(*PLACES) if reading.search(p.read_text())]

    assert found == [ROOT / "psdelivery/clock.py"]
