"""docker-compose.yml, Dockerfile and .env.example: what a server is made of, kept true."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("web", "worker", "signer", "beat", "setup")
REQUIRED = {"PUBLIC_BASE_URL": "https://lltp.vi-du.example", "ALLOWED_HOSTS": "lltp.vi-du.example"}


def _compose_program() -> list[str] | None:
    """The plugin, or the older program of its own, whichever answers."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) and subprocess.run([*command, "version"], capture_output=True).returncode == 0:
            return command
    return None


def _secrets(service: str) -> set[str]:
    return set(SERVICES[service].get("secrets", []))


def test_docker_compose_accepts_the_file():
    program = _compose_program()
    if program is None:
        pytest.skip("docker compose is not on this machine: the file is only read as YAML here, by the other tests")
    command = [*program, "-f", str(ROOT / "docker-compose.yml"), "config", "-q"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **REQUIRED})
    assert done.returncode == 0, done.stderr


def test_every_service_that_the_house_needs_is_there():
    assert set(SERVICES) == {*OURS, "postgres", "redis"}


def test_workers_can_be_multiplied():
    """--scale worker=N fails on a fixed name or a published port."""
    assert not {"container_name", "ports", "hostname"} & set(SERVICES["worker"])


def test_only_the_signer_is_given_the_signing_key():
    assert [name for name in SERVICES if "signing_key" in _secrets(name)] == ["signer"]
    assert [name for name in SERVICES if "SIGNING_KEY_FILE" in SERVICES[name].get("environment", {})] == ["signer"]


def test_only_the_setup_knows_the_databases_owner():
    owners = {"database_owner_url", "central_database_owner_url"}
    assert [name for name in SERVICES if owners & _secrets(name)] == ["setup"]


def test_a_server_runs_in_production_mode_with_secrets_from_files():
    for name in OURS:
        environment = SERVICES[name]["environment"]
        assert "LLTP_MODE" not in environment
        for variable, value in environment.items():
            if variable.endswith("_FILE"):
                assert Path(value).name in _secrets(name), f"{name} is told {variable}, but not given {value}"
        assert not {"SECRET_KEY", "PERSON_KEY_SECRET", "DATABASE_URL", "REDIS_URL"} & set(environment)


def test_every_secret_is_named_once_and_made_or_asked_for():
    named = set(COMPOSE["secrets"])
    used = set().union(*(_secrets(name) for name in SERVICES))
    assert used == named
    script = (ROOT / "deploy" / "make-secrets").read_text()
    assert [name for name in named if not re.search(rf"\b{name}\b", script)] == []


def test_make_secrets_makes_them_once_and_keeps_them(tmp_path):
    (tmp_path / "deploy").mkdir()
    shutil.copy2(ROOT / "deploy" / "make-secrets", tmp_path / "deploy")
    for _ in range(2):
        subprocess.run([tmp_path / "deploy" / "make-secrets"], check=True, capture_output=True)
        made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
        before = locals().get("before", made)
        assert made == before
    assert len(made["secret_key"]) >= 50
    assert made["lltp_app_password"] in made["database_url"]
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0


def test_each_process_has_its_role_and_its_queue():
    for name, role in (("web", "web"), ("worker", "worker"), ("signer", "signer"), ("beat", "beat")):
        assert SERVICES[name]["environment"]["LLTP_ROLE"] == role
    assert "-Q celery " in SERVICES["worker"]["command"]
    assert "-Q signing " in SERVICES["signer"]["command"]


def test_the_image_runs_as_an_ordinary_user_and_copies_every_app():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER 10001" in lines
    copied = {line.split()[1] for line in lines if line.startswith("COPY ") and "--from" not in line}
    apps = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert apps <= copied
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied - {"pyproject.toml"} <= allowed


def test_env_example_names_every_variable_that_the_settings_read():
    source = (ROOT / "lltp_portal" / "settings.py").read_text()
    read = set(re.findall(r'env\.(?:text|secret|number|words|database)\(\s*f?"([A-Z_]+)', source))
    read = {name for name in read if name not in {"DATABASE", "CENTRAL_DATABASE"}}
    read |= {f"{name}{suffix}" for name in ("DATABASE", "CENTRAL_DATABASE") for suffix in ("_URL", "_OWNER_URL")}
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = [line.split("=")[0] for line in lines if re.match(r"[A-Z_]+=", line)]
    assert read <= set(named)
    assert len(named) == len(set(named))
    for number, line in enumerate(lines):
        if re.match(r"[A-Z_]+=", line):
            assert lines[number - 1].startswith("# "), f"{line} has no comment"
