"""Make certificates/fonts/ from the npm package @expo-google-fonts/tinos. Run by hand; the result is committed.

    npm pack @expo-google-fonts/tinos@0.4.2 && tar xzf expo-google-fonts-tinos-0.4.2.tgz
    uv run --group dev python script/local/subset_fonts.py package

Tinos has the widths of Times New Roman, which the circulars ask for, and every Vietnamese letter; it comes under the
SIL Open Font License 1.1 without a reserved name, so a subset may keep the name.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from fontTools import subset
from fontTools.ttLib import TTFont

from certificates.alphabet import PRINTABLE

TARGET = Path(__file__).resolve().parents[2] / "certificates" / "fonts"
FACES = {
    "400Regular/Tinos_400Regular.ttf": "Tinos-Regular.ttf",
    "400Regular_Italic/Tinos_400Regular_Italic.ttf": "Tinos-Italic.ttf",
    "700Bold/Tinos_700Bold.ttf": "Tinos-Bold.ttf",
    "700Bold_Italic/Tinos_700Bold_Italic.ttf": "Tinos-BoldItalic.ttf",
}


def subset_face(source: Path, target: Path) -> None:
    options = subset.Options()
    options.hinting = False  # printed, not shown on coarse screens; a third of the size
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl"]  # no ligatures: text must come out as it went in
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.recalc_timestamp = False  # the same input gives the same file
    font = TTFont(source, recalcTimestamp=False)
    missing = sorted(character for character in PRINTABLE if ord(character) not in font.getBestCmap())
    if missing:
        sys.exit(f"{source.name} has no {missing}: take them out of certificates/alphabet.py or find another font.")
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in PRINTABLE])
    subsetter.subset(font)
    font.save(target)
    print(f"{target.name}: {target.stat().st_size} bytes, {len(font.getBestCmap())} characters")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    package = Path(sys.argv[1])
    TARGET.mkdir(parents=True, exist_ok=True)
    for face, name in FACES.items():
        subset_face(package / face, TARGET / name)
    (TARGET / "OFL.txt").write_bytes((package / "LICENSE_FONT").read_bytes())
