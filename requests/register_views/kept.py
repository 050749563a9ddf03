"""What was written on a page of the register and not recorded, because somebody else was there first.

It waits in the session for an hour (lltp_portal/typed.py): the form has the words again, without what was chosen of
people who are no longer as they were; where there is no form any more the page shows them, to be copied.
"""

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from lltp_portal import typed

# What a choice meant may have changed since: a person beside whom others stand now, a row that has another place.
CHOSEN_ANEW = {"whom", "convictions", "bans", "identity_documents", "name"}
WORDS = ("reason", "away-reason", "turned_reason")


def not_done(request: HttpRequest, words: str) -> None:
    """Say why it was not done; what was written waits for the page that is opened next."""
    typed.keep(request)
    messages.error(request, words)


def put_into(form: forms.Form, request: HttpRequest, what: str) -> bool:
    """Fill a form that nobody has sent yet with what was last written in it; whether there was anything."""
    kept = typed.kept_for(request)
    if kept is None or kept.get("what", "") != what:
        return False
    names = [name for name in form.fields if name not in CHOSEN_ANEW]
    form.initial = {name: kept[form.add_prefix(name)] for name in names if form.add_prefix(name) in kept}
    return True


def words(request: HttpRequest) -> str:
    """What was written, in one text; empty where nothing waits."""
    kept = typed.kept_for(request)
    return "\n".join(kept[name] for name in WORDS if kept.get(name)) if kept else ""
