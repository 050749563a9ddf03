"""Make the fonts of the web pages from Be Vietnam Pro: a Vietnamese subset and a companion face of even digits.

Run by hand when the design changes; what it writes is committed. The sources are the two TTF files of the npm package
`@expo-google-fonts/be-vietnam-pro` 0.4.1 (SIL Open Font Licence 1.1, no reserved font name):

    npm pack @expo-google-fonts/be-vietnam-pro@0.4.1 && tar xzf expo-google-fonts-be-vietnam-pro-0.4.1.tgz
    uv run --group dev python script/local/subset_ui_fonts.py package
"""

import argparse
import hashlib
import shutil
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[2] / "lltp_portal" / "static" / "lltp_portal" / "fonts"
SOURCES = {
    400: "400Regular/BeVietnamPro_400Regular.ttf",
    600: "600SemiBold/BeVietnamPro_600SemiBold.ttf",
}
DIGESTS = {
    400: "cb6f53d6fd56316356c55b067474d9621c27b7182b124063b8f6eab6acef63bd",
    600: "04db63d2a82dd4bb35ba25e00dab1d12febcd0e917856b174b71a24d6f0c9afa",
}
# Latin, the letters of Vietnamese, the marks that compose them, and the signs that the pages use.
LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x100), 0x102, 0x103, 0x110, 0x111, 0x128, 0x129, 0x168, 0x169]
LETTERS += [0x1A0, 0x1A1, 0x1AF, 0x1B0, *range(0x1EA0, 0x1EFA), 0x300, 0x301, 0x303, 0x309, 0x323]
LETTERS += [ord(sign) for sign in "₫–—‘’“”•…≈≠≤≥−×"]
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl"]
# The ten figures of the design are as wide as they are drawn (1 is 385 units, 4 is 710) and there is no `tnum`;
# a column of dates needs one width for all.
EVEN_ADVANCE = 650


def read(package, weight):
    """The source face, refused when its bytes are not those that the committed files were made from."""
    path = package / SOURCES[weight]
    if hashlib.sha256(path.read_bytes()).hexdigest() != DIGESTS[weight]:
        sys.exit(f"{path} is not the file of version 0.4.1; look at what changed, then change the digest here.")
    return TTFont(path)


def subset(font, codepoints):
    """Keep these characters; drop hinting, which modern screens do not read and which is a third of the file."""
    options = Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = [0, 1, 2, 13, 14]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codepoints)
    subsetter.subset(font)
    return font


def even_digits(font):
    """The digits alone, each centred in one advance."""
    subset(font, range(0x30, 0x3A))
    glyphs, metrics = font["glyf"], font["hmtx"]
    for codepoint in range(0x30, 0x3A):
        name = font.getBestCmap()[codepoint]
        advance, _ = metrics[name]
        glyph = glyphs[name]
        shift = (EVEN_ADVANCE - advance) // 2
        glyph.coordinates.translate((shift, 0))
        glyph.recalcBounds(glyphs)
        metrics[name] = (EVEN_ADVANCE, glyph.xMin)
    for table in ("GPOS", "GSUB", "GDEF", "kern"):
        if table in font:
            del font[table]
    return font


def write(font, name):
    """One WOFF2 file, the same bytes for the same input."""
    font.recalcTimestamp = False
    font.flavor = "woff2"
    font.save(FONTS / name)
    print(f"{name}: {(FONTS / name).stat().st_size} bytes")


def main():
    """Write the four faces and the licence beside each other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path, help="folder of the unpacked npm package")
    package = parser.parse_args().package
    FONTS.mkdir(parents=True, exist_ok=True)
    for weight in SOURCES:
        write(subset(read(package, weight), LETTERS), f"be-vietnam-pro-{weight}.woff2")
        write(even_digits(read(package, weight)), f"be-vietnam-pro-digits-{weight}.woff2")
    shutil.copyfile(package / "LICENSE_FONT", FONTS / "OFL.txt")


if __name__ == "__main__":
    main()
