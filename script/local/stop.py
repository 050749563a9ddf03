"""script/stop: end what runs in one LLTP_HOME, found by pid file and checked to be ours."""

from script.local import portal, postgres, processes, valkey
from script.local.places import Home, Trouble, run_main, say


def main(arguments: list[str]) -> int:
    if arguments:
        raise Trouble("script/stop takes no arguments; LLTP_HOME=… names the data folder.")
    home = Home.from_environment()
    ended = everything(home)
    say(f"Ended in {home.path}: {', '.join(ended)}." if ended else f"Nothing is running in {home.path}.")
    return 0


def everything(home: Home) -> list[str]:
    """The server first: it ends what it started in its own order. Then whatever is left."""
    if not home.run.exists():
        return []
    ended = ["server"] if processes.stop(home, "server", grace=60) else []
    ended += portal.stop_all(home)
    if valkey.stop(home):
        ended.append("redis")
    if home.pg.exists() and (found := postgres.find(home)):
        processes.note(home, "postgres", found[0])  # also one whose pid file was lost
        postgres.stop(home)
        ended.append("postgres")
    return ended


if __name__ == "__main__":
    run_main(main)
