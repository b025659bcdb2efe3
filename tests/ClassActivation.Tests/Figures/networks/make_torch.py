"""Exports two small networks with torch, and computes with torch and Pillow what they answer: a tagger, whose labels are
questions of their own, and a network of one number. Run with python3 make_torch.py ../../../../samples."""

import json
import sys
from pathlib import Path

import numpy
import torch
from PIL import Image

SIDE = 64
GREY = (0, 0, 0)


class Net(torch.nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.body = torch.nn.Sequential(
            torch.nn.Conv2d(3, 8, 3, 2, 1), torch.nn.ReLU(), torch.nn.Conv2d(8, 12, 3, 2, 1), torch.nn.ReLU(),
            torch.nn.Conv2d(12, 12, 3, 2, 1), torch.nn.ReLU())
        self.classifier = torch.nn.Linear(12, classes)

    def forward(self, x):
        return torch.sigmoid(self.classifier(self.body(x).mean((2, 3))))


def letterbox(path):
    photo = Image.open(path).convert("RGB")
    width, height = photo.size
    longer = max(width, height)
    size = (max(1, round(width * SIDE / longer)), max(1, round(height * SIDE / longer)))
    canvas = Image.new("RGB", (SIDE, SIDE), GREY)
    canvas.paste(photo.resize(size, Image.BILINEAR), ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
    return canvas


def main():
    here = Path(__file__).parent
    samples = Path(sys.argv[1])
    photos = {name: letterbox(samples / name) for name in ("chelsea.png", "coffee.png")}
    inputs = torch.stack([torch.from_numpy(numpy.asarray(p)).permute(2, 0, 1).float() / 255 for p in photos.values()])
    golden = {}
    for name, classes, seed in (("tagger", 4, 3), ("defect", 1, 5)):
        torch.manual_seed(seed)
        net = Net(classes).eval()
        with torch.no_grad():
            features = net.body(inputs)
            # The labels split between the photos, and answers lie well on both sides of a half.
            net.classifier.weight *= 8
            pooled = features.mean((2, 3)) @ net.classifier.weight.T
            net.classifier.bias.copy_(-pooled.mean(0))
            scale = 2 / (pooled - pooled.mean(0)).abs().mean(0)
            net.classifier.weight *= scale[:, None]
            net.classifier.bias *= scale
            if classes > 1:
                net.classifier.bias[0] += 4
            logits = net.classifier(features.mean((2, 3)))
            maps = torch.einsum("nkhw,ck->nchw", features, net.classifier.weight)
        torch.onnx.export(net, inputs[:1], here / f"{name}.onnx", input_names=["pixels"], output_names=["answers"], opset_version=13)
        golden[name] = {
            photo: {"logits": logits[i].tolist(), "maps": maps[i].flatten(1).tolist()} for i, photo in enumerate(photos)}
    (here / "torch.json").write_text(json.dumps(golden) + "\n")


main()
