"""What is said about a file that is not taken: what is wrong and what to do. Never its name or anything in it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests.attachments.limits import MEBIBYTE, MOST_BYTES, MOST_FILES, MOST_PAGES, MOST_TOTAL

REFUSALS = {
    "empty": gettext_lazy("Tệp không có nội dung. Hãy chọn lại tệp, hoặc chụp lại."),
    "too_large": gettext_lazy("Tệp lớn hơn %(most_mb)d MB. Hãy chụp lại ở cỡ nhỏ hơn, hoặc chia thành nhiều tệp."),
    "type": gettext_lazy(
        "Tệp này không phải ảnh JPEG, PNG, WebP hay tệp PDF. Hãy chụp ảnh giấy tờ, hoặc lưu thành PDF."
    ),
    "heic": gettext_lazy("Ảnh HEIC chưa đọc được ở đây. Hãy chụp lại ở định dạng JPEG, hoặc gửi ảnh chụp màn hình."),
    "name": gettext_lazy("Tên tệp kết thúc như một chương trình hay loại tệp khác. Chỉ nhận .jpg, .png, .webp, .pdf."),
    "two_in_one": gettext_lazy(
        "Trong tệp có lẫn một tệp loại khác nên không nhận được. Hãy chụp ảnh giấy tờ rồi gửi lại."
    ),
    "broken": gettext_lazy("Không mở được tệp: tệp bị hỏng hoặc chưa tải hết. Hãy lưu lại hoặc chụp lại rồi gửi."),
    "encrypted": gettext_lazy("Tệp PDF có mật khẩu hoặc bị khóa. Hãy lưu một bản không khóa rồi gửi lại."),
    "pixels": gettext_lazy("Ảnh có kích thước quá lớn. Hãy chụp lại ở cỡ thường của máy ảnh."),
    "exif": gettext_lazy("Ảnh mang theo quá nhiều dữ liệu phụ. Hãy chụp màn hình ảnh đó rồi gửi bản chụp."),
    "pages": gettext_lazy("Tệp PDF có hơn %(most_pages)d trang. Hãy chỉ gửi những trang cần thiết."),
    "too_complex": gettext_lazy("Tệp quá phức tạp để mở an toàn. Hãy chụp ảnh từng trang rồi gửi ảnh."),
    "no_room": gettext_lazy("Hệ thống tạm hết chỗ nhận tệp. Tệp chưa được lưu; hãy gửi lại sau ít phút."),
    "too_many": gettext_lazy("Mỗi hồ sơ nhận nhiều nhất %(most_files)d tệp. Hãy xóa bớt tệp không cần rồi gửi lại."),
    "too_much": gettext_lazy("Các tệp cộng lại lớn hơn %(most_total_mb)d MB. Hãy xóa bớt hoặc gửi ảnh cỡ nhỏ hơn."),
    "no_file": gettext_lazy("Chọn tệp hoặc chụp ảnh giấy tờ trước khi tải lên."),
    "no_kind": gettext_lazy("Chọn tệp này là giấy tờ gì."),
}


def refusal(code: str) -> str:
    """The sentence for a code."""
    return REFUSALS[code] % {
        "most_mb": MOST_BYTES // MEBIBYTE,
        "most_pages": MOST_PAGES,
        "most_files": MOST_FILES,
        "most_total_mb": MOST_TOTAL // MEBIBYTE,
    }


def limits() -> str:
    """What may be sent, before anybody tries."""
    return _("Ảnh JPEG, PNG, WebP hoặc tệp PDF; mỗi tệp không quá %(mb)d MB, nhiều nhất %(files)d tệp.") % {
        "mb": MOST_BYTES // MEBIBYTE,
        "files": MOST_FILES,
    }


def size(count: int) -> str:
    """“412 KB”, “1,2 MB”."""
    if count < MEBIBYTE:
        return f"{max(1, round(count / 1024))}\u00a0KB"
    return f"{count / MEBIBYTE:.1f}".replace(".", ",") + "\u00a0MB"
