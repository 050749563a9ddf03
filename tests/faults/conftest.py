"""One world of processes for all tests of a module: starting it costs more than most of what is tried in it.

script/test keeps the tests of a file together, so one module has one world.
"""

import pytest

from script.local import processes
from tests import databases, worlds


@pytest.fixture(scope="module")
def world(request, django_db_setup, template_databases, django_db_blocker):
    """Databases, broker and processes of this module's own; each test starts what it needs and leaves it running."""
    pair = databases.clone(template_databases, "faults")
    with django_db_blocker.unblock(), databases.used_here(pair):
        name = request.module.__name__.rsplit(".", 1)[1]
        module_world = worlds.World(name, pair)
        rung_before = worlds.ring_at(module_world.redis_url)
        failed_before = request.session.testsfailed
        try:
            yield module_world
        finally:
            end(module_world, keep=request.session.testsfailed > failed_before)
            worlds.ring_at(rung_before)
    databases.drop_pair(pair)


def end(module_world: worlds.World, keep: bool) -> None:
    """At once: nobody waits here for a soft shutdown, which has a test of its own."""
    names = [path.stem for path in module_world.home.run.glob("*.pid") if path.stem != "redis"]
    for name in names:
        if processes.running(module_world.home, name):
            processes.kill(module_world.home, name)
    module_world.end(keep=keep)


@pytest.fixture(autouse=True)
def logs_of_the_world(request):
    """A failed test shows what the world's processes wrote (tests/conftest.py reads `own_world`)."""
    if "world" in request.fixturenames:
        request.node.own_world = request.getfixturevalue("world")
