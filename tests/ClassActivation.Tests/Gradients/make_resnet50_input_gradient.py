"""Makes resnet50-input-gradient.json: torch's gradient of ResNet50's greatest logit in its pixels, in float64 and float32.

The photos are the five samples and their mirror images. Run in the repository's root: python3 tests/ClassActivation.Tests/Gradients/make_resnet50_input_gradient.py
The network's file is read with onnx, and its nodes are computed by torch, so that both programs have the same weights.
"""
import json
import pathlib

import numpy
import onnx
import onnx.numpy_helper
import torch
from PIL import Image
from torch.nn import functional

torch.set_num_threads(1)
root = pathlib.Path(__file__).resolve().parents[3]
model = onnx.load(str(root / "models" / "ResNet50.onnx"))
weights = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}


def run(image, dtype):
    values = {name: torch.tensor(array) for name, array in weights.items()}
    values = {name: value.to(dtype) if value.is_floating_point() else value for name, value in values.items()}
    values["image"] = image
    pixels = None
    for node in model.graph.node:
        attributes = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}
        inputs = [values[name] if name else None for name in node.input]
        x = inputs[0]
        if node.op_type == "Transpose":
            y = x.permute(*attributes["perm"])
        elif node.op_type == "Cast":
            y = pixels = x.to(dtype).requires_grad_()
        elif node.op_type == "Sub":
            y = x - inputs[1]
        elif node.op_type == "Conv":
            pads = attributes.get("pads", [0, 0, 0, 0])
            y = functional.conv2d(functional.pad(x, (pads[1], pads[3], pads[0], pads[2])), inputs[1], inputs[2], attributes.get("strides", [1, 1]))
        elif node.op_type == "Relu":
            y = x.relu()
        elif node.op_type == "Add":
            y = x + inputs[1]
        elif node.op_type == "Pad":
            pads = inputs[1].tolist()
            y = functional.pad(x, (pads[3], pads[7], pads[2], pads[6]))
        elif node.op_type == "MaxPool":
            y = functional.max_pool2d(x, attributes["kernel_shape"], attributes["strides"])
        elif node.op_type == "GlobalAveragePool":
            y = x.mean((2, 3), keepdim=True)
        elif node.op_type == "Flatten":
            y = x.flatten(1)
        elif node.op_type == "Gemm":
            y = x @ inputs[1] + inputs[2]
        elif node.op_type == "Softmax":
            y = x.softmax(1)
        else:
            raise ValueError(node.op_type)
        values[node.output[0]] = y
    logits = values["logits"]
    index = int(logits.argmax())
    (gradient,) = torch.autograd.grad(logits[0, index], pixels)
    return index, float(logits[0, index]), gradient[0].double().numpy()


def blocks(gradient):
    return gradient.sum(0).reshape(14, 16, 14, 16).sum((1, 3))


figures = {}
for name, mirrored in [(name, mirrored) for name in ("alps.jpg", "chelsea.png", "china.jpg", "coffee.png", "flower.jpg") for mirrored in (False, True)]:
    photo = Image.open(root / "samples" / name).convert("RGB").resize((224, 224), Image.BILINEAR)
    if mirrored:
        photo, name = photo.transpose(Image.FLIP_LEFT_RIGHT), name + " mirrored"
    image = torch.tensor(numpy.array(photo))[None]
    index, logit, exact = run(image, torch.float64)
    _, _, single = run(image, torch.float32)
    figures[name] = {
        "class": index,
        "logit": logit,
        "norm": float(numpy.linalg.norm(exact)),
        "block_sums": [float(f"{value:.9g}") for value in blocks(exact).ravel()],
        "torch_float32_distance": float(numpy.linalg.norm(blocks(single) - blocks(exact)) / numpy.linalg.norm(blocks(exact))),
        "torch_float32_norm_error": float(abs(numpy.linalg.norm(single) / numpy.linalg.norm(exact) - 1)),
    }
    print(name, {key: value for key, value in figures[name].items() if key != "block_sums"})
(pathlib.Path(__file__).parent / "resnet50-input-gradient.json").write_text(json.dumps(figures, indent=1) + "\n")
