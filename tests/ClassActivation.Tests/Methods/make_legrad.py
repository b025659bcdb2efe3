"""Makes small-vit.onnx and legrad.json: LeGrad (Bousselham et al. 2024) of a small vision transformer by torch's autograd, in float64.

Run in the repository's root: python3 tests/ClassActivation.Tests/Methods/make_legrad.py
The network is torchvision's with seeded weights, written by torch's own exporter. The method is written here from the paper and the
definition in its authors' program: the mean of a block's tokens, through the last normalisation and the classifier, differentiated by
that block's attention probabilities alone.
"""
import copy
import json
import pathlib
import warnings

import numpy
import torch
from PIL import Image
from torch.nn import functional
from torchvision.models.vision_transformer import VisionTransformer

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
folder = pathlib.Path(__file__).resolve().parent
samples = folder.parents[2] / "samples"
SIDE, PATCH, BLOCKS, HEADS, WIDTH, CLASSES = 32, 8, 3, 3, 24, 5

torch.manual_seed(17)
network = VisionTransformer(SIDE, PATCH, BLOCKS, HEADS, WIDTH, 2 * WIDTH, num_classes=CLASSES).eval()
generator = torch.Generator().manual_seed(18)
for name, parameter in network.named_parameters():
    if parameter.dim() == 1 or "pos_embedding" in name or "class_token" in name:
        parameter.data.add_(torch.randn(parameter.shape, generator=generator) * 0.2)
network.heads.head.weight.data.copy_(torch.randn(network.heads.head.weight.shape, generator=generator))
torch.onnx.export(network, torch.randn(1, 3, SIDE, SIDE), str(folder / "small-vit.onnx"), opset_version=14, input_names=["input"], output_names=["output"])


def legrad(network, image, target):
    tokens = network._process_input(image)
    tokens = torch.cat([network.class_token.expand(1, -1, -1), tokens], 1) + network.encoder.pos_embedding
    total = 0
    for block in network.encoder.layers:
        x = block.ln_1(tokens)
        attention = block.self_attention
        count = x.shape[1]
        q, k, v = functional.linear(x, attention.in_proj_weight, attention.in_proj_bias).chunk(3, -1)
        q, k, v = (part.reshape(count, HEADS, WIDTH // HEADS).transpose(0, 1) for part in (q, k, v))
        probabilities = (q @ k.transpose(1, 2) / (WIDTH // HEADS) ** 0.5).softmax(-1)
        mixed = (probabilities @ v).transpose(0, 1).reshape(1, count, WIDTH)
        tokens = tokens + attention.out_proj(mixed)
        tokens = tokens + block.mlp(block.ln_2(tokens))
        score = network.heads(network.encoder.ln(tokens.mean(1)))[0] @ target
        (gradient,) = torch.autograd.grad(score, probabilities, retain_graph=True)
        total = total + gradient.relu().mean((0, 1))
    logits = network.heads(network.encoder.ln(tokens)[:, 0])[0]
    return logits, (total / BLOCKS)[1:].reshape(SIDE // PATCH, SIDE // PATCH)


figures = {}
exact = copy.deepcopy(network).double()
for name in ("chelsea.png", "coffee.png"):
    photo = Image.open(samples / name).convert("RGB").resize((SIDE, SIDE), Image.BILINEAR)
    pixels = (numpy.array(photo) / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    image = torch.tensor(pixels.transpose(2, 0, 1)[None])
    figures[name] = {}
    for index in (0, 3):
        logits, relevance = legrad(exact, image, torch.eye(CLASSES, dtype=torch.float64)[index])
        assert torch.allclose(logits, exact(image)[0], atol=1e-9)
        figures[name][str(index)] = [float(f"{value:.8g}") for value in relevance.flatten().tolist()]
    # The difference of two logits is a target, too, and not the difference of their maps.
    figures[name]["0-3"] = [float(f"{value:.8g}") for value in legrad(
        exact, image, torch.tensor([1.0, 0, 0, -1, 0], dtype=torch.float64))[1].flatten().tolist()]
    figures[name]["logits"] = [float(f"{value:.8g}") for value in logits.tolist()]
(folder / "legrad.json").write_text(json.dumps(figures, indent=1) + "\n")
