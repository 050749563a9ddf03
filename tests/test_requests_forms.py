"""What an applicant types: rules V1 to V10 page by page, each error naming field and remedy, nothing typed lost."""

import pytest

from requests import forms
from requests.models import Declaration
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def declaration():
    """An empty draft's declaration."""
    from requests import actions

    citizen = factories.make_citizen()
    return actions.create_draft(by=citizen, account=citizen).declaration


def words(form) -> str:
    return " ".join(message for messages in form.errors.values() for message in messages)


def person(declaration, **typed):
    return forms.PersonForm(
        {
            "full_name": "Nguyễn Văn Thử",
            "sex": "male",
            "date_of_birth_day": "27",
            "date_of_birth_month": "3",
            "date_of_birth_year": "1990",
            "place_of_birth_country": "VN",
            "place_of_birth_province": "01",
            "nationality": "VN",
            **typed,
        },
        declaration=declaration,
    )


def kind(declaration, **typed):
    return forms.KindForm({"certificate_type": "1", "purpose": "work", "copies": "1", **typed}, declaration=declaration)


def contact(declaration, **typed):
    typed = {"delivery": "electronic", **typed}
    return forms.ContactForm(typed, declaration=declaration)


def document(**typed):
    return forms.DocumentForm({"type": "cccd", "number": "001090990315", **typed})


def stay(**typed):
    return forms.ResidenceForm(
        {
            "from_month_month": "3",
            "from_month_year": "2004",
            "kind": "permanent",
            "country": "VN",
            "province": "01",
            "address": "Số 12 phố Ví Dụ",
            **typed,
        }
    )


def test_a_name_is_kept_composed_and_with_the_right_letter(declaration):
    form = person(declaration, full_name="  Ðặng  Văn\u200b Tha\u0309o ")
    assert form.is_valid()
    assert form.cleaned_data["full_name"] == "Đặng Văn Thảo"


@pytest.mark.parametrize("name", ["H'Hen Niê", "Y Moan Ênuôl", "Nguyễn Thị Lan-Anh", "J. Smith"])
def test_names_of_all_peoples_here_are_taken(declaration, name):
    assert person(declaration, full_name=name).is_valid()


@pytest.mark.parametrize(
    ("typed", "field", "remedy"),
    [
        ({"full_name": ""}, "full_name", "Nhập họ và tên như trên giấy tờ"),
        ({"full_name": "Nguyễn 9"}, "full_name", "chỉ gồm chữ cái"),
        ({"full_name": "A" * 201}, "full_name", "nhiều nhất 200 ký tự"),
        ({"other_names": "Tí\nTèo 2"}, "other_names", "Tên gọi khác: Họ và tên chỉ gồm chữ cái"),
        ({"sex": ""}, "sex", "Chọn giới tính"),
        ({"sex": "x"}, "sex", "không có trong danh sách"),
        ({"date_of_birth_year": "2100"}, "date_of_birth", "trước hôm nay"),
        ({"date_of_birth_year": "1880"}, "date_of_birth", "trên 120"),
        ({"date_of_birth_month": "2", "date_of_birth_day": "30"}, "date_of_birth", "chỉ có 28 ngày"),
        ({"place_of_birth_province": ""}, "place_of_birth_province", "Chọn tỉnh, thành phố nơi sinh"),
        ({"place_of_birth_province": "00"}, "place_of_birth_province", "không có trong danh sách"),
        ({"nationality": ""}, "nationality", "Chọn quốc tịch"),
        ({"ethnicity": "K" * 61}, "ethnicity", "nhiều nhất 60"),
    ],
)
def test_who_the_person_is(declaration, typed, field, remedy):
    form = person(declaration, **typed)
    assert remedy in " ".join(form.errors[field])
    assert form.cleaned_data.get(field) in (None, "")


def test_only_the_year_of_birth_is_enough(declaration):
    form = person(declaration, date_of_birth_day="", date_of_birth_month="", date_of_birth_year="1950")
    assert form.is_valid()
    assert form.cleaned_data["date_of_birth"] == "1950"


def test_somebody_born_abroad_names_no_province(declaration):
    assert person(declaration, place_of_birth_country="FR", place_of_birth_province="").is_valid()


def test_each_line_is_another_name(declaration):
    form = person(declaration, other_names="Tí\n\n  Thích   Minh Thử \n")
    assert form.is_valid()
    assert form.changes()[1] == {"other_names": [{"name": "Tí"}, {"name": "Thích Minh Thử"}]}


@pytest.mark.parametrize(
    ("typed", "field", "remedy"),
    [
        ({"certificate_type": "3"}, "certificate_type", "số 1 hoặc số 2"),
        ({"purpose": ""}, "purpose", "Chọn mục đích"),
        ({"purpose": "other"}, "purpose_other", "Ghi rõ mục đích"),
        ({"copies": "0"}, "copies", "từ 1 trở lên"),
        ({"copies": "hai"}, "copies", "từ 1 trở lên"),
        ({"copies": "9999999999"}, "copies", "từ 1 trở lên"),
        ({"copies": ""}, "copies", "Nhập số bản"),
    ],
)
def test_what_is_asked_for(declaration, typed, field, remedy):
    assert remedy in " ".join(kind(declaration, **typed).errors[field])


def test_a_citizen_is_offered_no_procedure_that_only_an_agency_may_begin(declaration):
    """Luật Lý lịch tư pháp 2009, Điều 7 khoản 2, 3: proceedings, and an agency's own personnel."""
    form = forms.KindForm(declaration=declaration)
    offered = {code for code, _ in form.fields["procedure_code"].choices}
    assert {"work_permit", "adoption_domestic"} <= offered and not offered & {"proceedings", "personnel"}
    assert "hưu trí" in form.fields["purpose_other"].help_text


def test_copies_are_read_in_full_width_digits_too(declaration):
    form = kind(declaration, copies="２")
    assert form.is_valid()
    assert form.cleaned_data["copies"] == 2


def test_type_1_is_what_a_draft_begins_with(declaration):
    assert forms.KindForm(declaration=declaration)["certificate_type"].value() == 1


def test_type_2_is_not_for_somebody_who_files_for_another(declaration):
    declaration.filed_as, declaration.proxy_name, declaration.proxy_relation = "proxy", "Trần Thị Nộp", "spouse"
    typed = {"certificate_type": "2", "purpose": "own_knowledge"}
    assert "chỉ yêu cầu được Phiếu số 1" in words(kind(declaration, **typed))
    declaration.filed_as, declaration.proxy_relation = "parent", "mother"
    assert kind(declaration, **typed).is_valid()


@pytest.mark.parametrize("purpose", ["work", "visa", "study", "other"])
def test_type_2_is_given_to_nobody_for_what_others_demand(declaration, purpose):
    typed = {"certificate_type": "2", "purpose": purpose, "purpose_other": "Theo yêu cầu của công ty"}
    form = kind(declaration, **typed)
    assert "Không nơi nào được yêu cầu bạn nộp Phiếu số 2" in " ".join(form.errors["own_knowledge"])
    confirmed = kind(declaration, **typed, own_knowledge="1")
    assert confirmed.is_valid(), confirmed.errors
    kept = confirmed.changes()[0]
    assert (kept["purpose"], kept["purpose_other"]) == ("own_knowledge", "")
    assert "own_knowledge" not in kept


def test_the_tick_about_type_2_is_not_asked_of_who_needs_none(declaration):
    assert "own_knowledge" not in forms.KindForm(declaration=declaration).fields
    assert "own_knowledge" not in kind(declaration).fields
    assert "own_knowledge" not in kind(declaration, certificate_type="2", purpose="own_knowledge").fields


def test_no_purpose_is_chosen_beforehand(declaration):
    assert not forms.KindForm(declaration=declaration)["purpose"].value()


def test_a_stranger_who_files_needs_a_mandate_and_family_does_not(declaration):
    typed = {"filed_as": "proxy", "proxy_name": "Trần Thị Nộp", "proxy_relation": "other"}
    assert "văn bản ủy quyền" in words(forms.WhoForm(typed, declaration=declaration))
    for relation in ("father", "mother", "spouse", "child"):
        form = forms.WhoForm({**typed, "proxy_relation": relation}, declaration=declaration)
        assert form.is_valid(), form.errors
        assert form.changes()[0]["filed_as"] == "proxy"


def test_a_parent_is_father_or_mother(declaration):
    typed = {"filed_as": "parent", "proxy_name": "Trần Thị Nộp"}
    assert "Chọn cha hoặc mẹ" in words(forms.WhoForm({**typed, "proxy_relation": "spouse"}, declaration=declaration))
    assert "Chọn quan hệ" in words(forms.WhoForm(typed, declaration=declaration))
    assert forms.WhoForm({**typed, "proxy_relation": "father"}, declaration=declaration).is_valid()


def test_a_child_of_age_asks_in_person(declaration):
    declaration.filed_as = "parent"
    assert "đã thành niên" in " ".join(person(declaration).errors["date_of_birth"])
    assert person(declaration, date_of_birth_year="2015").is_valid()


def test_filing_for_oneself_forgets_what_was_typed_about_a_proxy(declaration):
    form = forms.WhoForm({"filed_as": "self", "proxy_name": "Trần Thị Nộp"}, declaration=declaration)
    assert form.is_valid()
    assert form.changes()[0]["proxy_name"] == ""


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        ({"number": "00109099"}, "đúng 12 chữ số; bạn đã nhập 8"),
        ({"type": "cmnd", "number": "12345"}, "9 hoặc 12 chữ số"),
        ({"type": "passport", "number": "?"}, "Số hộ chiếu"),
        ({"number": ""}, "Nhập số giấy tờ"),
        ({"type": ""}, "Chọn loại giấy tờ"),
        ({"issued_on_day": "1", "issued_on_month": "1", "issued_on_year": "2150"}, "không sau hôm nay"),
    ],
)
def test_identity_documents(typed, remedy):
    assert remedy in words(document(**typed))


@pytest.mark.parametrize("number", ["001 090 990 315", "001.090.990.315", "００１０９０９９０３１５", "001-090-990315"])
def test_a_number_is_pasted_any_way(number):
    form = document(number=number)
    assert form.is_valid()
    assert form.cleaned_data["number"] == "001090990315"


@pytest.mark.parametrize(
    ("typed", "field", "remedy"),
    [
        ({"from_month_month": "", "from_month_year": ""}, "from_month", "Nhập tháng bắt đầu ở, ví dụ 03/2004"),
        ({"from_month_month": ""}, "from_month", "Nhập tháng bắt đầu ở, ví dụ 03"),
        ({"from_month_month": "13"}, "from_month", "từ 1 đến 12"),
        ({"to_month_month": "2", "to_month_year": "2004"}, "to_month", "phải sau tháng bắt đầu"),
        ({"from_month_year": "2150"}, "from_month", "chưa đến"),
        ({"kind": ""}, "kind", "Chọn thường trú hoặc tạm trú"),
        ({"province": ""}, "province", "Chọn tỉnh, thành phố bạn đã ở"),
        ({"address": " "}, "address", "Nhập địa chỉ"),
    ],
)
def test_a_place_lived_in(typed, field, remedy):
    assert remedy in " ".join(stay(**typed).errors[field])


def test_a_stay_abroad_needs_no_province():
    assert stay(country="JP", province="").is_valid()


@pytest.mark.parametrize(
    ("typed", "field", "remedy"),
    [
        ({"delivery": ""}, "delivery", "Chọn cách nhận kết quả"),
        ({"delivery": "post", "phone": "0912345678"}, "delivery_address", "Nhập địa chỉ"),
        ({"delivery": "post", "delivery_address": "Số 1"}, "phone", "Nhập số điện thoại"),
        ({"phone": "12"}, "phone", "10 chữ số"),
        ({"email": "abc"}, "email", "ten@vi-du.example"),
    ],
)
def test_how_to_reach_the_person_and_hand_over(declaration, typed, field, remedy):
    assert remedy in " ".join(contact(declaration, **typed).errors[field])


def test_a_telephone_number_is_kept_bare(declaration):
    form = contact(declaration, phone="(0912) 345 678")
    assert form.is_valid()
    assert form.cleaned_data["phone"] == "0912345678"


def addresses(declaration, **typed):
    return forms.AddressesForm({"living": "here", **typed}, declaration=declaration)


def test_where_somebody_lives_is_asked_and_never_assumed(declaration):
    assert not forms.AddressesForm(declaration=declaration)["living"].value()
    assert "Chọn nơi bạn đang sống" in words(forms.AddressesForm({}, declaration=declaration))


def test_an_address_needs_its_province(declaration):
    form = addresses(declaration, permanent_address="Số 12 phố Ví Dụ")
    assert "Chọn tỉnh, thành phố thường trú" in words(form)
    assert "không có thì chọn nơi tạm trú" in words(addresses(declaration))


def test_somebody_abroad_names_where_they_lived_last(declaration):
    assert "cuối cùng trước khi ra nước ngoài" in words(addresses(declaration, living="abroad"))
    form = addresses(declaration, living="abroad", last_province="36", permanent_province="01")
    assert form.is_valid(), form.errors
    kept = form.changes()[0]
    assert (kept["lives_abroad"], kept["last_province"], kept["permanent_province"]) == (True, "36", "")


def test_somebody_without_any_residence_says_so(declaration):
    form = addresses(declaration, living="nowhere")
    assert form.is_valid(), form.errors
    kept = form.changes()[0]
    assert (kept["no_residence"], kept["lives_abroad"], kept["permanent_province"]) == (True, False, "")


def test_a_foreigner_is_asked_whether_they_are_still_here(declaration):
    declaration.nationality = "KR"
    assert "không có trong danh sách" in words(addresses(declaration, living="abroad", last_province="01"))
    form = addresses(declaration, living="left")
    assert form.is_valid(), form.errors
    assert form.changes()[0]["former_resident_foreigner"] is True
    assert addresses(declaration, temporary_province="01").is_valid()


def test_a_foreigner_has_no_ethnic_group_of_viet_nam(declaration):
    form = person(declaration, nationality="KR", ethnicity="Kinh")
    assert form.is_valid()
    assert form.changes()[0]["ethnicity"] == ""


def test_an_address_filed_in_parts_is_shown_and_kept_as_one(declaration):
    declaration.permanent_address, declaration.permanent_ward = "Số 12", "phường Láng Hạ"
    form = forms.AddressesForm(declaration=declaration)
    assert form["permanent_address"].value() == "Số 12, phường Láng Hạ"
    typed = addresses(declaration, permanent_province="01", permanent_address="Số 12, phường Láng Hạ")
    assert typed.is_valid()
    assert typed.changes()[0]["permanent_ward"] == ""


@pytest.mark.parametrize("year", ["60", "2150", "abcd"])
def test_a_parents_year_of_birth(declaration, year):
    form = forms.FamilyForm({"father_birth_year": year}, declaration=declaration)
    assert "Năm sinh của cha" in words(form) or "năm sinh của cha" in words(form)


# Questions whose answer is kept in other fields.
ASKED_BESIDES = {"living", "own_knowledge", "read_from_card"}


def test_every_field_of_a_page_is_a_field_of_the_declaration():
    kept = {field.name for field in Declaration._meta.get_fields()}
    pages = (
        forms.WhoForm,
        forms.AgencyForm,
        forms.KindForm,
        forms.PersonForm,
        forms.AddressesForm,
        forms.FamilyForm,
        forms.RecordForm,
        forms.ContactForm,
    )
    for form in pages:
        assert set(form.base_fields) - ASKED_BESIDES <= kept


def test_what_is_only_missing_may_be_saved_for_later_but_not_what_is_wrong(declaration):
    assert not person(declaration, sex="").is_valid()
    assert person(declaration, sex="").only_gaps
    assert not person(declaration, full_name="Nguyễn 9").only_gaps
