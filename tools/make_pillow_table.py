#!/usr/bin/python3
"""Writes what Pillow reads in the photos below a folder: the table that build.ps1 -Task Conformance compares with.

    python3 tools/make_pillow_table.py FOLDER > tests/ClassActivation.Conformance/tables/NAME.tsv

A line has the path, width, height and SHA-256 of the upright RGB pixels of the first picture, transparency over white;
or the path and "refused". It needs Pillow (Debian: python3-pil), and is for making tables only."""
import hashlib
import os
import sys
import warnings

from PIL import Image, ImageOps

EXTENSIONS = {".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}


def over_white(image):
    if image.mode == "RGBX":
        return image.convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    elif image.mode.startswith("I"):
        # The upper byte: Pillow's own way makes all above 255 white.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("RGB")


def read(path):
    try:
        with Image.open(path) as image:
            image.load()
            if image.format != "TIFF":  # which Pillow turns upright itself
                image = ImageOps.exif_transpose(image)
            image = over_white(image)
            return f"{image.width}\t{image.height}\t{hashlib.sha256(image.tobytes()).hexdigest()}"
    except Exception:  # whatever it is, there are no pixels
        return "refused"


def main(folder):
    warnings.simplefilter("ignore")
    paths = sorted(os.path.join(top, name) for top, _, names in os.walk(folder) for name in names if os.path.splitext(name)[1].lower() in EXTENSIONS)
    for path in paths:
        print(os.path.relpath(path, folder).replace(os.sep, "/"), read(path), sep="\t")


if __name__ == "__main__":
    main(sys.argv[1])
