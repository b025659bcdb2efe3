"""Makes wide.png, a photo whose colours are meant in the primaries of Adobe RGB (1998), and wide.srgb.png, the same in sRGB.

The profile holds three primaries, adapted to D50, and a gamma of 563/256, as the Adobe RGB (1998) Color Image Encoding gives
them. The second picture is LittleCMS' (through Pillow), with relative colorimetric intent. Needs python3-pil.
"""
import io
import struct
import sys

from PIL import Image, ImageCms


def fixed(*values):
    return b"".join(struct.pack(">i", round(v * 65536)) for v in values)


def profile():
    text = b"Wide\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(4 + 4 + 2 + 1 + 67),
        b"cprt": b"text\0\0\0\0CC0\0",
        b"wtpt": b"XYZ \0\0\0\0" + fixed(0.9642, 1.0, 0.8249),
        b"rXYZ": b"XYZ \0\0\0\0" + fixed(0.60974, 0.31111, 0.01947),
        b"gXYZ": b"XYZ \0\0\0\0" + fixed(0.20528, 0.62567, 0.06087),
        b"bXYZ": b"XYZ \0\0\0\0" + fixed(0.14919, 0.06322, 0.74457),
    }
    for name in (b"rTRC", b"gTRC", b"bTRC"):
        tags[name] = b"curv\0\0\0\0" + struct.pack(">IH", 1, 563)
    table, body, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        content += bytes(-len(content) % 4)
        table += name + struct.pack(">II", at + len(body), len(content))
        body += content
    header = struct.pack(">I4sI4s4s4s", at + len(body), bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + bytes(28) + fixed(0.9642, 1.0, 0.8249)
    return header + bytes(128 - len(header)) + table + body


folder = sys.argv[1] if len(sys.argv) > 1 else "."
wide = Image.new("RGB", (64, 48))
for y in range(48):
    for x in range(64):
        wide.putpixel((x, y), (60 + 30 * (x // 16), 80 + 20 * (y // 12), 200 - 25 * (x // 16)))
icc = profile()
wide.save(f"{folder}/wide.png", icc_profile=icc)
srgb = ImageCms.profileToProfile(wide, ImageCms.ImageCmsProfile(io.BytesIO(icc)), ImageCms.createProfile("sRGB"), renderingIntent=1)
srgb.info.pop("icc_profile", None)
srgb.save(f"{folder}/wide.srgb.png", icc_profile=None)
