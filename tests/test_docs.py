"""docs/ says what the code does: drawn parts are drawn again and compared, lists are compared name by name."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import global_settings
from rest_framework.exceptions import APIException

from lltp_portal.errors import PortalError
from script.local import draw_docs

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
APPS = ("lltp_portal", "requests", "records", "certificates", "dashboards")
OTHERS = (
    "ACCOUNT_",
    "ALLAUTH_",
    "CELERY_",
    "WHITENOISE_",
    "SPECTACULAR_",
    "REST_FRAMEWORK",
    "CONTENT_SECURITY_POLICY",
    "BASE_DIR",
    "ROOT_URLCONF",
)
# The REST framework's own refusals that can reach a client of ours, beside our own subclasses.
FRAMEWORK_CODES = {
    "authentication_failed",
    "method_not_allowed",
    "not_acceptable",
    "not_authenticated",
    "not_found",
    "parse_error",
    "permission_denied",
    "throttled",
    "unsupported_media_type",
}


def _first_cells(text: str) -> list[str]:
    """The names in the first column of a page's tables."""
    return re.findall(r"^\| `(\w+)` \|", text, re.M)


def _section(name: str, title: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]


def _load_all_modules() -> None:
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if not {"migrations", "wsgi"} & set(parts):
                import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))


def _family(base: type) -> set[type]:
    return {base}.union(*(_family(child) for child in base.__subclasses__()))


# --- Drawn ----------------------------------------------------------------------------------------------------------


DRAWN = {
    "flow.md": draw_docs.flow,
    "permissions.md": draw_docs.permissions,
    "expungement.md": draw_docs.expungement,
}


@pytest.mark.parametrize(("page", "drawn"), DRAWN.items(), ids=DRAWN)
def test_what_is_drawn_from_the_code_is_up_to_date(page, drawn):
    """Red? Run: python -m script.local.draw_docs"""
    assert (DOCS / page).read_text(encoding="utf-8") == drawn()


# --- Errors ---------------------------------------------------------------------------------------------------------


def test_every_error_of_the_portal_is_listed_with_its_status():
    _load_all_modules()
    listed = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", _section("errors.md", "Of the portal"), re.M))
    ours = {error for error in _family(PortalError) if error.__module__.split(".")[0] in APPS}
    assert {code: int(status) for code, status in listed.items()} == {error.code: error.status for error in ours}
    assert len({error.code for error in ours}) == len(ours), "two errors share a code"


def test_every_refusal_of_the_api_is_listed_with_its_status():
    _load_all_modules()
    ours = {
        error.default_code: error.status_code for error in _family(APIException) if error.__module__[:8] == "requests"
    }
    theirs = {
        error.default_code: error.status_code
        for error in _family(APIException)
        if error.__module__ == "rest_framework.exceptions" and error.default_code in FRAMEWORK_CODES
    }
    assert set(theirs) == FRAMEWORK_CODES
    theirs |= {"not_authenticated": 403, "authentication_failed": 403}  # a session has nothing to challenge with
    listed = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", _section("errors.md", "Of the API"), re.M))
    assert {code: int(status) for code, status in listed.items()} == ours | theirs


def test_every_code_of_a_field_is_listed():
    listed = set(re.findall(r"`(\w+)`", _section("errors.md", "Of fields")))
    of_rules = set(re.findall(r'Problem\(\s*"?\w+"?,\s*"(\w+)"', (ROOT / "requests/rules.py").read_text()))
    of_rules |= set(re.findall(r'Problem\(\s*"\w+",\s*"(\w+)"', (ROOT / "requests/completeness.py").read_text()))
    source = (ROOT / "requests/api/fields.py").read_text() + (ROOT / "requests/api/bodies.py").read_text()
    of_api = {node.args[0].value for node in ast.walk(ast.parse(source)) if _is_fail(node)}
    of_api |= {detail for detail in re.findall(r'ErrorDetail\([^)]*"(\w+)"\)', source)}
    assert of_rules and of_api and of_rules | of_api <= listed


def _is_fail(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "fail"


# --- Settings -------------------------------------------------------------------------------------------------------


def _settings_tree() -> ast.Module:
    return ast.parse((ROOT / "lltp_portal/settings.py").read_text(encoding="utf-8"))


def _from_environment() -> set[str]:
    """Names that settings.py asks env.py for; the two databases' names are put together there."""
    found = set()
    for node in ast.walk(_settings_tree()):
        if isinstance(node, ast.Call) and getattr(getattr(node.func, "value", None), "id", "") == "env":
            name = node.args[0]
            if isinstance(name, ast.Constant):
                found.add(name.value)
            else:
                found |= {
                    ast.unparse(name).strip("f'").replace("{_suffix}", suffix) for suffix in ("_URL", "_OWNER_URL")
                }
    return found


def test_every_variable_of_the_environment_is_explained_here_and_in_the_example():
    listed = _first_cells(_section("settings.md", "From the environment"))
    assert listed == sorted(listed) and set(listed) == _from_environment()
    example = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.M))
    assert set(listed) <= example


def test_every_setting_of_our_own_is_explained():
    assigned = {
        target.id
        for node in _settings_tree().body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper() and not target.id.startswith("_")
    }
    own = {name for name in assigned if not hasattr(global_settings, name) and not name.startswith(OTHERS)}
    listed = _first_cells(_section("settings.md", "Fixed in the code"))
    assert listed == sorted(listed) and set(listed) == own - _from_environment()
