"""The English of the portal: every marked string has one, and only readers who ask for it get it."""

import gettext
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lltp_portal import languages, wording

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "lltp_portal" / "locale" / "en" / "LC_MESSAGES" / "django.po"
SOURCES = ("lltp_portal", "requests", "records", "certificates", "dashboards", "templates")


def compiled(po: Path, into: Path) -> dict:
    """What msgfmt makes of a catalogue; untranslated and doubtful (fuzzy) entries are not in it."""
    mo = into / f"{po.stem}.mo"
    subprocess.run(["msgfmt", "--check-format", "-o", str(mo), str(po)], check=True, capture_output=True)
    return read(mo)


def read(mo: Path) -> dict:
    with mo.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog
    return {key: words for key, words in catalogue.items() if key}


@pytest.fixture(scope="module")
def extracted(tmp_path_factory) -> set:
    """The strings that stand marked in the code as it is now, by Django's own extraction over a copy."""
    copy = tmp_path_factory.mktemp("tree")
    for name in SOURCES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("locale", "static", "__pycache__"))
    shutil.copy(ROOT / "manage.py", copy)
    (copy / "lltp_portal" / "locale").mkdir()
    command = [sys.executable, "manage.py", "makemessages", "-l", "en", "--no-location", "-v", "0"]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    po = copy / "lltp_portal" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    subprocess.run(["msgen", "-o", str(po), str(po)], check=True, capture_output=True)
    subprocess.run(["msgattrib", "--clear-fuzzy", "-o", str(po), str(po)], check=True, capture_output=True)
    return set(compiled(po, copy))


def test_every_marked_string_has_its_english(extracted):
    assert sorted(map(str, extracted - set(read(CATALOGUE.with_suffix(".mo"))))) == []


def test_no_english_is_kept_for_a_string_that_is_gone(extracted):
    assert sorted(map(str, set(read(CATALOGUE.with_suffix(".mo"))) - extracted)) == []


def test_the_compiled_catalogue_is_the_written_one(tmp_path):
    assert read(CATALOGUE.with_suffix(".mo")) == compiled(CATALOGUE, tmp_path)


def test_the_switch_turns_the_pages_english_and_back(client):
    assert '<html lang="vi"' in client.get("/accessibility/").content.decode()
    answer = client.post("/language/", {"language": "en", "next": "/accessibility/"})
    assert answer.status_code == 302 and answer.url == "/accessibility/"
    page = client.get("/accessibility/")
    assert '<html lang="en"' in page.content.decode() and "Skip to main content" in page.content.decode()
    assert page.headers["Content-Language"] == "en"
    client.post("/language/", {"language": "vi", "next": "/accessibility/"})
    assert '<html lang="vi"' in client.get("/accessibility/").content.decode()


def test_the_switch_leads_nowhere_else(client):
    assert client.post("/language/", {"language": "en", "next": "https://evil.example/"}).url == "/"


def test_a_browser_that_says_english_is_not_taken_at_its_word(client):
    assert '<html lang="vi"' in client.get("/accessibility/", headers={"Accept-Language": "en"}).content.decode()


def test_the_office_works_in_vietnamese(client):
    client.cookies["django_language"] = "en"
    assert client.get("/staff/clerk/").headers["Content-Language"] == "vi"


def test_an_unknown_language_is_vietnamese(client):
    client.cookies["django_language"] = "../../etc"
    assert client.get("/accessibility/").headers["Content-Language"] == "vi"


def test_what_is_kept_is_worded_in_vietnamese():
    with languages.translation.override("en"):
        assert wording.due_badge(-1).words == "1 day late"
        with languages.kept_words():
            assert wording.due_badge(-1).words == "Quá hạn 1 ngày"
