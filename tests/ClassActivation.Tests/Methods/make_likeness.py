"""Makes small-dense.onnx and likeness.json: why two photos are alike to a small network, by torch's autograd, in float64.

Run in the repository's root: python3 tests/ClassActivation.Tests/Methods/make_likeness.py
The target is the cosine of both photos' pooled features, with the lengths held constant.
"""
import copy
import json
import pathlib
import warnings

import numpy
import torch
from PIL import Image
from torch import nn

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
folder = pathlib.Path(__file__).resolve().parent
samples = folder.parents[2] / "samples"
SIDE = 64

torch.manual_seed(23)
features = nn.Sequential(
    nn.Conv2d(3, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 12, 3, 2, 1), nn.Tanh(), nn.Conv2d(12, 16, 3, 2, 1), nn.ReLU())
network = nn.Sequential(
    features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10), nn.ReLU(), nn.Linear(10, 4)).eval()
torch.onnx.export(
    network, torch.randn(1, 3, SIDE, SIDE), str(folder / "small-dense.onnx"), opset_version=13, input_names=["input"], output_names=["output"])


def read(name):
    photo = Image.open(samples / name).convert("RGB").resize((SIDE, SIDE), Image.BILINEAR)
    pixels = (numpy.array(photo) / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    return torch.tensor(pixels.transpose(2, 0, 1)[None])


def flat(values):
    return [float(f"{value:.8g}") for value in values.flatten().tolist()]


exact = copy.deepcopy(features).double()
image = read("chelsea.png").requires_grad_()
inner = exact[:4](image)
last = exact[4:](inner)
f = last.mean((2, 3))[0]
r = exact(read("coffee.png")).mean((2, 3))[0].detach()
cosine = f @ r / (f.detach().norm() * r.norm())
last_gradient, inner_gradient, pixel_gradient = torch.autograd.grad(cosine, [last, inner, image])
(folder / "likeness.json").write_text(json.dumps({
    "cosine": float(cosine),
    "inner_shape": list(inner.shape[1:]),
    "last": {
        "HiResCam": flat((last_gradient * last)[0].sum(0)),
        "Cam": flat((last_gradient * last)[0].sum(0) * last.shape[2] * last.shape[3]),
        "LayerCam": flat((last_gradient.relu() * last)[0].sum(0)),
    },
    "inner": {
        "GradCam": flat((inner_gradient.mean((2, 3), keepdim=True) * inner)[0].sum(0)),
        "HiResCam": flat((inner_gradient * inner)[0].sum(0)),
    },
    "pixels": {"Saliency": flat(pixel_gradient[0].abs().amax(0))[::97]},
}, indent=1) + "\n")
