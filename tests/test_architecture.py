"""Rules that no reviewer should have to remember (docs/adr/, CONTRIBUTING.md)."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.urls import URLPattern, URLResolver, get_resolver

import requests
from lltp_portal.accounts.management.commands.grant_app_role import expected_rights
from requests import machine, permissions
from requests.models import CertificateRequest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("lltp_portal", "requests", "records", "certificates", "dashboards")
OUR_LABELS = {
    "accounts",
    "audit",
    "calendars",
    "records",
    "register",
    "delegation",
    "certificates",
    "requests",
    "dashboards",
}
CODE = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if not {"migrations", "__pycache__"} & {*path.parts}
)
MOST_LINES = 400
MOST_LINES_OF_TESTS = 600  # tables of cases are long and still read from top to bottom
MOST_DEPENDENCIES = 32
GRAB_BAGS = {"utils", "helpers", "services", "selectors", "signals", "common", "core", "base_models", "misc"}


def _trees():
    return [(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))) for path in CODE]


TREES = _trees()


def _calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]


# --- The name `requests`, and what is installed -------------------------------------------------------------------


def test_the_http_library_of_our_apps_name_is_neither_locked_nor_installed():
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    assert "requests" not in {package["name"] for package in lock["package"]}
    installed = {(distribution.metadata["Name"] or "").lower() for distribution in importlib.metadata.distributions()}
    assert "requests" not in installed
    assert Path(requests.__file__).resolve().is_relative_to(ROOT)


def test_runtime_dependencies_are_few_and_each_says_why():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    names = tomllib.loads(text)["project"]["dependencies"]
    assert len(names) <= MOST_DEPENDENCIES
    lines = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.M | re.S)[1].splitlines()
    silent = [line.strip() for line in lines if not re.fullmatch(r'"[^"]+",\s+# \S.{10,}', line.strip())]
    assert len(lines) == len(names) and silent == []


# --- Files and names ------------------------------------------------------------------------------------------------


def _longer_than(limit, files):
    return [path.name for path in files if len(path.read_text(encoding="utf-8").splitlines()) > limit]


def test_no_file_is_longer_than_a_person_reads():
    assert _longer_than(MOST_LINES, [*CODE, *(ROOT / "script").rglob("*.py")]) == []
    assert _longer_than(MOST_LINES_OF_TESTS, (ROOT / "tests").rglob("*.py")) == []


def test_no_module_is_a_grab_bag():
    named = [path.relative_to(ROOT) for path in CODE if {path.stem, path.parent.name} & GRAB_BAGS]
    assert named == []


def test_no_test_folder_has_the_name_of_an_app():
    assert {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()} & set(APPS) == set()


def test_imports_point_down():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


# --- How rows are read and changed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["refresh_from_db", "only", "defer"])
def test_no_row_is_read_by_halves_or_read_over(method):
    """django-fsm-2 unprotects the state in refresh_from_db; deferred fields call it (docs/adr/0002)."""
    found = {
        f"{name}:{call.lineno}"
        for name, tree in TREES
        for call in _calls(tree)
        if call.func.attr == method and ast.unparse(call.func.value) != "models.Model"
    }
    assert found == set()


def test_no_update_writes_a_requests_state():
    """`records` knows no request; the state that it writes is that of an import."""
    found = {
        f"{name}:{call.lineno}"
        for name, tree in TREES
        if not name.startswith("records/")
        for call in _calls(tree)
        if call.func.attr == "update" and any(keyword.arg in {"state", "step_count"} for keyword in call.keywords)
    }
    assert found == set()


def test_only_take_step_calls_a_transition():
    """A transition is handed over, `take_step(request.submit, …)`, and never called, `request.submit()`."""
    steps = set(machine.rights())
    modules = {"actions", "queries", "views"}
    found = {
        f"{name}:{call.lineno} {ast.unparse(call.func)}"
        for name, tree in TREES
        for call in _calls(tree)
        if call.func.attr in steps and ast.unparse(call.func.value).split(".")[-1] not in modules
    }
    assert found == set()


def test_take_step_is_given_a_transition_by_actions_alone():
    callers = {
        name
        for name, tree in TREES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "take_step"
    }
    assert callers and all(name.startswith("requests/actions/") for name in callers)


def test_no_model_of_ours_overrides_save_and_no_signal_is_received():
    overriding = [model for model in apps.get_models() if model._meta.app_label in OUR_LABELS and "save" in vars(model)]
    assert overriding == []
    assert not [name for name, tree in TREES if "django.db.models.signals" in ast.unparse(tree)]


# --- Who may --------------------------------------------------------------------------------------------------------

# Decision 1 of the project, written out: step → (from, to), who.
CLERKS = {"intake_clerk", "verifying_clerk"}
TABLE = {
    "submit": ({("draft", "submitted")}, {"who files"}),
    "ask_payment": ({("submitted", "awaiting_payment")}, {"SYSTEM", "intake_clerk"}),
    "record_payment": ({("awaiting_payment", "submitted")}, {"SYSTEM", "intake_clerk"}),
    "receive": ({("submitted", "received")}, {"intake_clerk"}),
    "finish_search": ({("received", "reviewing")}, {"SYSTEM"}),
    "consult": ({("reviewing", "consulting")}, {"verifying_clerk"}),
    "finish_consulting": ({("consulting", "reviewing")}, {"verifying_clerk"}),
    "ask_supplement": ({(s, "needs_supplement") for s in ("submitted", "reviewing", "consulting")}, CLERKS),
    "answer_supplement": (
        {("needs_supplement", s) for s in ("submitted", "reviewing", "consulting", "received")},
        {"who files"},
    ),
    "search_again": ({("reviewing", "received"), ("verified", "received")}, {"SYSTEM", "verifying_clerk"}),
    "verify": ({("reviewing", "verified")}, {"verifying_clerk"}),
    "return_to_clerk": ({("verified", "reviewing")}, {"approver"}),
    "approve": ({("verified", "signing")}, {"another approver"}),
    "abandon_signing": ({("signing", "verified")}, {"SYSTEM"}),
    "issue": ({("signing", "issued")}, {"SYSTEM"}),
    "deliver": ({("issued", "delivered")}, {"SYSTEM"} | CLERKS),
    "refuse": ({("submitted", "refused")}, CLERKS),
    "withdraw": (
        {
            (s, "withdrawn")
            for s in (
                "submitted",
                "awaiting_payment",
                "received",
                "reviewing",
                "consulting",
                "needs_supplement",
                "verified",
            )
        },
        {"who files"},
    ),
    "stop": (
        {(s, "stopped") for s in ("received", "reviewing", "consulting", "needs_supplement", "awaiting_payment")},
        {"SYSTEM"} | CLERKS,
    ),
}
RIGHTS = {
    permissions.system_only: {"SYSTEM"},
    permissions.who_files: {"who files"},
    permissions.intake_clerk: {"intake_clerk"},
    permissions.verifying_clerk: {"verifying_clerk"},
    permissions.any_clerk: CLERKS,
    permissions.approver: {"approver"},
    permissions.another_approver: {"another approver"},
    permissions.system_or_intake_clerk: {"SYSTEM", "intake_clerk"},
    permissions.system_or_verifying_clerk: {"SYSTEM", "verifying_clerk"},
    permissions.system_or_clerk: {"SYSTEM"} | CLERKS,
}


def _transitions():
    return list(CertificateRequest._meta.get_field("state").get_all_transitions(CertificateRequest))


def test_the_machine_has_the_steps_of_the_table_and_no_others():
    assert set(machine.triples()) == {(step, *pair) for step, (pairs, _) in TABLE.items() for pair in pairs}


def test_every_step_is_given_to_those_of_the_table():
    assert {transition.name: RIGHTS[transition.permission] for transition in _transitions()} == {
        step: who for step, (_, who) in TABLE.items()
    }


@pytest.mark.django_db
def test_the_databases_guard_knows_the_same_steps():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('public.requests_step_is_known'::regproc)")
        guard = cursor.fetchone()[0]
    assert set(re.findall(r"\('(\w+)', '(\w+)', '(\w+)'\)", guard)) == set(machine.triples())


@pytest.mark.django_db
@pytest.mark.parametrize("alias", ["default", "central"])
def test_the_applications_role_has_exactly_the_rights_it_should(alias):
    """Read from the live catalogue, inherited and public rights included."""
    rights = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT relname, array(SELECT r FROM unnest(%s) AS r WHERE has_table_privilege(%s, c.oid, r)), "
            "pg_has_role(%s, relowner, 'MEMBER') FROM pg_class AS c "
            "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')",
            [list(rights), settings.DATABASE_APP_ROLE, settings.DATABASE_APP_ROLE],
        )
        found = cursor.fetchall()
    assert found
    views = {name for name, granted, _ in found if name.startswith("pg_stat")}
    assert {name: set(granted) for name, granted, _ in found if name not in views} == {
        name: expected_rights(name) for name, _, _ in found if name not in views
    }
    assert not [name for name, _, owned in found if owned]


# --- What is open to all --------------------------------------------------------------------------------------------

# Every address that answers without a sign-in. A new one is added here on purpose, or not at all.
PUBLIC = {
    "",
    "help/",
    "privacy/",
    "accessibility/",
    "payments/confirm/",  # believed by its signature
    "complaint/",
    "healthz",
    "language/",
    "track/",
    "c/",
    "^c/(?P<typed>[^/]{1,300})/?$",
    "accounts/login/",
    "accounts/logout/",
    "accounts/signup/",
    "accounts/inactive/",
    "accounts/confirm-email/",
    "accounts/login/code/confirm/",
    "^accounts/confirm-email/(?P<key>[-:\\w]+)/$",
    "accounts/password/reset/",
    "accounts/password/reset/done/",
    "^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "accounts/password/reset/key/done/",
}
# The REST framework asks for the sign-in itself (IsAuthenticated is its default); tests/test_requests_api.py tries it.
ASKS_ITSELF = "api/v1/"
# Deployments of offices show a key of their own; tests/test_records_lookups_served.py tries it.
ASKS_FOR_A_KEY = "api/central/v1/lookups"


def _routes(patterns, before=""):
    for pattern in patterns:
        route = str(pattern.pattern)
        joined = f"^{before}{route[1:]}" if route.startswith("^") else before + route
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, joined)
        elif isinstance(pattern, URLPattern):
            yield joined, pattern.callback


def _is_public(view) -> bool:
    return not getattr(view, "login_required", True)


def test_public_addresses_are_those_of_the_table():
    routes = list(_routes(get_resolver().url_patterns))
    public = {route for route, view in routes if _is_public(view) and not route.lstrip("^").startswith(ASKS_ITSELF)}
    assert public == PUBLIC | {ASKS_FOR_A_KEY}
    assert len(routes) > len(PUBLIC)


def test_every_address_of_the_api_asks_who_is_there():
    from rest_framework.permissions import IsAuthenticated

    views = [view for route, view in _routes(get_resolver().url_patterns) if route.lstrip("^").startswith(ASKS_ITSELF)]
    assert views
    for view in views:
        permission_classes = view.initkwargs.get("permission_classes", view.cls.permission_classes)
        assert permission_classes == [IsAuthenticated]
