import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# From the top of the house to the bottom: a place imports only from those above it.
ORDER = [
    "psdelivery.clock",
    "psdelivery.calendars",
    "psdelivery.registry",
    "psdelivery.people",
    "psdelivery.history",
    "psdelivery.operations",
    "psdelivery.documents",
    "psdelivery.jobs",
    "psdelivery.livetext",
    "psdelivery.outbox",
    "psdelivery.comments",
    "psdelivery.playbooks",
    "engagements",
    "engagements.execution",
    "scheduling",
    "training",
    "closeout",
    "psdelivery.dashboards",
]
# Stands beside the order: every place may ask it, and it asks for nothing but this.
ACCESS = "psdelivery.access"
ACCESS_IMPORTS = {"psdelivery.people.choices"}
OURS = {name.split(".")[0] for name in ORDER}

pytestmark = pytest.mark.unit


def _place(module):
    found = [place for place in ORDER if f"{module}.".startswith(f"{place}.")]
    # A place within a place stands for itself.
    return max(found, key=len, default=None)


def _module(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _sources(place):
    folder = ROOT / place.replace(".", "/")
    if not folder.is_dir():
        return [folder.with_suffix(".py")]
    found = [path for path in folder.rglob("*.py") if "migrations" not in path.parts]
    return [path for path in found if _place(_module(path)) == place]


def _is_for_types_only(node):
    # Never carried out, so as harmless as a foreign key written as a string.
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _nodes(node):
    yield node
    if not _is_for_types_only(node):
        for child in ast.iter_child_nodes(node):
            yield from _nodes(child)


def _imports(source):
    for node in _nodes(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _is_back_edge(importer, imported):
    if imported.split(".")[0] not in OURS or f"{imported}.".startswith(f"{ACCESS}."):
        return False
    target = _place(imported)
    return target is None or ORDER.index(target) > ORDER.index(_place(importer))


def _back_edges(module, source):
    return [name for name in _imports(source) if _is_back_edge(module, name)]


@pytest.mark.parametrize("place", ORDER)
def test_a_place_imports_only_from_places_above_its_own(place):
    found = {
        _module(path): _back_edges(_module(path), path.read_text())
        for path in _sources(place)
    }

    assert {module: edges for module, edges in found.items() if edges} == {}


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("psdelivery.outbox.services", "from engagements.models import Engagement"),
        ("psdelivery.outbox.services", "from psdelivery import playbooks"),
        ("psdelivery.clock", "import psdelivery.people.models"),
        ("engagements.views", "def f():\n    from training import queries"),
        ("training.models", "from psdelivery.urls import urlpatterns"),
    ],
)
def test_a_back_edge_is_found(module, line):
    assert _back_edges(module, line)


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("training.services", "from psdelivery.playbooks.services import set_anchor"),
        ("training.services", "from training.models import Delivery"),
        ("psdelivery.people.views", "from psdelivery.access import Action"),
        ("engagements.rules", "from datetime import date"),
        ("psdelivery.outbox.drafts", "if TYPE_CHECKING:\n    import engagements"),
    ],
)
def test_an_import_from_above_is_no_back_edge(module, line):
    assert _back_edges(module, line) == []


def test_relative_imports_are_not_used():
    relative = re.compile(r"^\s*from \.", re.MULTILINE)
    sources = [path for place in ORDER for path in _sources(place)]

    assert [path for path in sources if relative.search(path.read_text())] == []


def test_access_imports_only_the_choices_of_people():
    files = (ROOT / "psdelivery/access").glob("*.py")
    names = {name for path in files for name in _imports(path.read_text())}

    ours = {n for n in names if n.split(".")[0] in OURS and not n.startswith(ACCESS)}

    assert {name.rpartition(".")[0] for name in ours} <= ACCESS_IMPORTS


def test_the_order_is_the_one_of_the_architecture_page():
    page = (ROOT / "docs/architecture.md").read_text()
    rows = re.findall(r"^\| (\d+) \| (.+?) \|", page, flags=re.MULTILINE)
    names = [name for _, places in rows for name in re.findall(r"`([\w/.]+)`", places)]

    assert [int(number) for number, _ in rows] == list(range(1, 11))
    assert [n.removesuffix(".py").strip("/").replace("/", ".") for n in names] == ORDER


def test_every_app_of_ours_has_a_place():
    from psdelivery.settings.base import INSTALLED_APPS

    ours = [name for name in INSTALLED_APPS if name.split(".")[0] in OURS]

    assert ours == [name for name in ORDER if name in INSTALLED_APPS]
    assert [name for name in ours if _place(name) is None] == []
