"""The main job over HTTP, as the people whose steps it is: for one person without a record and for one with.

Run by script/demo with `--base-url` and `--out`; signs in with the people of LLTP_HOME/run/demo.json. Nothing of the
portal is imported. A line a step; exit 0, or the step that failed with its reason and exit 1.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pages import Failed, Page, Visitor

SEARCH_SECONDS, ISSUE_SECONDS = 60, 120
LOOK_EVERY = 0.3
MOST_PAGES = 20


@dataclass(frozen=True)
class Case:
    """Who asks, and what must come of it."""

    person: str
    label: str
    text: str
    also: tuple[str, ...] = ()


CASES = (
    Case("nguoidan", "khong-an-tich", "Không có án tích"),
    Case("coantich", "co-an-tich", "Có án tích", ("145/2018/HS-ST", "Lạm dụng tín nhiệm chiếm đoạt tài sản")),
)


def answers_of(person: dict[str, str]) -> dict[str, str]:
    """What this person types, by the names of the boxes; the portal asks a part of it on each page."""
    year, month, day = person["date_of_birth"].split("-")
    return {
        "filed_as": "self",
        "certificate_type": "1",
        "purpose": "work",
        "copies": "1",
        "full_name": person["full_name"],
        "sex": person["sex"],
        "date_of_birth_day": day,
        "date_of_birth_month": month,
        "date_of_birth_year": year,
        "place_of_birth_country": "VN",
        "place_of_birth_province": "01",
        "place_of_birth": "phường Láng Hạ, quận Đống Đa",
        "nationality": "VN",
        "ethnicity": "Kinh",
        "type": "cccd",
        "number": person["identity_number"],
        "issued_on_day": "10",
        "issued_on_month": "5",
        "issued_on_year": "2021",
        "issued_by": "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
        "living": "here",
        "permanent_province": "01",
        "permanent_address": "Số 12 ngõ 45 phố Láng Hạ, phường Láng Hạ, quận Đống Đa",
        "from_month_month": month,
        "from_month_year": str(int(year) + 14),
        "kind": "permanent",
        "country": "VN",
        "province": "01",
        "address": "Số 12 ngõ 45 phố Láng Hạ, phường Láng Hạ, quận Đống Đa",
        "occupation": "Nhân viên văn phòng",
        "workplace": "Công ty cổ phần Ví Dụ",
        "father_name": person["father_name"],
        "mother_name": person["mother_name"],
        "phone": "0900 000 011",
        "email": person["email"],
        "delivery": "electronic",
        "fee_category": "standard",
    }


@dataclass
class Walk:
    """The people at their browsers, and one request on its way from one to the next."""

    base_url: str
    out: Path
    people: dict[str, dict[str, str]]
    visitors: dict[str, Visitor] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    def step(self, words: str, act: Callable[[], Any]) -> Any:
        """One step, told with its time. A failure is told with the step's name."""
        began = time.monotonic()
        try:
            result = act()
        except Failed as failure:
            raise Failed(f"{words}: {failure}") from failure
        print(f"  {time.monotonic() - began:6.2f} s  {words}", flush=True)
        return result

    def as_person(self, name: str) -> Visitor:
        """This person's browser, signed in when first needed."""
        if name not in self.visitors:
            visitor = Visitor(self.base_url, name)
            person = self.people[name]
            self.step(f"{name}: đăng nhập", lambda: visitor.sign_in(person["email"], person["password"]))
            self.visitors[name] = visitor
        return self.visitors[name]

    def case(self, case: Case) -> None:
        print(f"{case.person}, chờ đợi “{case.text}”", flush=True)
        code = self._file(case.person)
        self._at_the_counter(code)
        self._at_the_desk(code, has_candidate=bool(case.also))
        self._for_signature(code, case)
        pdf = self._fetch(case.person, code, case)
        self._check(code, pdf, case)

    # --- The citizen files ------------------------------------------------------------------------------------------

    def _file(self, name: str) -> str:
        citizen, answers = self.as_person(name), answers_of(self.people[name])
        page = self.step(f"{name}: mở tờ khai", lambda: self._begin(citizen))
        for _ in range(MOST_PAGES):
            if page.path.endswith("/check/"):
                break
            title = page.path.rstrip("/").rsplit("/", 1)[-1]
            page = self.step(f"{name}: trang {title}", lambda page=page: self._next_page(citizen, page, answers))
        page = self.step(f"{name}: gửi yêu cầu", lambda: citizen.press(page, "Gửi yêu cầu", sworn="1", again="1"))
        if not page.path.endswith("/sent/"):
            raise Failed(f"{name}: gửi yêu cầu: {page.why()}")
        return page.path.split("/")[2]

    @staticmethod
    def _begin(citizen: Visitor) -> Page:
        """Who has an open request already is shown it, and may go on all the same; the demo citizen has one."""
        page = citizen.get("/requests/start/")
        return citizen.press(page, "Bắt đầu khai" if page.button("Bắt đầu khai") else "Vẫn yêu cầu Phiếu mới")

    @staticmethod
    def _next_page(citizen: Visitor, page: Page, answers: dict[str, str]) -> Page:
        """Answer what is asked and go on; a page that comes again has not been content."""
        after = citizen.press(page, "Tiếp tục", **answers)
        if after.path == page.path:
            raise Failed(after.why())
        return after

    # --- The office -------------------------------------------------------------------------------------------------

    @staticmethod
    def _open(clerk: Visitor, code: str) -> Page:
        """By the search box of the queue, as a clerk to whom somebody reads a code."""
        queue = clerk.get("/after-sign-in/")
        form = queue.form_with("number")
        if form is None:
            raise Failed(f"no search box in the queue: {queue.why()}")
        return clerk.send(queue, form.fill(number=code))

    def _at_the_counter(self, code: str) -> None:
        clerk = self.as_person("tiepnhan")

        def pay() -> Page:
            return clerk.press(self._open(clerk, code), "Ghi đã nộp phí")

        page = self.step("tiepnhan: ghi đã nộp phí", pay)
        self.step("tiepnhan: tiếp nhận", lambda: clerk.press(page, "Tiếp nhận hồ sơ"))

    def _at_the_desk(self, code: str, *, has_candidate: bool) -> None:
        clerk = self.as_person("thamtra")

        def found() -> Page | None:
            page = self._open(clerk, code)
            return page if page.button("Xác nhận") or page.form_with("decision") else None

        page = self.step(
            "worker: tra cứu xong", lambda: self._until(found, SEARCH_SECONDS, "the search to be answered")
        )
        if has_candidate:
            page = self.step("thamtra: quyết định hồ sơ trùng", lambda: self._decide(clerk, page))
        elif page.form_with("decision"):
            raise Failed("the search found somebody for a person who is not in the register")
        self.step("thamtra: xác minh", lambda: self._settled(clerk.press(page, "Xác nhận, chuyển ký"), "chờ ký"))

    @staticmethod
    def _decide(clerk: Visitor, page: Page) -> Page:
        """The one candidate is this person: number and name are the same."""
        ground = "Số định danh và họ tên trùng"
        return clerk.press(page, "Ghi quyết định", decision="same", ground=ground, note="Đã đối chiếu cha, mẹ.")

    @staticmethod
    def _settled(page: Page, words: str) -> Page:
        if words not in page.words:
            raise Failed(f"“{words}” is not on the page: {page.why()}")
        return page

    def _for_signature(self, code: str, case: Case) -> None:
        approver = self.as_person("ky")

        def open_draft() -> Page:
            queue = approver.get("/after-sign-in/")
            link = queue.link(code)
            if link is None:
                raise Failed(f"the request is not in the approver's queue: {queue.why()}")
            return approver.get(link)

        def read_draft() -> None:
            address = page.link("draft.pdf")
            if address is None:
                raise Failed(f"no draft to read: {page.why()}")
            draft = approver.get(address).body
            (self.out / f"ban-nhap-{case.label}.pdf").write_bytes(draft)
            _demand_words(draft, "BẢN NHÁP", case.text, *case.also)

        page = self.step("ky: mở hồ sơ chờ ký", open_draft)
        self.step("ky: đọc bản nháp PDF", read_draft)
        self.step("ky: duyệt và ký", lambda: approver.press(page, "Duyệt và ký"))

    # --- The certificate --------------------------------------------------------------------------------------------

    def _fetch(self, name: str, code: str, case: Case) -> bytes:
        citizen = self.as_person(name)

        def issued() -> Page | None:
            page = citizen.get(f"/requests/{code}/")
            return page if page.button("Tải Phiếu") else None

        def fetch() -> bytes:
            answer = citizen.press(page, "Tải Phiếu")
            if answer.kind != "application/pdf" or not answer.body.startswith(b"%PDF-"):
                raise Failed(f"no PDF came: {answer.why()}")
            (self.out / f"phieu-{case.label}.pdf").write_bytes(answer.body)
            _demand_words(answer.body, "PHIẾU LÝ LỊCH TƯ PHÁP SỐ 1", case.text, *case.also)
            if b"/ByteRange" not in answer.body:
                raise Failed("the PDF carries no signature")
            return answer.body

        page = self.step(
            "worker và signer: in, kiểm, ký, cấp", lambda: self._until(issued, ISSUE_SECONDS, "the certificate")
        )
        return self.step(f"{name}: tải Phiếu", fetch)

    def _check(self, code: str, pdf: bytes, case: Case) -> None:
        """The stranger reads the QR code, asks the public page, and learns nothing else."""
        anybody = Visitor(self.base_url, "anybody")
        address = self.step("người lạ: quét mã QR trên Phiếu", lambda: _qr(pdf))
        if not address.startswith(f"{self.base_url}/c/"):
            raise Failed(f"the QR code leads to {address}")

        def ask() -> None:
            page = self._settled(anybody.get(address), "Hợp lệ")
            (self.out / f"phieu-{case.label}.verdict.html").write_bytes(page.body)
            (self.out / f"phieu-{case.label}.verdict.txt").write_text(f"{address}\n{page.words}\n", encoding="utf-8")
            secrets = (*(one.text for one in CASES), *case.also, self.people[case.person]["full_name"])
            if any(words in page.words for words in secrets):
                raise Failed("the public page says what the certificate says")

        self.step("người lạ: kiểm tra mã (không đăng nhập)", ask)
        wrong = address[:-1] + ("0" if address[-1] != "0" else "1")
        self.step("người lạ: mã sai một chữ", lambda: self._settled(anybody.get(wrong), "Không hợp lệ"))
        self.step("nguoila, thamtra2: hồ sơ không phải của mình là 404", lambda: self._not_found(code))

    def _not_found(self, code: str) -> None:
        stranger, other_office = self.as_person("nguoila"), self.as_person("thamtra2")
        for address in ("", "check/", "sent/", "withdraw/", "fill/person/"):
            stranger.get(f"/requests/{code}/{address}", status=404)
        own = stranger.get("/requests/start/").form_with("csrfmiddlewaretoken")
        if own is None:
            raise Failed("the stranger has no form to try with")
        own.action, own.method = f"/requests/{code}/certificate/", "post"
        stranger.send(stranger.get("/requests/start/"), own, status=404)
        for address in (f"/requests/{code}/", f"/staff/clerk/{code}/"):
            other_office.get(address, status=404)

    @staticmethod
    def _until(condition: Callable[[], Page | None], seconds: float, what: str) -> Page:
        """Look again until it is so; the time is a limit, not a wait."""
        ends = time.monotonic() + seconds
        while (page := condition()) is None:
            if time.monotonic() > ends:
                raise Failed(f"waited {seconds:g} s for {what}")
            time.sleep(LOOK_EVERY)
        return page


# --- Paper: read as anybody reads it, by eye and by telephone ---------------------------------------------------------


def _demand_words(pdf: bytes, *expected: str) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        said = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())
    finally:
        document.close()
    for words in expected:
        if words not in said:
            raise Failed(f"the PDF does not say “{words}”")


def _qr(pdf: bytes) -> str:
    import pypdfium2
    import zxingcpp

    document = pypdfium2.PdfDocument(pdf)
    try:
        found = [code.text for page in document for code in zxingcpp.read_barcodes(page.render(scale=3).to_pil())]
    finally:
        document.close()
    if len(found) != 1:
        raise Failed(f"{len(found)} codes were read on the page instead of one")
    return found[0]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="The main job over HTTP, for two people.")
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    told = Path(os.environ.get("LLTP_HOME", ".local")) / "run" / "demo.json"
    try:
        people = json.loads(told.read_text(encoding="utf-8"))["people"]
    except (OSError, ValueError, KeyError) as error:
        print(f"Sign-ins: {told} cannot be read ({type(error).__name__}); seed_demo writes it.", file=sys.stderr)
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    walk = Walk(given.base_url.rstrip("/"), given.out, people)
    try:
        for case in CASES:
            walk.case(case)
    except Failed as failure:
        print(f"FAILED  {failure}", file=sys.stderr, flush=True)
        return 1
    print(f"Done in {time.monotonic() - walk.started:.1f} s: {given.out}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
