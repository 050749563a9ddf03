"""A clerk at the desk over HTTP: open the page, press a button as the page has it now, or as an older page had it."""

from django.urls import reverse

from requests.models import CertificateRequest
from tests import factories
from tests.records_people import person

NO_RECORD = "Không có án tích"
NOBODY = "Không tìm thấy hồ sơ nào có thể trùng"
NUMBER = "001090993001"
NAME = "Nguyễn Văn Thử"


def the_same(*convictions, **changes):
    """A register's row that is the declared person: same number, same name, same birth."""
    changes = {"register_id": "R-1", "full_name": NAME, "date_of_birth": "1990-03-27", **changes}
    changes.setdefault("identity_documents", [{"type": "cccd", "number": NUMBER}])
    return person(*convictions, **{"father_name": "Nguyễn Văn Mẫu", "mother_name": "Trần Thị Ví Dụ", **changes})


def alike(register_id="R-2", **changes):
    """A row with the same name and birth and no number: a person has to say."""
    return the_same(register_id=register_id, identity_documents=[], father_name=None, mother_name=None, **changes)


def reviewing(office, **start):
    return factories.request_in("reviewing", office=office, rows={"number": NUMBER}, **start)


def page(certificate_request):
    return reverse("clerk_request", args=[certificate_request.code])


def act(client, certificate_request, name, *, version=None, **typed):
    fresh = now(certificate_request)
    data = {"version": fresh.step_count if version is None else version, **typed}
    return client.post(reverse("clerk_act", args=[certificate_request.code, name]), data)


def now(certificate_request):
    return CertificateRequest.objects.get(pk=certificate_request.pk)


def shown(response):
    return response.context["desk"].expected.digest


def verify(client, certificate_request, **typed):
    """Press “Xác nhận, chuyển ký” on the page as it is now."""
    digest = shown(client.get(page(certificate_request)))
    return act(client, certificate_request, "verify", **{"shown": digest, **typed})


def decide(client, certificate_request, register_id, decision, ground="Ngày sinh khác", name="decide", **typed):
    desk = client.get(page(certificate_request)).context["desk"]
    return act(
        client,
        certificate_request,
        name,
        **{
            "register_id": register_id,
            "findings_digest": desk.found.answer.findings_digest,
            "decision": decision,
            "ground": ground,
            "shown_sha256": desk.found.shown_sha256,
            "shown": desk.expected.digest,
            **typed,
        },
    )
