"""What is taken and what is not (V11; reliability of uploads E01 to E08). Told to people in words by `wording`."""

MEBIBYTE = 1024 * 1024
MOST_BYTES = 10 * MEBIBYTE  # of one file as it is sent
MOST_FILES = 12  # of one declaration
MOST_TOTAL = 40 * MEBIBYTE  # of one declaration, as it is kept
# One sending: every file at its largest would be more than anybody has; a body beyond this is not read to its end.
MOST_BODY = 60 * MEBIBYTE

MOST_PAGES = 40  # of a PDF
# A JPEG is decoded at a fraction of its size, the other formats whole: so a telephone's 50 megapixels are fine as
# JPEG, while a PNG of that size would cost 150 MB.
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
LONGEST_SIDE = 2000  # of a picture as it is kept: 170 dots an inch over A4, small print stays legible
MOST_EXIF = 64 * 1024  # one segment; more is no camera's

# A page with a full list of previews stays within the first load's 100 KiB (docs/look.md).
PREVIEW_SIZE = (96, 128)
MOST_PREVIEW_BYTES = 2800

# The cleaner's own process.
CLEANER_MEMORY = 512 * MEBIBYTE  # address space; most of it is the interpreter's and the libraries'
CLEANER_CPU_SECONDS = 8
CLEANER_SECONDS = 12
