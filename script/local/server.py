"""script/server: the whole portal in the foreground, with its demo world, until Ctrl-C."""

import json
import os
import time

from script.local import fingerprint, portal, postgres, prepare, processes, services, valkey
from script.local.places import Home, Trouble, locked, run_main, say

LONGEST_PAUSE = 30.0


def main(arguments: list[str]) -> int:
    if arguments:
        raise Trouble("script/server takes no arguments. PORT=… fixes the web port, LLTP_HOME=… another data folder.")
    began = time.monotonic()
    home = Home.from_environment().make()
    with locked(home.run / "server.lock", wait=False) as mine:
        if not mine:
            raise Trouble(f"a server is already running in {home.path} ({_where(home)}). script/stop ends it.")
        processes.note(home, "server", os.getpid())
        try:
            with services.up(home) as addresses:
                serve(home, addresses, began)
        except KeyboardInterrupt:
            say("Stopped.")
        finally:
            processes.forget(home, "server")
    return 0


def serve(home: Home, addresses: dict[str, str], began: float) -> None:
    """Start everything, say where it is, keep it running; leaving by whatever way ends what was started."""
    end_orphans(home)
    say("Preparing the databases")
    prepare.everything(home, addresses)
    running = portal.Portal(home, addresses, web_port(home))
    try:
        start_all(running)
        seed(running)
        announce(running, time.monotonic() - began)
        keep_running(running)
    finally:
        say("\nStopping")
        running.stop_all()
        home.remember(web=None)


def end_orphans(home: Home) -> None:
    """What a server that was killed left behind. Nobody else's: this home's lock is ours."""
    if ended := portal.stop_all(home):
        say(f"Ended what a start before left behind: {', '.join(ended)}.")


def web_port(home: Home) -> int:
    """PORT where it is set, else 8000 or the next free one."""
    fixed = os.environ.get("PORT")
    if not fixed:
        return next((port for port in range(8000, 8050) if processes.port_is_free(port)), None) or processes.free_port()
    if not fixed.isdigit() or not 0 < int(fixed) < 65536:
        raise Trouble(f"PORT={fixed} is not a port number.")
    if not processes.port_is_free(int(fixed)):
        raise Trouble(f"port {fixed} is taken. End what uses it, set another PORT, or unset it.")
    return int(fixed)


def start_all(running: portal.Portal) -> None:
    for kind in portal.KINDS:
        running.start(kind)
    for kind in portal.KINDS:
        running.wait_ready(kind)
    running.home.remember(web={"url": running.base_url, "port": running.port})


def seed(running: portal.Portal) -> None:
    """The demo world: people of every role and one request in every state. Skipped where this code has made it here."""
    home, stamp = running.home, running.home.run / "demo.stamp"
    made_from = fingerprint.of_demo()
    if stamp.exists() and stamp.read_text() == made_from and _people_are_there(running):
        return
    say("Making the demo world (people, a register, a request in every state)")
    prepare.manage("seed_demo", env=running.environment("command"))
    stamp.write_text(made_from)
    (home.run / "demo.json").chmod(0o600)


def _people_are_there(running: portal.Portal) -> bool:
    """The databases may have been made anew under a stamp of old."""
    names = [person["email"] for person in people(running.home)]
    with postgres.connected(running.addresses["DATABASE_URL"]) as cursor:
        cursor.execute("SELECT count(*) FROM accounts_user WHERE email = ANY(%s)", [names])
        return bool(names) and cursor.fetchone()[0] == len(names)


def announce(running: portal.Portal, seconds: float) -> None:
    say(f"\nThe portal runs at {running.base_url} (ready after {seconds:.1f} s). Ctrl-C stops it.")
    say("Demo sign-ins:")
    for person in people(running.home):
        at_work = " · ".join(filter(None, (person["role"], person["office"])))
        say(f"  {person['email']:32} {person['password']:16} {at_work}")
    say(f"Logs: {running.home.log}")


def people(home: Home) -> list[dict[str, str]]:
    """Who may sign in, as seed_demo wrote it into run/demo.json."""
    try:
        return list(json.loads((home.run / "demo.json").read_text())["people"].values())
    except FileNotFoundError:
        return []


def keep_running(running: portal.Portal) -> None:
    """Look once a second; what died is started again, after a pause that doubles while it keeps dying."""
    pauses: dict[str, float] = {}
    due: dict[str, float] = {}
    began = dict.fromkeys(portal.KINDS, time.monotonic())
    while True:
        time.sleep(1)
        _revive_services(running)
        for kind in portal.KINDS:
            now = time.monotonic()
            if processes.running(running.home, kind):
                if now - began[kind] > 60:
                    pauses.pop(kind, None)
                continue
            if kind not in due:
                pause = pauses[kind] = min(pauses.get(kind, 0.5) * 2, LONGEST_PAUSE)
                due[kind] = now + pause
                say(f"{kind} ended; starting it again in {pause:g} s (see {running.home.log}/{kind}.log).")
            if now >= due[kind]:
                del due[kind]
                began[kind] = now
                running.start(kind)


def _revive_services(running: portal.Portal) -> None:
    """A database or broker that died comes back at its old address, else the others would look in vain."""
    home, named = running.home, services.given()
    for name, server, given in (("postgres", postgres, "DATABASE_URL"), ("redis", valkey, "REDIS_URL")):
        if given in named or processes.running(home, name):
            continue
        was = home.remembered()[name]["port"]
        say(f"{name} ended; starting it again.")
        try:
            port = server.start(home)
        except Trouble as trouble:
            say(str(trouble))
            continue
        if port != was:
            raise Trouble(
                f"{name}'s old port {was} is taken now, so the others cannot find it. Start script/server again."
            )


def _where(home: Home) -> str:
    return (home.remembered().get("web") or {}).get("url", "it is just starting")


if __name__ == "__main__":
    run_main(main)
