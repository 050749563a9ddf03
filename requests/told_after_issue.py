"""Whether other agencies, by what was entered after issue, say something else than what the certificate rests on.

Read by today's rules and as of the same days on both sides, as the central database's answers are
(requests/found_after_issue.py); what nobody has said yet whose it is is a doubt, and a doubt is news. Where another
certificate has taken the place of the one that was issued, it is that one which may be wrong now.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from requests import certified, inquiries
from requests.certified import Result
from requests.clock import local_day
from requests.inquiries import Asked, Standing
from requests.models import CertificateRequest


@dataclass(frozen=True)
class Told:
    """`since`: the questions about which anything was entered after issue. `before` and `now`: what would be printed
    today by what agencies had told at issue, and by what they say now. `in_force`: whose certificate that is about;
    None where nobody holds one that counts, and then it is about the one that was issued."""

    since: tuple[Asked, ...]
    in_force: CertificateRequest | None
    before: Result
    now: Result
    is_news: bool
    was_wrong_at_issue: bool

    @property
    def digest(self) -> str:
        """Names what was told and what a person made of it: more is another."""
        return inquiries.digest(
            [
                [one.inquiry.pk, one.answer and one.answer.pk, len(one.convictions), one.decision and one.decision.pk]
                for one in self.since
            ]
        )

    @property
    def undecided(self) -> list[Asked]:
        return [one for one in self.since if one.is_undecided]


def told(certificate_request: CertificateRequest, *, today: date) -> Told | None:
    """Of an issued request; None where nothing was entered since."""
    issued_at = certificate_request.issued_at
    asked = inquiries.standing(certificate_request)
    since = tuple(one for one in asked.asked if _newest(one) > issued_at)
    if not since:
        return None
    in_force = certified.in_force(certificate_request)
    about = in_force or certificate_request
    if about != certificate_request:
        asked = _with(inquiries.standing(about), since)
    paper, on = certified.certificate_of(about), local_day(about.issued_at)
    was_wrong = paper.with_agencies(asked, on) != paper.at_issue(on)
    before, now = paper.at_issue(today), paper.with_agencies(asked, today)
    return Told(since, in_force, before, now, is_news=was_wrong or before != now, was_wrong_at_issue=was_wrong)


def _with(asked: Standing, since: tuple[Asked, ...]) -> Standing:
    """What agencies told the correction, and what was told since about the same person on the request it corrects."""
    return replace(asked, asked=(*asked.asked, *since))


def _newest(one: Asked) -> datetime:
    """When the answer was entered, its last judgment, or the word on whose it is."""
    moments = [row.entered_at for row in one.convictions]
    moments += [one.answer.entered_at] if one.answer else [one.inquiry.asked_at]
    return max([*moments, one.decision.at] if one.decision else moments)
