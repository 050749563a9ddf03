"""What an applicant types, page by page; every error says in Vietnamese which field and what to do."""

from requests.forms.fee import FeeForm
from requests.forms.pages import (
    AddressesForm,
    ContactForm,
    FamilyForm,
    KindForm,
    PersonForm,
    RecordForm,
    WhoForm,
)
from requests.forms.rows import DocumentForm, ResidenceForm

__all__ = [
    "AddressesForm",
    "ContactForm",
    "DocumentForm",
    "FamilyForm",
    "FeeForm",
    "KindForm",
    "PersonForm",
    "RecordForm",
    "ResidenceForm",
    "WhoForm",
]
