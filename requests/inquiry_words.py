"""What each kind of agency is asked in the first draft of a letter; a clerk may change every word. Words only."""

from requests.sources import Source

_NEW_CRIME = "có bị khởi tố, điều tra, truy tố, xét xử về hành vi phạm tội mới hay không."
QUESTIONS: dict[str, str] = {
    Source.POLICE: (
        "Thông tin về tiền án, tiền sự, danh chỉ bản, lệnh bắt, quyết định khởi tố trước ngày 01/7/2010 của người có "
        "tên trên; nếu có, đề nghị gửi bản sao giấy tờ."
    ),
    Source.NATIONAL_CENTRE: "Thông tin lý lịch tư pháp của người có tên trên tại những nơi đã cư trú.",
    Source.MILITARY: (
        "Thông tin về án tích của người có tên trên trong thời gian tại ngũ, làm việc trong quân đội; nếu có, đề nghị "
        "gửi trích lục bản án."
    ),
    Source.COURT: (
        "Người có tên trên có bị Tòa án xét xử hay không; nếu có, đề nghị gửi trích lục bản án và giấy chứng nhận chấp "
        "hành xong bản án; nếu không có, đề nghị xác nhận không có bản án."
    ),
    Source.ENFORCEMENT: (
        "Tình hình thi hành hình phạt và các nghĩa vụ dân sự, án phí của người có tên trên; nếu không có giấy tờ, đề "
        "nghị xác nhận không có."
    ),
    Source.PROCURACY: (
        "Kết quả giải quyết vụ án đối với người có tên trên: truy tố, đình chỉ; nếu không có hồ sơ, đề nghị xác nhận "
        "không có."
    ),
    Source.PRISON: (
        "Thời gian chấp hành án, ngày chấp hành xong hình phạt tù của người có tên trên; nếu có, đề nghị gửi bản sao "
        "giấy chứng nhận chấp hành xong hình phạt tù."
    ),
    Source.COMMUNE: f"Trong thời gian cư trú tại địa phương, người có tên trên {_NEW_CRIME}",
    Source.PROSECUTING: f"Người có tên trên {_NEW_CRIME}",
}
