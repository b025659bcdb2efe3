"""Writes detector.onnx and detector.json: a small network with the output of ultralytics' YOLO v8 and v11 (1 × 4 + classes × boxes: the
corners' distribution, decoded, above the classes' scores behind sigmoid) on two scales, with seeded weights, and what torch's autograd
gives in float64 for the scores of some boxes in its features.

    /usr/bin/python3 make_detector.py
"""
import json
import pathlib

import torch
from torch import nn

SIDE, CLASSES, BINS = 32, 3, 4
HERE = pathlib.Path(__file__).parent


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.SiLU(), nn.Conv2d(8, 12, 3, 2, 1), nn.SiLU())
        self.second = nn.Sequential(nn.Conv2d(12, 16, 3, 2, 1), nn.SiLU())
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.joined = nn.Sequential(nn.Conv2d(28, 12, 3, 1, 1), nn.SiLU())
        self.box = nn.ModuleList([nn.Conv2d(12, 4 * BINS, 1), nn.Conv2d(16, 4 * BINS, 1)])
        self.score = nn.ModuleList([nn.Conv2d(12, CLASSES, 1), nn.Conv2d(16, CLASSES, 1)])

    def features(self, image):
        fine = self.first(image)
        return fine, self.second(fine)

    def head(self, fine, coarse):
        scales = [self.joined(torch.cat([fine, self.up(coarse)], 1)), coarse]
        boxes, scores = [], []
        for i, maps in enumerate(scales):
            side, stride = maps.shape[2], SIDE // maps.shape[2]
            bins = self.box[i](maps).view(1, 4, BINS, side * side).softmax(2)
            distance = (bins * torch.arange(BINS, dtype=maps.dtype).view(1, 1, BINS, 1)).sum(2)
            y, x = torch.meshgrid(torch.arange(side) + 0.5, torch.arange(side) + 0.5, indexing="ij")
            centre = torch.stack([x.reshape(-1), y.reshape(-1)]).to(maps.dtype)[None]
            least, most = centre - distance[:, :2], centre + distance[:, 2:]
            boxes.append(torch.cat([(least + most) / 2, most - least], 1) * stride)
            scores.append(self.score[i](maps).view(1, CLASSES, side * side).sigmoid())
        return torch.cat([torch.cat(boxes, 2), torch.cat(scores, 2)], 1)

    def forward(self, image):
        fine, coarse = self.features(image)
        return coarse + 0, self.head(fine, coarse + 0)


torch.manual_seed(3)
network = Detector().eval()
image = torch.rand(1, 3, SIDE, SIDE)
torch.onnx.export(network, image, HERE / "detector.onnx", opset_version=13, input_names=["images"], output_names=["features", "output0"])
network = network.double()
fine, coarse = (value.detach() for value in network.features(image.double()))
coarse.requires_grad_(True)
output = network.head(fine, coarse)
figures = {"image": [round(value, 9) for value in image.flatten().tolist()], "shape": list(output.shape), "boxes": []}
for label, box in [(0, 5), (2, 40), (1, 66), (2, 79)]:
    gradient, = torch.autograd.grad(output[0, 4 + label, box], coarse, retain_graph=True)
    figures["boxes"].append({"class": label, "box": box, "score": output[0, 4 + label, box].item(), "gradient": gradient.flatten().tolist()})
(HERE / "detector.json").write_text(json.dumps(figures))
print(output.shape, coarse.shape)
