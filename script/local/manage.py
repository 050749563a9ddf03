"""script/manage: manage.py with the databases of this home up and migrated. What this started, this stops."""

import subprocess

from script.local import prepare, services
from script.local.places import PYTHON, ROOT, Home, run_main


def main(arguments: list[str]) -> int:
    home = Home.from_environment().make()
    with services.up(home) as addresses:
        prepare.everything(home, addresses)
        env = prepare.environment(home, addresses, role="command")
        if web := home.remembered().get("web"):
            env.setdefault("PUBLIC_BASE_URL", web["url"])
        return subprocess.run([PYTHON, "manage.py", *arguments], cwd=ROOT, env=env).returncode


if __name__ == "__main__":
    run_main(main)
