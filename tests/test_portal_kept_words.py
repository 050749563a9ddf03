"""What is kept is Vietnamese: history, reasons, papers, messages, certificates, whatever language the reader chose."""

import gettext
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from requests import actions
from requests.models import Message
from requests.states import State
from tests import factories

CATALOGUE = Path(__file__).resolve().parent.parent / "lltp_portal" / "locale" / "en" / "LC_MESSAGES" / "django.mo"
ENDS = (State.DELIVERED, State.NEEDS_SUPPLEMENT, State.REFUSED, State.WITHDRAWN, State.STOPPED)
WORDS = (models.CharField, models.TextField, models.JSONField)


def english_sentences() -> set[str]:
    """What the catalogue would put into a kept text: its phrases without placeholders."""
    with CATALOGUE.open("rb") as file:
        said = gettext.GNUTranslations(file)._catalog.values()
    return {words for words in said if words and "%(" not in words and "{" not in words and words.count(" ") > 1}


def kept_texts() -> dict[str, str]:
    """Every word in every table of the portal, by table and column."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label not in {"requests", "certificates", "audit"}:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, WORDS):
                # What leaves the house says everything twice, Vietnamese first: nobody's choice of language is kept.
                rows = model.objects.in_portal() if model is Message else model.objects.all()
                values = rows.values_list(field.name, flat=True)
                found[f"{model.__name__}.{field.name}"] = "\n".join(str(value) for value in values)
    return found


@pytest.mark.django_db
def test_nothing_english_is_kept_of_what_is_done_in_english():
    with translation.override("en"):
        office = factories.make_office()
        for state in ENDS:
            factories.request_in(state, office=office, fields={"fee_category": "student", "copies": 4})
        processing = factories.request_in(State.REVIEWING, office=office)
        actions.confirm_processing(processing, by=processing.filed_by)
        answered = factories.journey(office=office)
        answered.to(State.NEEDS_SUPPLEMENT)
        actions.answer_supplement(answered.request, by=answered.request.filed_by, note="Đã bổ sung địa chỉ.")
    texts, english = kept_texts(), english_sentences()
    assert len(english) > 300 and texts["Paper.content"] and texts["RequestStep.reason"]
    assert {where: [said for said in english if said in text] for where, text in texts.items()} == {
        where: [] for where in texts
    }
