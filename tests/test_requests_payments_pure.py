"""What is pure about paying: the VietQR text, the bank's statement lines, the fee line by line, the signatures."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests import policy
from requests.fee_breakdown import Breakdown, breakdown
from requests.payments import platform, statement, vietqr


@pytest.fixture
def f0(db):
    """The table of Thông tư 244/2016, from the law's rows."""
    return policy.fee_rules(date(2024, 6, 3), "online")


@dataclass(frozen=True)
class Support:
    percent: int
    legal_basis: str = "Nghị quyết của Hội đồng nhân dân"


# --- Fee (domain 6, the rows of F0) ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "copies", "subsidies", "statutory", "to_pay"),
    [
        ("standard", 1, [], 200_000, 200_000),
        ("standard", 3, [], 200_000, 205_000),
        ("standard", 5, [], 200_000, 215_000),
        ("student", 2, [], 100_000, 100_000),
        ("student", 4, [], 100_000, 110_000),
        ("poor", 1, [], 0, 0),
        ("poor", 3, [], 0, 5_000),  # Q10: exempt people pay further copies
        ("standard", 1, [Support(100)], 200_000, 0),  # Hà Nội, VNeID
        ("standard", 4, [Support(100)], 200_000, 10_000),  # the subsidy covers the statutory fee and nothing else
        ("standard", 1, [Support(30), Support(50)], 200_000, 100_000),  # of several the highest
        ("poor", 1, [Support(100)], 0, 0),
        ("agency", 9, [], 0, 0),
        ("proceedings_agency", 9, [], 0, 0),
    ],
)
def test_the_fee_line_by_line(f0, category, copies, subsidies, statutory, to_pay):
    found = breakdown(f0, category, copies, subsidies)
    assert (found.statutory, found.to_pay) == (statutory, to_pay)
    assert found.to_pay == found.statutory - found.subsidy + found.extra_fee
    assert found.legal_basis == "Thông tư 244/2016/TT-BTC"
    assert Breakdown.from_json(found.to_json()) == found


def test_a_subsidy_is_named_with_its_ground_and_none_is_where_nothing_is_due(f0):
    assert "50 %" in breakdown(f0, "standard", 1, [Support(50, "Nghị quyết 01")]).reason
    assert breakdown(f0, "poor", 1, [Support(100)]).subsidy_basis == ""


@pytest.mark.parametrize(
    ("on", "channel", "category", "to_pay"),
    [
        (date(2025, 4, 24), "online", "standard", 170_000),
        (date(2025, 4, 24), "online", "student", 80_000),
        (date(2025, 4, 24), "counter", "standard", 200_000),
        (date(2026, 1, 1), "online", "standard", 200_000),
        (date(2026, 8, 15), "online", "digital_citizen", 0),
        (date(2026, 8, 15), "online", "standard", 200_000),
    ],
)
def test_the_table_of_the_day_and_channel(db, on, channel, category, to_pay):
    assert breakdown(policy.fee_rules(on, channel), category, 1).to_pay == to_pay


# --- VietQR -----------------------------------------------------------------------------------------------------------


def test_the_crc_of_the_standards_own_check_string():
    assert vietqr.crc16(b"123456789") == 0x29B1  # CRC-16/IBM-3740


def test_the_published_example_of_napas_has_the_crc_that_we_compute():
    example = (
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN"
        "62340107NPS68690819thanh toan don hang63042E2E"
    )
    assert f"{vietqr.crc16(example[:-4].encode()):04X}" == "2E2E"
    ours = vietqr.payload(
        bank_bin="970403", account_number="0011012345678", amount=180_000, purpose="thanh toan don hang"
    )
    # The same but for field 62, where the example also carries a bill number.
    assert ours.partition("62")[0] == example.partition("62340107")[0]


def test_every_field_of_the_payload():
    text = vietqr.payload(bank_bin="999999", account_number="0000990000001", amount=205_000, purpose="LP7K2M9QX4RT")
    tags = vietqr.parsed(text)
    assert (tags["00"], tags["01"], tags["53"], tags["54"], tags["58"]) == ("01", "12", "704", "205000", "VN")
    account = vietqr.parsed(tags["38"])
    assert (account["00"], account["02"]) == ("A000000727", "QRIBFTTA")
    assert vietqr.parsed(account["01"]) == {"00": "999999", "01": "0000990000001"}
    assert vietqr.parsed(tags["62"]) == {"08": "LP7K2M9QX4RT"}
    assert list(tags)[-1] == "63" and int(tags["63"], 16) == vietqr.crc16(text[:-4].encode())


@given(st.integers(1, 10**9), st.text("0123456789ABCDEF", min_size=1, max_size=19))
def test_any_payload_reads_back(amount, account):
    text = vietqr.payload(bank_bin="970436", account_number=account, amount=amount, purpose="LP0000000000")
    tags = vietqr.parsed(text)
    assert int(tags["54"]) == amount
    assert vietqr.parsed(vietqr.parsed(tags["38"])["01"])["01"] == account


@pytest.mark.parametrize(
    "wrong",
    [{"bank_bin": "97043"}, {"account_number": ""}, {"amount": 0}, {"purpose": "phí"}, {"purpose": "X" * 26}],
)
def test_what_a_bank_could_not_read_is_refused(wrong):
    right = {"bank_bin": "970436", "account_number": "12345", "amount": 1, "purpose": "LP0000000000"}
    with pytest.raises(ValueError, match=r"."):
        vietqr.payload(**{**right, **wrong})


# --- The statement ----------------------------------------------------------------------------------------------------

HEAD = "ma_giao_dich,thoi_gian,so_tien,noi_dung\n"


@pytest.mark.parametrize(
    "text",
    [
        "LP7K2M9QX4RT",
        "CK lp7k2m9qx4rt nguyen van a",
        "MBVCB.99.LP7K2M9QX4RT.CT tu 0011",
        "LP7K2M 9QX4RT",
        "LP7K-2M9Q-X4RT",
    ],
)
def test_the_reference_is_found_however_banks_write_it(text):
    assert statement.references_in(text) == ["LP7K2M9QX4RT"]


def test_text_without_a_reference_has_none_and_with_two_has_two():
    assert statement.references_in("nop phi ly lich tu phap") == []
    assert len(statement.references_in("LP7K2M9QX4RT LP0000000000")) == 2


def test_lines_are_read_with_their_moment_in_viet_nam():
    (line,) = statement.read((HEAD + 'FT1,22/11/2026 09:30,"200.000",LP7K2M9QX4RT\n').encode())
    assert (line.transaction_id, line.amount, line.at.isoformat()) == ("FT1", 200_000, "2026-11-22T09:30:00+07:00")


@pytest.mark.parametrize("text", ["200000", "200.000", "200,000", "200 000", "200000.00", "200,000.00", "200.000,00"])
def test_an_amount_is_the_same_money_however_banks_write_it(text):
    (line,) = statement.read((HEAD + f'FT1,22/11/2026 09:30,"{text}",LP7K2M9QX4RT\n').encode())
    assert line.amount == 200_000


@pytest.mark.parametrize("text", ["200000.5", "2,00,000", "-200000", "0.00", "200.00.000"])
def test_an_amount_that_may_mean_something_else_is_refused(text):
    with pytest.raises(statement.Unreadable, match="số tiền"):
        statement.read((HEAD + f'FT1,22/11/2026 09:30,"{text}",LP7K2M9QX4RT\n').encode())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "các cột"),
        (b"a,b\n1,2\n", "các cột"),
        (HEAD.encode(), "ít nhất một dòng"),
        ("ma_giao_dich\xff".encode("latin-1"), "UTF-8"),
        ((HEAD + "FT1,hôm qua,200000,x\n").encode(), "dòng 2: thời gian"),
        ((HEAD + "FT1,22/11/2026,-5,x\n").encode(), "dòng 2: số tiền"),
        ((HEAD + ",22/11/2026,5,x\n").encode(), "dòng 2: mã giao dịch"),
        (b"x" * 1_000_001, "1 MB"),
    ],
)
def test_a_file_that_cannot_be_meant_says_where_and_what_to_do(data, words):
    with pytest.raises(statement.Unreadable, match=words):
        statement.read(data)


# --- Signatures -------------------------------------------------------------------------------------------------------

TOLD = {
    "MaDoiTac": "LLTP",
    "MaThamChieu": "LP7K2M9QX4RT",
    "MaGiaoDich": "a1",
    "SoTien": "200000",
    "MaTienTe": "VND",
    "TrangThaiGD": "00",
    "ThoiGianGD": "20261122093000",
}


@pytest.fixture
def offered(settings):
    settings.PAYMENT_PLATFORM_URL, settings.PAYMENT_SECRET = "http://127.0.0.1:9", "s" * 40


def signed(**changes):
    message = {**TOLD, **changes}
    return {**message, "MaXacThuc": platform.signature("CONFIRM", message)}


def test_a_signed_message_is_believed(offered):
    said = platform.confirmed(signed())
    assert (said.reference, said.transaction_id, said.amount) == ("LP7K2M9QX4RT", "a1", 200_000)
    assert platform.confirmed(signed(TrangThaiGD="02")) is None


@pytest.mark.parametrize("name", [*TOLD, "MaXacThuc"])
def test_any_field_that_was_changed_or_left_out_is_not_believed(offered, name):
    for changed in ({**signed(), name: "x"}, {key: value for key, value in signed().items() if key != name}):
        with pytest.raises(platform.NotBelieved):
            platform.confirmed(changed)


@pytest.mark.parametrize("message", [None, [], "x", {}, {"MaXacThuc": 5}, {"MaXacThuc": "ấ"}])
def test_what_is_no_message_is_not_believed(offered, message):
    with pytest.raises(platform.NotBelieved):
        platform.confirmed(message)


@pytest.mark.parametrize("changes", [{"SoTien": "-1"}, {"SoTien": "1e9"}, {"ThoiGianGD": "x"}, {"MaDoiTac": "KHAC"}])
def test_a_signed_message_that_cannot_be_meant_is_not_believed(offered, changes):
    with pytest.raises(platform.NotBelieved):
        platform.confirmed(signed(**changes))


def test_nothing_is_believed_where_paying_online_is_not_offered(settings):
    settings.PAYMENT_PLATFORM_URL, settings.PAYMENT_SECRET = "", ""
    with pytest.raises(platform.NotBelieved):
        platform.confirmed(signed())
