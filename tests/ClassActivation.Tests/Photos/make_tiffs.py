#!/usr/bin/python3
"""Writes the TIFF files of the tests, and tiff/pillow.tsv with the fingerprints of what Pillow reads in them.

Most are written by Pillow; what it does not write is put together here by hand. The tests run none of this."""
import hashlib
import os
import struct
import sys

from PIL import Image, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "tiff")
PHOTO = Image.open(os.path.join(HERE, "..", "..", "..", "samples", "chelsea.png")).convert("RGB").crop((120, 90, 143, 107))
WIDTH, HEIGHT = PHOTO.size


def write(name, tags, strips, big_endian=False, big=False, pages=1, circle=False):
    """A TIFF by hand: tags is a list of (tag, type, values)."""
    e = ">" if big_endian else "<"
    sizes = {1: "B", 3: "H", 4: "I", 16: "Q"}
    out = bytearray((b"MM" if big_endian else b"II") + struct.pack(e + "H", 43 if big else 42))
    out += struct.pack(e + "HHQ", 8, 0, 0) if big else struct.pack(e + "I", 0)
    link = 8 if big else 4
    for _ in range(pages):
        offsets = []
        for strip in strips:
            offsets.append(len(out))
            out += strip
        entries = sorted(tags + [(273, 16 if big else 4, offsets), (279, 16 if big else 4, [len(s) for s in strips])])
        rows = []
        for tag, kind, values in entries:
            data = struct.pack(e + sizes[kind] * len(values), *values)
            if len(data) <= (8 if big else 4):
                data = data.ljust(8 if big else 4, b"\0")
            else:
                at = len(out)
                out += data
                data = struct.pack(e + ("Q" if big else "I"), at)
            rows.append(struct.pack(e + ("HHQ" if big else "HHI"), tag, kind, len(values)) + data)
        at = len(out)
        struct.pack_into(e + ("Q" if big else "I"), out, link, at)
        out += struct.pack(e + ("Q" if big else "H"), len(rows)) + b"".join(rows)
        link = len(out)
        out += struct.pack(e + ("Q" if big else "I"), at if circle else 0)
    with open(os.path.join(FOLDER, name), "wb") as file:
        file.write(out)


def tags(bits, photometric, **more):
    base = [(256, 3, [WIDTH]), (257, 3, [HEIGHT]), (258, 3, bits), (259, 3, [1]), (262, 3, [photometric]), (277, 3, [len(bits)]), (278, 3, [HEIGHT])]
    return base + [(int(tag[1:]), 3, values) for tag, values in more.items()]


def deep(image, big_endian=False):
    e = ">" if big_endian else "<"
    return b"".join(struct.pack(e + "H", (value * 257 + 77 * i) % 65536) for i, value in enumerate(image.tobytes()))


def main():
    os.makedirs(FOLDER, exist_ok=True)
    PHOTO.info.clear()
    grey, one, palette = PHOTO.convert("L"), PHOTO.convert("1"), PHOTO.quantize(50)
    alpha = PHOTO.copy()
    alpha.putalpha(grey)
    for compression in "raw", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits":
        PHOTO.save(os.path.join(FOLDER, f"rgb-{compression}.tif"), compression=compression)
        palette.save(os.path.join(FOLDER, f"palette-{compression}.tif"), compression=compression)
    for compression in "raw", "tiff_lzw", "packbits", "group3", "group4", "tiff_ccitt":
        one.save(os.path.join(FOLDER, f"bilevel-{compression}.tif"), compression=compression)
    PHOTO.save(os.path.join(FOLDER, "rgb-predictor.tif"), compression="tiff_lzw", tiffinfo={317: 2})
    grey.save(os.path.join(FOLDER, "grey-raw.tif"))
    grey.save(os.path.join(FOLDER, "grey-lzw.tif"), compression="tiff_lzw")
    alpha.save(os.path.join(FOLDER, "alpha.tif"), compression="tiff_lzw")
    for orientation in range(1, 9):
        PHOTO.save(os.path.join(FOLDER, f"orientation-{orientation}.tif"), compression="tiff_lzw", tiffinfo={274: orientation})
    PHOTO.save(os.path.join(FOLDER, "pages.tif"), save_all=True, append_images=[ImageOps.invert(PHOTO)], compression="tiff_lzw")
    PHOTO.save(os.path.join(FOLDER, "pages-mixed.tif"), save_all=True, append_images=[grey.resize((9, 31)), one, ImageOps.mirror(PHOTO)], compression="tiff_lzw")
    PHOTO.save(os.path.join(FOLDER, "strips.tif"), compression="tiff_lzw", strip_size=WIDTH * 3 * 4)

    rgb, rows = PHOTO.tobytes(), WIDTH * 3
    write("rgb-motorola.tif", tags([8, 8, 8], 2), [rgb], big_endian=True)
    write("rgb-bigtiff.tif", tags([8, 8, 8], 2), [rgb], big=True)
    write("rgb-bigtiff-motorola.tif", tags([8, 8, 8], 2), [rgb], big=True, big_endian=True)
    write("rgb-planes.tif", tags([8, 8, 8], 2, t284=[2]), [band.tobytes() for band in PHOTO.split()])
    write("circle.tif", tags([8, 8, 8], 2), [rgb], circle=True)
    write("grey-white-is-zero.tif", tags([8], 0), [grey.tobytes()])
    write("rgb-16.tif", tags([16] * 3, 2), [deep(PHOTO)])
    write("rgb-16-motorola.tif", tags([16] * 3, 2), [deep(PHOTO, True)], big_endian=True)
    write("alpha-16.tif", tags([16] * 4, 2, t338=[2]), [deep(alpha)])
    write("alpha-associated.tif", tags([8] * 4, 2, t338=[1]), [b"".join(bytes([p[0] * p[3] // 255, p[1] * p[3] // 255, p[2] * p[3] // 255, p[3]]) for p in alpha.getdata())])
    write("alpha-unspecified.tif", tags([8] * 4, 2, t338=[0]), [alpha.tobytes()])
    write("grey-16.tif", tags([16], 1), [deep(grey)])
    pack = lambda bits: b"".join(bytes(sum((v >> (8 - bits)) << (8 - bits - k * bits) for k, v in enumerate(row[i:i + 8 // bits])) for i in range(0, WIDTH, 8 // bits)) for row in (grey.tobytes()[y * WIDTH:(y + 1) * WIDTH] for y in range(HEIGHT)))
    write("grey-4.tif", tags([4], 1), [pack(4)])
    write("grey-2.tif", tags([2], 1), [pack(2)])
    ramp = [v * 256 for v in range(16)]
    write("palette-4.tif", tags([4], 3) + [(320, 3, ramp + ramp[::-1] + [v * 13 for v in ramp])], [pack(4)])
    write("palette-256.tif", tags([8], 3) + [(320, 3, [v * 256 for v in range(256)] + [(255 - v) * 256 for v in range(256)] + [v * 251 for v in range(256)])], [grey.tobytes()])
    with open(os.path.join(FOLDER, "bilevel-group4.tif"), "rb") as file:
        group4 = file.read()
    with open(os.path.join(FOLDER, "bilevel-group4-white-is-zero.tif"), "wb") as file:
        file.write(group4.replace(struct.pack("<HHIH", 262, 3, 1, 1), struct.pack("<HHIH", 262, 3, 1, 0)))
    write("cmyk.tif", tags([8] * 4, 5), [PHOTO.convert("CMYK").tobytes()])
    write("float.tif", tags([32], 1, t339=[3]), [struct.pack(f"<{WIDTH * HEIGHT}f", *grey.getdata())])
    PHOTO.save(os.path.join(FOLDER, "jpeg.tif"), compression="jpeg")
    tile = PHOTO.resize((16, 16)).tobytes()
    write("tiled.tif", [(256, 3, [16]), (257, 3, [16]), (258, 3, [8] * 3), (259, 3, [1]), (262, 3, [2]), (277, 3, [3]), (322, 3, [16]), (323, 3, [16])], [tile])

    with open(os.path.join(FOLDER, "pillow.tsv"), "w") as table:
        for name in sorted(os.listdir(FOLDER)):
            if not name.endswith(".tif"):
                continue
            # Pillow 9.4 does not know this order of bytes; the pixels are the photo's.
            image = PHOTO if name == "rgb-bigtiff-motorola.tif" else Image.open(os.path.join(FOLDER, name))
            # It turns a TIFF upright itself, but leaves the orientation in place.
            image.load()
            # Pillow's own 16-bit grey becomes white; associated alpha is rounded otherwise.
            if image.mode in ("F", "I;16", "I;16B") or name == "alpha-associated.tif":
                continue
            if image.mode in ("RGBA", "PA", "LA"):
                rgba = image.convert("RGBA")
                image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
            elif image.mode == "RGBX":
                image = image.convert("RGB")
            data = image.convert("RGB").tobytes()
            table.write(f"{name}\t{image.width}\t{image.height}\t{hashlib.sha256(data).hexdigest()[:16]}\n")

    with open(os.path.join(FOLDER, "pillow-pages.tsv"), "w") as table:
        for name in "pages.tif", "pages-mixed.tif", "rgb-raw.tif":
            image = Image.open(os.path.join(FOLDER, name))
            for page in range(image.n_frames):
                image.seek(page)
                data = image.convert("RGB").tobytes()
                table.write(f"{name}\t{page + 1}\t{image.n_frames}\t{image.width}\t{image.height}\t{hashlib.sha256(data).hexdigest()[:16]}\n")


sys.exit(main())
