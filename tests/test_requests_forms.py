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


def test_copies_are_read_in_full_width_digits_too(declaration):
    form = kind(declaration, copies="２")
    assert form.is_valid()
    assert form.cleaned_data["copies"] == 2


def test_type_1_is_what_a_draft_begins_with(declaration):
    assert forms.KindForm(declaration=declaration)["certificate_type"].value() == 1


def test_type_2_is_not_for_somebody_who_files_for_another(declaration):
    declaration.proxy_name, declaration.proxy_relation = "Trần Thị Nộp", "spouse"
    assert "chỉ yêu cầu được Phiếu số 1" in words(kind(declaration, certificate_type="2"))
    declaration.proxy_relation = "mother"
    assert kind(declaration, certificate_type="2").is_valid()


def test_a_stranger_who_files_needs_a_mandate_and_family_does_not(declaration):
    typed = {"filing_for": "other", "proxy_name": "Trần Thị Nộp", "proxy_relation": "other"}
    assert "văn bản ủy quyền" in words(forms.WhoForm(typed, declaration=declaration))
    assert forms.WhoForm({**typed, "proxy_relation": "child"}, declaration=declaration).is_valid()


def test_filing_for_oneself_forgets_what_was_typed_about_a_proxy(declaration):
    form = forms.WhoForm({"filing_for": "self", "proxy_name": "Trần Thị Nộp"}, declaration=declaration)
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


def test_an_address_needs_its_province(declaration):
    form = forms.AddressesForm({"permanent_address": "Số 12 phố Ví Dụ"}, declaration=declaration)
    assert "Chọn tỉnh, thành phố thường trú" in words(form)


def test_an_address_filed_in_parts_is_shown_and_kept_as_one(declaration):
    declaration.permanent_address, declaration.permanent_ward = "Số 12", "phường Láng Hạ"
    form = forms.AddressesForm(declaration=declaration)
    assert form["permanent_address"].value() == "Số 12, phường Láng Hạ"
    typed = forms.AddressesForm(
        {"permanent_province": "01", "permanent_address": "Số 12, phường Láng Hạ"}, declaration=declaration
    )
    assert typed.is_valid()
    assert typed.changes()[0]["permanent_ward"] == ""


@pytest.mark.parametrize("year", ["60", "2150", "abcd"])
def test_a_parents_year_of_birth(declaration, year):
    form = forms.FamilyForm({"father_birth_year": year}, declaration=declaration)
    assert "Năm sinh của cha" in words(form) or "năm sinh của cha" in words(form)


def test_every_field_of_a_page_is_a_field_of_the_declaration():
    kept = {field.name for field in Declaration._meta.get_fields()}
    for form in (forms.KindForm, forms.PersonForm, forms.AddressesForm, forms.FamilyForm, forms.RecordForm):
        assert set(form.base_fields) <= kept
    assert set(forms.ContactForm.base_fields) <= kept
    assert set(forms.WhoForm.base_fields) - {"filing_for"} <= kept


def test_what_is_only_missing_may_be_saved_for_later_but_not_what_is_wrong(declaration):
    assert not person(declaration, sex="").is_valid()
    assert person(declaration, sex="").only_gaps
    assert not person(declaration, full_name="Nguyễn 9").only_gaps
