"""script/bench: run one of benchmarks/ on databases of its own; without a name, say which there are."""

import subprocess

from script.local import prepare, services
from script.local.places import PYTHON, ROOT, Home, Trouble, run_main, say


def main(arguments: list[str]) -> int:
    modules = {path.stem for path in ROOT.glob("benchmarks/*.py") if path.stem != "__init__"}
    there = sorted(modules | {path.parent.name for path in ROOT.glob("benchmarks/*/__main__.py")})
    if not arguments:
        say("Usage: script/bench NAME. There are: " + (", ".join(there) or "none yet (benchmarks/ is empty)."))
        return 2
    name, *rest = arguments
    if name not in there:
        raise Trouble(f"there is no benchmark {name}. There are: {', '.join(there) or 'none yet'}.")
    home = Home(Home.from_environment().path / "bench").make()
    with services.up(home, only_local=True, roomy=True) as addresses:
        prepare.everything(home, addresses)
        env = prepare.environment(home, addresses, role="command")
        env |= {"DJANGO_SETTINGS_MODULE": "lltp_portal.settings"}
        return subprocess.run([PYTHON, "-m", f"benchmarks.{name}", *rest], cwd=ROOT, env=env).returncode


if __name__ == "__main__":
    run_main(main)
