"""script/bench: run one of benchmarks/ on databases of its own; without a name, say which there are."""

import subprocess

from script.local import prepare, services
from script.local.places import PYTHON, ROOT, Home, Trouble, run_main, say


def main(arguments: list[str]) -> int:
    there = sorted(path.stem for path in ROOT.glob("benchmarks/*.py") if path.stem != "__init__")
    if not arguments:
        say("Usage: script/bench NAME. There are: " + (", ".join(there) or "none yet (benchmarks/ is empty)."))
        return 2
    name, *rest = arguments
    if name not in there:
        raise Trouble(f"there is no benchmarks/{name}.py. There are: {', '.join(there) or 'none yet'}.")
    home = Home(Home.from_environment().path / "bench").make()
    with services.up(home, only_local=True) as addresses:
        prepare.everything(home, addresses)
        env = prepare.environment(home, addresses, role="command")
        return subprocess.run(
            [PYTHON, f"benchmarks/{name}.py", *rest], cwd=ROOT, env={**env, "PYTHONPATH": str(ROOT)}
        ).returncode


if __name__ == "__main__":
    run_main(main)
