import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = ["requirements.txt", "requirements-dev.txt"]

pytestmark = pytest.mark.unit


def _pins(name):
    text = (ROOT / name).read_text().replace("\\\n", " ")
    return {line.split("==")[0]: line for line in text.splitlines() if line.strip()}


def _version(line):
    return re.match(r"[\w.-]+==([\w.]+)", line)[1]


@pytest.mark.parametrize("name", FILES)
def test_every_package_has_one_version_and_its_hashes(name):
    for line in _pins(name).values():
        assert re.match(r"[\w.-]+==[\w.]+( |$)", line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line


@pytest.mark.parametrize("name", FILES)
def test_no_address_and_no_path_stands_in_the_file(name):
    text = (ROOT / name).read_text()

    assert re.findall(r"https?:|file:|^-|--index|--find-links|/", text, re.M) == []


def test_development_has_the_same_versions_as_production():
    production, development = _pins(FILES[0]), _pins(FILES[1])

    differing = [
        name
        for name, line in production.items()
        if name not in development or _version(line) != _version(development[name])
    ]
    assert differing == []


def test_every_input_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    inputs = project["project"]["dependencies"], project["dependency-groups"]["dev"]

    for names, file in zip(inputs, FILES, strict=True):
        wanted = {re.match(r"[\w.-]+", name)[0].lower() for name in names}
        assert wanted - set(_pins(file)) == set()
