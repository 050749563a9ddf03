"""Which law binds a request, and how long it allows: kept from the moment of receipt (docs/adr/0006)."""

from datetime import date

from django.db import models

from requests.clock import Term


class LawfulTerm(models.Model):
    """The term of one request. `law_day` is written once, by the step of receipt (a trigger): whatever LLTP_REGIME says
    later, the regime of that day goes on holding (Nghị định 216/2026/NĐ-CP, Điều 28).
    """

    law_day = models.DateField("ngày áp dụng quy định", null=True)
    deadline_class = models.CharField("loại thời hạn", max_length=10, blank=True)
    deadline_amount = models.PositiveSmallIntegerField("thời hạn", null=True)
    deadline_unit = models.CharField("đơn vị thời hạn", max_length=12, blank=True)
    deadline_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def deadline_term(self) -> Term | None:
        """How long the law allows, as it was when the dossier was received; None before."""
        return None if self.deadline_amount is None else Term(self.deadline_amount, self.deadline_unit)

    def keep_deadline(self, deadline) -> None:
        """Class, term and reason, and the day whose law says so (requests/law/deadlines.py: Deadline)."""
        self.law_day: date = deadline.on
        self.deadline_class, self.deadline_reason = deadline.deadline_class, deadline.reason
        self.deadline_amount, self.deadline_unit = deadline.term.amount, deadline.term.unit
