"""What every test stands on: databases as the portal has them, and, for those who ask, a world of their own.

- A test that asks for the database (`@pytest.mark.django_db` or the fixture `db`) gets both databases in a transaction
  that is rolled back. It connects as lltp_app.
- `own_databases`: fresh databases for a test that needs real commits, threads or DDL seen by others.
- `own_world`: those, and a broker, keys and real processes of its own (tests/worlds.py).
"""

import math
import re

import pytest
from django.test import override_settings

from tests import databases

# Begun first: whichever came last would keep one process busy for a minute while the other has nothing left to do.
LONGEST = {"test_script_server.py", "test_what_pages_offer.py"}
FLUSHING = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}


def pytest_configure(config: pytest.Config) -> None:
    if missing := databases.missing_addresses():
        raise pytest.UsageError(f"{', '.join(missing)} not set: the suite is run by script/test [pytest's arguments].")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Both databases for whoever asks for one; real processes are marked as such; the longest files come first."""
    items.sort(key=lambda item: item.path.name not in LONGEST)
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        marker = item.get_closest_marker("django_db")
        if marker or "db" in fixtures:
            args, kwargs = (marker.args, marker.kwargs) if marker else ((), {})
            _refuse_flushes(item, fixtures, args, kwargs)
            item.add_marker(pytest.mark.django_db(*args, **{"databases": "__all__", **kwargs}), append=False)
        if "own_world" in fixtures:
            item.add_marker(pytest.mark.processes)


def _refuse_flushes(item: pytest.Item, fixtures: set[str], args: tuple, kwargs: dict) -> None:
    """A flush is TRUNCATE, which the application's role may not, and which no test may do to a shared database."""
    if args or kwargs.get("transaction") or kwargs.get("reset_sequences") or fixtures & FLUSHING:
        raise pytest.UsageError(f"{item.nodeid} wants commits: use the fixture own_databases (or own_world) instead.")
    if fixtures & {"own_databases", "own_world"}:
        raise pytest.UsageError(f"{item.nodeid} has databases of its own: do not ask for django_db or db as well.")


@pytest.fixture(scope="session")
def template_databases(django_test_environment) -> databases.Pair:
    databases.drop_leftovers()
    return databases.template()


@pytest.fixture(scope="session")
def django_db_setup(request, template_databases, django_db_blocker):
    """pytest-django's own would make databases as the application's role, which may not."""
    worker = getattr(request.config, "workerinput", {"workerid": "main"})["workerid"]
    pair = databases.clone(template_databases, worker)
    # Nobody is drawn for a second person by chance: tests of that say so themselves.
    # What a page costs in queries is counted: whether the law has new rows is not asked in the middle of that.
    with databases.used_here(pair), override_settings(LAW_REREAD_SECONDS=math.inf, TWO_PEOPLE_PERCENT=0):
        with django_db_blocker.unblock():
            from requests import policy

            policy.regime_codes()
        # From here on only who asks for a database gets one: what a test writes without asking would stay.
        yield
    databases.drop_pair(pair)


@pytest.fixture
def own_databases(django_db_setup, template_databases, django_db_blocker):
    """A fresh pair with reference data, committed to freely, dropped afterwards. Yields alias -> database name."""
    pair = databases.clone(template_databases, "own")
    try:
        with django_db_blocker.unblock(), databases.used_here(pair):
            yield pair
    finally:
        databases.drop_pair(pair)


@pytest.fixture
def own_world(request, own_databases):
    """Databases, broker, keys and processes of this test's own; see tests.worlds.World."""
    from tests import worlds

    world = worlds.World(re.sub(r"\W+", "_", request.node.name), own_databases)
    rung_before = worlds.ring_at(world.redis_url)
    request.node.own_world = world
    try:
        yield world
    finally:
        world.end(keep=getattr(request.node, "failed_call", False))
        worlds.ring_at(rung_before)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """A failed test of real processes shows what they wrote."""
    report = yield
    world = getattr(item, "own_world", None)
    if world and report.failed and call.when == "call":
        item.failed_call = True
        report.sections += [(f"end of {name}.log", text) for name, text in world.logs_for_report()]
        report.sections.append(("this world's folder", str(world.home.path)))
    return report
