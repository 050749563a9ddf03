"""Invented Vietnam's words: shares after what is known of names (domain 12.3), for drawing, never real people."""

from random import Random

# Share of people, in tenths of a per cent; these and the tail below it make up everybody.
SURNAMES = {
    "Nguyễn": 384, "Trần": 110, "Lê": 95, "Phạm": 71, "Hoàng": 30, "Huỳnh": 21, "Phan": 45, "Vũ": 22, "Võ": 17,
    "Đặng": 21, "Bùi": 20, "Đỗ": 14, "Hồ": 13, "Ngô": 13, "Dương": 10, "Lý": 5, "Đinh": 9, "Trịnh": 8, "Đoàn": 8,
    "Mai": 7, "Trương": 9, "Lâm": 6, "Đào": 6, "Cao": 6, "Lương": 6, "Hà": 5, "Tô": 3, "Tạ": 3, "Thái": 3,
    "Châu": 2, "Quách": 2, "Vương": 2, "Tống": 2, "Phùng": 3, "Chu": 2, "Kiều": 1, "Nghiêm": 1, "La": 1, "Lưu": 3,
    "Nông": 2, "Lò": 2, "Vàng": 1, "Giàng": 1, "Sùng": 1, "Thạch": 2, "Kim": 1, "Lường": 1, "Quàng": 1, "Ma": 1,
    "Hứa": 1, "Sơn": 1, "Danh": 1,
}  # fmt: skip
MIDDLE = {
    "female": {
        "Thị": 52, "Ngọc": 9, "Thanh": 6, "Thu": 6, "Phương": 4, "Kim": 4, "Mỹ": 3, "Bảo": 2, "Hồng": 3, "Minh": 2,
        "Diệu": 1, "Bích": 2, "Khánh": 1, "Quỳnh": 1, "Hoài": 1, "Thùy": 1, "Tuyết": 1, "Xuân": 1,
    },
    "male": {
        "Văn": 36, "Đức": 9, "Minh": 7, "Quốc": 6, "Hữu": 6, "Công": 4, "Xuân": 4, "Đình": 5, "Gia": 2, "Thanh": 4,
        "Ngọc": 4, "Quang": 4, "Anh": 2, "Trọng": 2, "Thành": 2, "Tiến": 2, "Huy": 1, "Duy": 1, "Việt": 1, "Bá": 1,
        "Viết": 1, "Hoàng": 2, "Tuấn": 1,
    },
}  # fmt: skip
GIVEN = {
    "female": {
        "Hương": 30, "Lan": 26, "Hoa": 24, "Linh": 30, "Trang": 28, "Hà": 26, "Thảo": 26, "Ngọc": 22, "Mai": 22,
        "Phương": 26, "Yến": 18, "Nhung": 18, "Thúy": 16, "Vân": 20, "Anh": 26, "Hằng": 20, "Huyền": 18, "Nga": 18,
        "Hồng": 20, "Loan": 16, "Tuyết": 14, "Dung": 16, "Thủy": 18, "Hạnh": 14, "Hiền": 18, "Oanh": 12, "Liên": 12,
        "Thanh": 16, "Thu": 14, "Tâm": 12, "Nhi": 14, "My": 10, "Quỳnh": 12, "Ngân": 12, "Trinh": 10, "Trâm": 8,
        "Duyên": 10, "Diễm": 8, "Phượng": 12, "Bích": 8, "Cúc": 6, "Đào": 6, "Hòa": 8, "Hoài": 6, "Kiều": 6, "Lệ": 6,
        "Lý": 6, "Nguyệt": 10, "Sen": 4, "Thắm": 6, "Thơm": 6, "Thương": 10, "Tiên": 8, "Tươi": 3, "Uyên": 8, "Vy": 10,
        "Xuân": 10, "Xoan": 2, "Khoẻ": 1, "Hậu": 5, "Hoan": 3, "Hường": 8, "Ánh": 8, "Châu": 6, "Chi": 8, "Giang": 8,
        "Hảo": 4, "Hiếu": 3, "Huệ": 10, "Luyến": 4, "Lụa": 2, "Mận": 2, "Mơ": 2, "Na": 2, "Nhàn": 4, "Nụ": 2,
        "Sương": 5, "Thi": 4, "Thùy": 10, "Tình": 3, "Trúc": 6, "Tú": 4, "Út": 2, "Việt": 1, "Vui": 1, "Ước": 1,
    },
    "male": {
        "Hùng": 30, "Dũng": 28, "Tuấn": 34, "Minh": 28, "Nam": 26, "Long": 22, "Sơn": 24, "Hải": 24, "Quân": 18,
        "Thắng": 22, "Cường": 24, "Hiếu": 20, "Anh": 24, "Khánh": 12, "Phúc": 16, "Đức": 22, "Huy": 20, "Bình": 20,
        "Thành": 22, "Tùng": 16, "Trung": 18, "Hưng": 18, "Kiên": 12, "Việt": 12, "Đạt": 16, "Hoàng": 18, "Tâm": 10,
        "Thanh": 14, "Toàn": 14, "Phong": 12, "Quang": 14, "Hòa": 16, "Hà": 8, "Lâm": 8, "Tài": 12, "Tân": 8,
        "Thịnh": 8, "Vinh": 12, "Vũ": 12, "Duy": 12, "Giang": 8, "Hậu": 8, "Khoa": 8, "Lộc": 8, "Lợi": 8, "Mạnh": 12,
        "Nghĩa": 10, "Nhân": 8, "Phát": 8, "Phương": 8, "Quyết": 6, "Sang": 8, "Tiến": 14, "Tín": 6, "Tú": 10,
        "Tuyên": 5, "Thái": 8, "Thuận": 8, "Thủy": 4, "Trí": 6, "Trọng": 6, "Văn": 3, "Vương": 5, "Xuân": 4, "Chiến": 8,
        "Chung": 6, "Công": 6, "Cảnh": 4, "Danh": 4, "Điệp": 4, "Định": 4, "Đông": 5, "Hào": 5, "Hoan": 3, "Khải": 5,
        "Kỳ": 3, "Lực": 3, "Luân": 4, "Lý": 2, "Ngọc": 5, "Nguyên": 5, "Ninh": 3, "Phú": 5, "Quý": 8, "Quốc": 6,
        "Sỹ": 3, "Thiện": 5, "Thọ": 4, "Tiệp": 3, "Tính": 3, "Trường": 8, "Tý": 2, "Út": 2, "Ý": 1, "Hoá": 2, "Thùy": 1,
        "Đăng": 4, "Đại": 4, "Đoàn": 2,
    },
}  # fmt: skip
NICKNAMES = (
    "Tèo", "Tý", "Cu Tí", "Út Đen", "Bảy Lùn", "Tư Sẹo", "Hùng Còi", "Ba Gà", "Năm Lửa", "Cò", "Bi", "Tuấn Trọc",
    "Mập", "Sáu Râu", "Chín Búa", "Bé Ba", "Hai Lúa", "Tám Thẹo", "Đen", "Bống",
)  # fmt: skip
# Surname first does not hold for them: the whole is one person's name (domain 12.1).
MINORITY_FIRST = {"female": ("H'", "Ksor H'", "Rơ Châm H'", "Thị "), "male": ("Y ", "Ksor ", "Rơ Châm ", "A ", "K'")}
MINORITY_CALLED = (
    "Hen", "Moan", "Phôn", "Bhiông", "Blíp", "Wiên", "Mai", "Yar", "Krông", "Brèo", "Lăng", "Sô", "Thuyên", "Nhuên",
    "Kim", "Djhan", "Riêng", "Lai", "Bliă", "Nguôt", "Suôi", "Tliên", "Phước", "Rin",
)  # fmt: skip
MINORITY_CLAN = (
    "Niê", "Ênuôl", "Ayun", "Byă", "Êban", "Kbuôr", "Mlô", "Phát", "Adrơng", "Ktla", "Bkrông", "Knul", "Hmok", "Kpă",
)  # fmt: skip
# The habit of the typist shows in these: the mark on the first or on the second vowel.
TONE_GIVEN = {
    "female": ("Hòa", "Thúy", "Thủy", "Thùy", "Khỏe", "Hóa", "Tòa"),
    "male": ("Hòa", "Hóa", "Thủy", "Thụy", "Khỏe", "Tỏa", "Thúy"),
}
Y_GIVEN = {"female": ("My", "Lý", "Mỹ", "Vy", "Quý", "Mỵ"), "male": ("Quý", "Kỳ", "Sỹ", "Lý", "Tý", "Vỹ")}
D_SURNAMES = ("Đặng", "Đỗ", "Đinh", "Đoàn", "Đào")
ETHNICITIES = (
    ("Kinh",) * 86
    + ("Tày", "Thái", "Mường", "Khmer", "Mông", "Nùng", "Dao", "Hoa", "Gia Rai", "Ê Đê")
    + (
        "Tày",
        "Thái",
        "Mường",
        "Khmer",
    )
)

# Thousands of inhabitants of the 63 provinces of 2024, rounded: weights, no statistics.
PROVINCES = {
    "01": 8500, "02": 900, "04": 540, "06": 330, "08": 800, "10": 760, "11": 640, "12": 480, "14": 1300, "15": 850,
    "17": 880, "19": 1340, "20": 800, "22": 1370, "24": 1900, "25": 1520, "26": 1200, "27": 1480, "30": 1950,
    "31": 2100, "33": 1290, "34": 1880, "35": 880, "36": 1880, "37": 1010, "38": 3720, "40": 3420, "42": 1320,
    "44": 920, "45": 650, "46": 1160, "48": 1230, "49": 1520, "51": 1250, "52": 1500, "54": 880, "56": 1260,
    "58": 600, "60": 1260, "62": 580, "64": 1610, "66": 1920, "67": 670, "68": 1340, "70": 1040, "72": 1190,
    "74": 2760, "75": 3260, "77": 1180, "79": 9400, "80": 1740, "82": 1790, "83": 1300, "84": 1020, "86": 1030,
    "87": 1600, "89": 1910, "91": 1750, "92": 1250, "93": 730, "94": 1200, "95": 930, "96": 1210,
}  # fmt: skip
PROVINCE_NAMES = {
    "01": "Hà Nội", "02": "Hà Giang", "04": "Cao Bằng", "06": "Bắc Kạn", "08": "Tuyên Quang", "10": "Lào Cai",
    "11": "Điện Biên", "12": "Lai Châu", "14": "Sơn La", "15": "Yên Bái", "17": "Hòa Bình", "19": "Thái Nguyên",
    "20": "Lạng Sơn", "22": "Quảng Ninh", "24": "Bắc Giang", "25": "Phú Thọ", "26": "Vĩnh Phúc", "27": "Bắc Ninh",
    "30": "Hải Dương", "31": "Hải Phòng", "33": "Hưng Yên", "34": "Thái Bình", "35": "Hà Nam", "36": "Nam Định",
    "37": "Ninh Bình", "38": "Thanh Hóa", "40": "Nghệ An", "42": "Hà Tĩnh", "44": "Quảng Bình", "45": "Quảng Trị",
    "46": "Thừa Thiên Huế", "48": "Đà Nẵng", "49": "Quảng Nam", "51": "Quảng Ngãi", "52": "Bình Định",
    "54": "Phú Yên", "56": "Khánh Hòa", "58": "Ninh Thuận", "60": "Bình Thuận", "62": "Kon Tum", "64": "Gia Lai",
    "66": "Đắk Lắk", "67": "Đắk Nông", "68": "Lâm Đồng", "70": "Bình Phước", "72": "Tây Ninh", "74": "Bình Dương",
    "75": "Đồng Nai", "77": "Bà Rịa - Vũng Tàu", "79": "Hồ Chí Minh", "80": "Long An", "82": "Tiền Giang",
    "83": "Bến Tre", "84": "Trà Vinh", "86": "Vĩnh Long", "87": "Đồng Tháp", "89": "An Giang", "91": "Kiên Giang",
    "92": "Cần Thơ", "93": "Hậu Giang", "94": "Sóc Trăng", "95": "Bạc Liêu", "96": "Cà Mau",
}  # fmt: skip


def drawable(weights: dict[str, int], slots: int = 2000) -> tuple[str, ...]:
    """Each word as often as its share, so that one random index draws: the fastest way in plain Python."""
    total = sum(weights.values())
    return tuple(word for word, weight in weights.items() for _ in range(max(1, round(weight * slots / total))))


def pick(words: tuple[str, ...], random: Random) -> str:
    return words[int(random.random() * len(words))]
