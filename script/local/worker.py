"""script/worker: one more worker beside a running script/server."""

import os
import time

from script.local import portal, processes
from script.local.places import Home, Trouble, run_main, say


def main(arguments: list[str]) -> int:
    if arguments:
        raise Trouble("script/worker takes no arguments; LLTP_HOME=… names the data folder of the server to join.")
    home = Home.from_environment()
    known = home.remembered()
    if not processes.running(home, "server") or not known.get("web"):
        raise Trouble(f"no server is running in {home.path}. Start script/server first.")
    running = portal.Portal(home, known["addresses"], known["web"]["port"])
    name = f"worker-{os.getpid()}"
    try:
        worker = running.start("worker", name)
        running.wait_ready("worker", name)
        say(f"{name} works for {running.base_url}. Ctrl-C stops it. Log: {home.log}/{name}.log")
        while worker.poll() is None:
            time.sleep(0.5)
        return abs(worker.returncode)
    finally:
        running.stop(name)


if __name__ == "__main__":
    run_main(main)
