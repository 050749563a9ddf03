"""Other agencies in tests: a switch that is on, a letter, an answer as an agency would write it."""

from datetime import timedelta

from django.utils import timezone

from requests import actions, clock
from requests.models import CertificateRequest, SourceSwitch
from tests import factories

NUMBER = "001090993101"
JUDGMENT = {
    "judgment_number": "12/2009/HS-ST",
    "court": "Tòa án nhân dân huyện Ví Dụ",
    "judgment_date": "2009-05-20",
    "effective_date": "2009-06-20",
    "offence_date": "2009-01-10",
    "offence": {
        "title": "Trộm cắp tài sản",
        "code": "BLHS1999",
        "article": 138,
        "clause": 1,
        "chapter": "XIV",
        "severity": "less_serious",
        "negligent": False,
    },
    "main_penalty": {"kind": "imprisonment", "months": 12},
    "additional_penalties": [],
    "obligations": [],
}


def switch_on(office, source, *, days_ago=30):
    """As if the administrator had pressed it some time ago."""
    at = timezone.now() - timedelta(days=days_ago)
    by = factories.make_staff("authority_administrator", authority=office.verifying_clerk.authority)
    actions.switch_source(
        by=by, source=source, asked=True, valid_from=clock.local_day(at), reason="Quyết định 12/QĐ-STP", at=at
    )
    return SourceSwitch.objects.get(source=source, authority=by.authority)


def reviewing(office, **start):
    start = {"at": timezone.now() - timedelta(days=20), "rows": {"number": NUMBER}, **start}
    return factories.request_in("reviewing", office=office, **start)


def ask(request, office, source="police", agency="Công an Mẫu", **changes):
    asked = {"source": source, "agency": agency, "question": "Đề nghị cung cấp thông tin.", **changes}
    return actions.ask_agency(request, by=office.verifying_clerk, **asked)


def answer(request, office, seq=1, outcome="none", **changes):
    at = changes.pop("at", None) or timezone.now()
    day = clock.local_day(at)
    said = {
        "outcome": outcome,
        "document_number": "15/CV",
        "document_on": day,
        "received_on": day,
        "words": "Trả lời của cơ quan.",
        **changes,
    }
    return actions.record_answer(request, seq, by=office.verifying_clerk, at=at, **said)


def decide(request, office, seq=1, same=True, convictions=0):
    return actions.decide_answer(
        request,
        seq,
        by=office.verifying_clerk,
        same_person=same,
        ground="Trùng họ tên, ngày sinh, cha mẹ.",
        convictions=convictions,
    )


def now(request):
    return CertificateRequest.objects.with_people().get(pk=request.pk)
