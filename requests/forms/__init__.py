"""What an applicant types, page by page; every error says in Vietnamese which field and what to do."""

from requests.forms.asking import AgencyForm, KindForm, WhoForm
from requests.forms.fee import FeeForm
from requests.forms.pages import ContactForm, FamilyForm, PersonForm, RecordForm
from requests.forms.places import AddressesForm
from requests.forms.rows import DocumentForm, ResidenceForm

__all__ = [
    "AddressesForm",
    "AgencyForm",
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
