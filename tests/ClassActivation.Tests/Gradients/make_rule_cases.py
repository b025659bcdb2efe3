"""One small case or several for each operator with a gradient: the ONNX nodes, the values, and what torch's autograd
gives in float64. Debian's python3-torch (1.13) made rule-cases.json:

    /usr/bin/python3 make_rule_cases.py > rule-cases.json
"""
import json
import sys

import torch
import torch.nn.functional as F

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)
CASES = []


def rand(*dims, low=-2.0, high=2.0):
    """Numbers of three decimals, no two of them nearer than that and none near a kink at a whole or a half number."""
    count = 1
    for d in dims:
        count *= d
    values = torch.linspace(low, high, count + 2)[1:-1][torch.randperm(count)]
    values = (values * 1000).round() / 1000
    near = ((values * 2) - (values * 2).round()).abs() < 0.02
    values = torch.where(near, values + 0.013, values)
    return values.reshape(dims)


def node(op, inputs, outputs='y', domain='', **attributes):
    return dict(op=op, domain=domain, inputs=inputs.split(), outputs=outputs.split(), attributes=attributes)


def ints(*values):
    return torch.tensor(values, dtype=torch.int64)


def tensor(t):
    kind = {torch.float64: 'float', torch.int64: 'int64', torch.bool: 'bool'}[t.dtype]
    data = [float(f'{v:.8g}') if kind == 'float' else int(v) for v in t.detach().reshape(-1).tolist()]
    return dict(type=kind, dims=list(t.shape), data=data)


def case(name, f, nodes, linear=False, opset=18, constants=None, **inputs):
    """f takes the inputs as torch tensors."""
    nodes = [nodes] if isinstance(nodes, dict) else nodes
    for n in nodes:
        n['inputs'] = ['' if i == '_' else i for i in n['inputs']]
    leaves = {k: v.clone().requires_grad_(True) for k, v in inputs.items()}
    y = f(*leaves.values())
    cotangent = rand(*y.shape)
    gradients = torch.autograd.grad(y, list(leaves.values()), cotangent, allow_unused=True)
    CASES.append(dict(
        name=name, opset=opset, linear=linear, nodes=nodes,
        inputs={k: tensor(v) for k, v in inputs.items()},
        constants={k: tensor(v) for k, v in (constants or {}).items()},
        y=tensor(y), cotangent=tensor(cotangent),
        gradients={k: tensor(g) for k, g in zip(leaves, gradients) if g is not None}))


x = rand(1, 3, 4, 5)
row = rand(1, 6)
positive = rand(1, 3, 4, low=0.3, high=3)

# Arithmetic, with broadcasting on either side
b = rand(3, 1, 5)
case('add', lambda x, b: x + b, node('Add', 'x b'), True, x=x, b=b)
case('sub', lambda x, b: x - b, node('Sub', 'x b'), True, x=x, b=b)
case('sub_reversed', lambda x, b: b - x, node('Sub', 'b x'), True, x=x, b=b)
case('mul', lambda x, b: x * b, node('Mul', 'x b'), x=x, b=b)
case('mul_itself', lambda x: x * x, node('Mul', 'x x'), x=x)
case('div', lambda x, b: x / b, node('Div', 'x b'), x=x, b=rand(3, 1, 5, low=0.5, high=3))
case('neg', lambda x: -x, node('Neg', 'x'), True, x=x)
case('abs', torch.abs, node('Abs', 'x'), x=x)
two, three, half = torch.tensor(2.0), torch.tensor(3.0), torch.tensor(0.5)
case('square', lambda x: x ** 2, node('Pow', 'x p'), x=x, constants=dict(p=two))
case('cube', lambda x: x ** 3, node('Pow', 'x p'), x=x, constants=dict(p=three))
case('root', lambda x: x ** 0.5, node('Pow', 'x p'), x=positive, constants=dict(p=half))
case('pow', lambda x, p: x ** p, node('Pow', 'x p'), x=positive, p=rand(3, 1))
case('sqrt', torch.sqrt, node('Sqrt', 'x'), x=positive)
case('exp', torch.exp, node('Exp', 'x'), x=x)
case('log', torch.log, node('Log', 'x'), x=positive)
case('reciprocal', torch.reciprocal, node('Reciprocal', 'x'), x=positive)
case('sin', torch.sin, node('Sin', 'x'), x=x)
case('cos', torch.cos, node('Cos', 'x'), x=x)
case('sum', lambda x, b, c: x + b + c, node('Sum', 'x b c'), True, x=x, b=b, c=rand(5))
case('mean', lambda x, b: (x + b) / 2, node('Mean', 'x b'), True, x=x, b=b)
case('min', torch.minimum, node('Min', 'x b'), x=x, b=b * 0.97)
case('max', torch.maximum, node('Max', 'x b'), x=x, b=b * 0.97)
case('clip', lambda x: x.clamp(-1, 0.7), node('Clip', 'x low high'), x=x, constants=dict(low=torch.tensor(-1.0), high=torch.tensor(0.7)))
case('clip_above', lambda x: x.clamp(max=0.7), node('Clip', 'x _ high'), x=x, constants=dict(high=torch.tensor(0.7)))
case('clip_opset6', lambda x: x.clamp(0, 6), node('Clip', 'x', min=0.0, max=6.0), opset=9, x=x * 4)
mask = rand(3, 4, 1) > 0
case('where', lambda x, b: torch.where(mask, x, b), node('Where', 'm x b'), True, x=x, b=b, constants=dict(m=mask))
case('floor', lambda x: x.floor() * 0 + x, [node('Floor', 'x', 'f'), node('Sub', 'f f', 'z'), node('Add', 'z x')], x=x)
case('ceil', lambda x: x.ceil() * 0 + x, [node('Ceil', 'x', 'f'), node('Sub', 'f f', 'z'), node('Add', 'z x')], x=x)
case('round', lambda x: x.round() * 0 + x, [node('Round', 'x', 'f'), node('Sub', 'f f', 'z'), node('Add', 'z x')], x=x)
case('sign', lambda x: x.sign() * x, [node('Sign', 'x', 's'), node('Mul', 's x')], x=x)

# Activation functions
case('relu', F.relu, node('Relu', 'x'), x=x)
case('leaky_relu', lambda x: F.leaky_relu(x, 0.2), node('LeakyRelu', 'x', alpha=0.2), x=x)
case('prelu', lambda x, s: torch.where(x > 0, x, x * s), node('PRelu', 'x s'), x=x, s=rand(3, 1, 1))
case('thresholded_relu', lambda x: F.threshold(x, 0.7, 0), node('ThresholdedRelu', 'x', alpha=0.7), x=x)
case('elu', lambda x: F.elu(x, 0.8), node('Elu', 'x', alpha=0.8), x=x)
case('selu', F.selu, node('Selu', 'x'), x=x)
case('celu', lambda x: F.celu(x, 0.8), node('Celu', 'x', alpha=0.8), x=x)
case('softplus', F.softplus, node('Softplus', 'x'), x=x)
case('softsign', F.softsign, node('Softsign', 'x'), x=x)
case('mish', F.mish, node('Mish', 'x'), x=x)
case('sigmoid', torch.sigmoid, node('Sigmoid', 'x'), x=x)
case('hard_sigmoid', lambda x: (0.3 * x + 0.4).clamp(0, 1), node('HardSigmoid', 'x', alpha=0.3, beta=0.4), x=x * 1.01)
case('hard_swish', F.hardswish, node('HardSwish', 'x'), x=x * 2.02)
case('tanh', torch.tanh, node('Tanh', 'x'), x=x)
case('erf', torch.erf, node('Erf', 'x'), x=x)
case('gelu', F.gelu, node('Gelu', 'x'), opset=20, x=x)
case('gelu_tanh', lambda x: F.gelu(x, approximate='tanh'), node('Gelu', 'x', approximate='tanh'), opset=20, x=x)
case('gelu_microsoft', F.gelu, node('Gelu', 'x', domain='com.microsoft'), x=x)
case('quick_gelu', lambda x: x * torch.sigmoid(1.702 * x), node('QuickGelu', 'x', domain='com.microsoft', alpha=1.702), x=x)
case('swish', lambda x: x * torch.sigmoid(x), node('Swish', 'x'), opset=24, x=x)

# Softmax, with the older meaning too
case('softmax', lambda x: x.softmax(-1), node('Softmax', 'x'), x=x)
case('softmax_channels', lambda x: x.softmax(1), node('Softmax', 'x', axis=1), x=x)
case('softmax_opset11', lambda x: x.flatten(1).softmax(1).reshape(x.shape), node('Softmax', 'x', axis=1), opset=11, x=x)
case('log_softmax', lambda x: x.log_softmax(1), node('LogSoftmax', 'x', axis=1), x=x)
case('log_softmax_opset11', lambda x: x.flatten(2).log_softmax(2).reshape(x.shape), node('LogSoftmax', 'x', axis=2), opset=11, x=x)

# Products
w = rand(6, 4)
case('matmul', lambda x: x @ w, node('MatMul', 'x w'), True, x=row, constants=dict(w=w))
case('matmul_tokens', lambda x: x @ w, node('MatMul', 'x w'), True, x=rand(1, 3, 6), constants=dict(w=w))
case('matmul_both', lambda a, b: a @ b, node('MatMul', 'a b'), a=rand(1, 2, 3, 4), b=rand(1, 2, 4, 5))
case('matmul_broadcast', lambda a, b: a @ b, node('MatMul', 'a b'), a=rand(2, 3, 4), b=rand(1, 4, 5))
case('matmul_vectors', lambda a, b: a @ b, node('MatMul', 'a b'), a=rand(4), b=rand(2, 4, 3))
case('matmul_column', lambda a, b: a @ b, node('MatMul', 'a b'), a=rand(2, 3, 4), b=rand(4))
bias = rand(4)
for ta in (0, 1):
    for tb in (0, 1):
        a = rand(6, 1) if ta else rand(1, 6)
        v = rand(4, 6) if tb else rand(6, 4)
        case(f'gemm_{ta}{tb}', lambda a, v, c: 0.7 * (a.t() if ta else a) @ (v.t() if tb else v) + 0.3 * c,
             node('Gemm', 'a v c', alpha=0.7, beta=0.3, transA=ta, transB=tb), a=a, v=v, c=bias)
case('gemm_constant', lambda x: x @ w + bias, node('Gemm', 'x w c'), True, x=row, constants=dict(w=w, c=bias))
case('einsum', lambda a, b: torch.einsum('bhqd,bhkd->bhqk', a, b), node('Einsum', 'a b', equation='bhqd,bhkd->bhqk'), a=rand(1, 2, 3, 4), b=rand(1, 2, 5, 4))
case('einsum_summed', lambda a, b: torch.einsum('ij,k->k', a, b), node('Einsum', 'a b', equation='ij,k->k'), a=rand(2, 3, low=-1), b=rand(4))

# Convolutions
x2 = rand(1, 4, 7, 8)
def conv(name, w, stride=1, pads=(0, 0, 0, 0), dilation=1, groups=1, inputs=x2, **attributes):
    strides = [stride] * 2 if isinstance(stride, int) else stride
    f = lambda x: F.conv2d(F.pad(x, (pads[1], pads[3], pads[0], pads[2])), w, None, strides, 0, dilation, groups)
    if not attributes:
        attributes = dict(pads=list(pads))
    case(name, f, node('Conv', 'x w', strides=strides, dilations=[dilation] * 2, group=groups, **attributes), True, x=inputs, constants=dict(w=w))
conv('conv', rand(3, 4, 3, 3), pads=(1, 1, 1, 1))
conv('conv_stride', rand(3, 4, 3, 3), stride=2, pads=(1, 1, 1, 1))
conv('conv_stride_uneven', rand(3, 4, 3, 2), stride=[2, 3], pads=(0, 1, 2, 0))
conv('conv_dilated', rand(2, 4, 3, 3), dilation=2, pads=(2, 2, 2, 2))
conv('conv_groups', rand(4, 2, 3, 3), groups=2, stride=2, pads=(1, 1, 1, 1))
conv('conv_depthwise', rand(4, 1, 3, 3), groups=4, pads=(1, 1, 1, 1))
conv('conv_pointwise_stride', rand(3, 4, 1, 1), stride=2)
conv('conv_same_upper', rand(3, 4, 3, 3), stride=2, pads=(1, 0, 1, 1), auto_pad='SAME_UPPER')
conv('conv_same_lower', rand(3, 4, 3, 3), stride=2, pads=(1, 1, 1, 0), auto_pad='SAME_LOWER')
conv('conv_valid', rand(3, 4, 3, 3), auto_pad='VALID')
w1 = rand(3, 4, 3)
case('conv_1d', lambda x: F.conv1d(x, w1, None, 2, 1), node('Conv', 'x w', strides=[2], pads=[1, 1]), True, x=rand(1, 4, 8), constants=dict(w=w1))
w3 = rand(2, 2, 2, 2, 2)
case('conv_3d', lambda x: F.conv3d(x, w3), node('Conv', 'x w'), True, x=rand(1, 2, 3, 3, 4), constants=dict(w=w3))
wt, tb = rand(4, 3, 3, 3), rand(3)
case('conv_transpose', lambda x: F.conv_transpose2d(x, wt, tb, 2, 1, 1), node('ConvTranspose', 'x w c', strides=[2, 2], pads=[1] * 4, output_padding=[1, 1]), True, x=rand(1, 4, 4, 3), constants=dict(w=wt, c=tb))
wg = rand(4, 2, 2, 2)
case('conv_transpose_groups', lambda x: F.conv_transpose2d(x, wg, None, 2, groups=2), node('ConvTranspose', 'x w', strides=[2, 2], group=2), True, x=rand(1, 4, 4, 3), constants=dict(w=wg))
case('conv_transpose_output_shape', lambda x: F.conv_transpose2d(x, wt, None, 2)[:, :, :8, :6], node('ConvTranspose', 'x w', strides=[2, 2], output_shape=[8, 6], auto_pad='SAME_UPPER'), True, x=rand(1, 4, 4, 3), constants=dict(w=wt))

# Normalisations
scale, shift, mean, variance = rand(3, low=0.5, high=1.5), rand(3), rand(3), rand(3, low=0.5, high=2)
case('batch_normalization', lambda x: F.batch_norm(x, mean, variance, scale, shift, eps=1e-3), node('BatchNormalization', 'x s b m v', epsilon=1e-3), True, x=x, constants=dict(s=scale, b=shift, m=mean, v=variance))
s5, b5 = rand(5, low=0.5, high=1.5), rand(5)
case('layer_normalization', lambda x: F.layer_norm(x, (5,), s5, b5), node('LayerNormalization', 'x s b'), x=x, constants=dict(s=s5, b=b5))
s45 = rand(4, 5, low=0.5, high=1.5)
case('layer_normalization_two_axes', lambda x: F.layer_norm(x, (4, 5), s45, None), node('LayerNormalization', 'x s', axis=2), x=x, constants=dict(s=s45))
case('layer_normalization_ten_nodes', lambda x: F.layer_norm(x, (5,), s5, b5), [
    node('ReduceMean', 'x', 'mean', axes=[-1]), node('Sub', 'x mean', 'c'), node('Pow', 'c two', 'q'), node('ReduceMean', 'q', 'v', axes=[-1]),
    node('Add', 'v e', 've'), node('Sqrt', 've', 'd'), node('Div', 'c d', 'n'), node('Mul', 'n s', 'ns'), node('Add', 'ns b')],
    opset=13, x=x, constants=dict(two=two, e=torch.tensor(1e-5), s=s5, b=b5))
case('instance_normalization', lambda x: F.instance_norm(x, None, None, scale, shift), node('InstanceNormalization', 'x s b'), x=x, constants=dict(s=scale, b=shift))
xg, s6, b6 = rand(1, 6, 2, 3), rand(6, low=0.5, high=1.5), rand(6)
case('group_normalization', lambda x: F.group_norm(x, 2, s6, b6), node('GroupNormalization', 'x s b', num_groups=2), opset=21, x=xg, constants=dict(s=s6, b=b6))
s2, b2 = rand(2, low=0.5, high=1.5), rand(2)
case('group_normalization_opset18', lambda x: F.group_norm(x, 2, s2.repeat_interleave(3), b2.repeat_interleave(3)), node('GroupNormalization', 'x s b', num_groups=2), x=xg, constants=dict(s=s2, b=b2))
rms = lambda x: x / (x.square().mean(-1, keepdim=True) + 1e-5).sqrt() * s5
case('rms_normalization', rms, node('RMSNormalization', 'x s'), opset=23, x=x, constants=dict(s=s5))
case('simplified_layer_normalization', rms, node('SimplifiedLayerNormalization', 'x s', axis=-1, epsilon=1e-5), x=x, constants=dict(s=s5))
case('mean_variance_normalization', lambda x: (x - x.mean((2, 3), keepdim=True)) / x.var((2, 3), unbiased=False, keepdim=True).sqrt(), node('MeanVarianceNormalization', 'x', axes=[2, 3]), x=x)
case('lp_normalization', lambda x: x / x.norm(dim=1, keepdim=True), node('LpNormalization', 'x', axis=1, p=2), x=x)
case('l1_normalization', lambda x: x / x.abs().sum(1, keepdim=True), node('LpNormalization', 'x', axis=1, p=1), x=x)

# Pooling
xp = rand(1, 3, 7, 6)
case('max_pool', lambda x: F.max_pool2d(x, 2), node('MaxPool', 'x', kernel_shape=[2, 2], strides=[2, 2]), x=xp)
case('max_pool_overlapping', lambda x: F.max_pool2d(x, 3, 2, 1), node('MaxPool', 'x', kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4), x=xp)
case('max_pool_ceil', lambda x: F.max_pool2d(x, 3, 2, ceil_mode=True), node('MaxPool', 'x', kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1), x=xp)
case('max_pool_dilated', lambda x: F.max_pool2d(x, 2, 1, dilation=2), node('MaxPool', 'x', kernel_shape=[2, 2], dilations=[2, 2]), x=xp)
case('average_pool', lambda x: F.avg_pool2d(x, 2), node('AveragePool', 'x', kernel_shape=[2, 2], strides=[2, 2]), True, x=xp)
case('average_pool_margin', lambda x: F.avg_pool2d(x, 3, 1, 1), node('AveragePool', 'x', kernel_shape=[3, 3], pads=[1] * 4, count_include_pad=1), True, x=xp)
case('average_pool_without_margin', lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False), node('AveragePool', 'x', kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4), True, x=xp)
case('average_pool_ceil', lambda x: F.avg_pool2d(x, (3, 4), (2, 3), ceil_mode=True, count_include_pad=False), node('AveragePool', 'x', kernel_shape=[3, 4], strides=[2, 3], ceil_mode=1), True, x=rand(1, 2, 8, 8))
case('average_pool_same', lambda x: F.avg_pool2d(F.pad(x, (0, 0, 0, 1)), 2, 2, divisor_override=1) / torch.tensor([4.0, 4, 4, 2]).reshape(1, 1, 4, 1), node('AveragePool', 'x', kernel_shape=[2, 2], strides=[2, 2], auto_pad='SAME_UPPER'), True, x=xp)
case('global_average_pool', lambda x: x.mean((2, 3), keepdim=True), node('GlobalAveragePool', 'x'), True, x=x)
case('global_max_pool', lambda x: x.amax((2, 3), keepdim=True), node('GlobalMaxPool', 'x'), x=x)

# Reductions
axes23, axis1 = ints(2, 3), ints(1)
case('reduce_sum', lambda x: x.sum((2, 3)), node('ReduceSum', 'x a', keepdims=0), True, x=x, constants=dict(a=axes23))
case('reduce_sum_opset11', lambda x: x.sum(1, keepdim=True), node('ReduceSum', 'x', axes=[1]), True, opset=11, x=x)
case('reduce_mean', lambda x: x.mean((2, 3), keepdim=True), node('ReduceMean', 'x a'), True, x=x, constants=dict(a=axes23))
case('reduce_mean_all', lambda x: x.mean(), node('ReduceMean', 'x', keepdims=0), True, x=x)
case('reduce_max', lambda x: x.amax((2, 3)), node('ReduceMax', 'x a', keepdims=0), x=x, constants=dict(a=axes23))
case('reduce_max_opset13', lambda x: x.amax(-1, keepdim=True), node('ReduceMax', 'x', axes=[-1]), opset=13, x=x)
case('reduce_min', lambda x: x.amin(1), node('ReduceMin', 'x a', keepdims=0), x=x, constants=dict(a=axis1))
case('reduce_l1', lambda x: x.abs().sum(1, keepdim=True), node('ReduceL1', 'x a'), x=x, constants=dict(a=axis1))
case('reduce_l2', lambda x: x.norm(dim=1), node('ReduceL2', 'x a', keepdims=0), x=x, constants=dict(a=axis1))
case('reduce_sum_square', lambda x: x.square().sum(1, keepdim=True), node('ReduceSumSquare', 'x a'), x=x, constants=dict(a=axis1))
case('reduce_log_sum_exp', lambda x: x.logsumexp(1, keepdim=True), node('ReduceLogSumExp', 'x a'), x=x, constants=dict(a=axis1))
case('reduce_log_sum', lambda x: x.sum(1, keepdim=True).log(), node('ReduceLogSum', 'x a'), x=positive, constants=dict(a=axis1))

# Shapes
case('identity', lambda x: x * 1, node('Identity', 'x'), True, x=x)
case('dropout', lambda x: x * 1, node('Dropout', 'x'), True, x=x)
case('dropout_opset7', lambda x: x * 1, node('Dropout', 'x', ratio=0.5), True, opset=7, x=x)
case('cast', lambda x: x * 1, [node('Cast', 'x', 'f', to=1), node('Identity', 'f')], True, x=x)
case('reshape', lambda x: x.reshape(1, 6, 10), node('Reshape', 'x s'), True, x=x, constants=dict(s=ints(1, 6, 10)))
case('reshape_batch', lambda x: x.reshape(6, 10), node('Reshape', 'x s'), True, x=x, constants=dict(s=ints(6, 10)))
case('flatten', lambda x: x.flatten(1), node('Flatten', 'x'), True, x=x)
case('squeeze', lambda x: x.squeeze(2), node('Squeeze', 'x a'), True, x=rand(1, 3, 1, 2), constants=dict(a=ints(2)))
case('squeeze_opset11', lambda x: x.squeeze(2), node('Squeeze', 'x', axes=[2]), True, opset=11, x=rand(1, 3, 1, 2))
case('unsqueeze', lambda x: x[:, :, None], node('Unsqueeze', 'x a'), True, x=rand(1, 3, 2), constants=dict(a=ints(2)))
case('unsqueeze_opset11', lambda x: x[:, :, None], node('Unsqueeze', 'x', axes=[2]), True, opset=11, x=rand(1, 3, 2))
case('transpose', lambda x: x.permute(0, 2, 3, 1), node('Transpose', 'x', perm=[0, 2, 3, 1]), True, x=x)
case('transpose_all', lambda x: x.permute(3, 2, 1, 0), node('Transpose', 'x'), True, x=x)
case('expand', lambda x: x.expand(2, 3, 4, 5), node('Expand', 'x s'), True, x=rand(3, 1, 5), constants=dict(s=ints(2, 3, 4, 1)))
case('tile', lambda x: x.tile(1, 2, 3), node('Tile', 'x r'), True, x=rand(1, 2, 3), constants=dict(r=ints(1, 2, 3)))
case('concat', lambda x, b: torch.cat([x, b, x], 1), node('Concat', 'x b x', axis=1), True, x=x, b=rand(1, 2, 4, 5))
case('split', lambda x: torch.cat([x[:, 2:], x[:, :2] * 3], 1), [node('Split', 'x s', 'p q', axis=1), node('Mul', 'p t', 'r'), node('Concat', 'q r', axis=1)], True, x=x, constants=dict(s=ints(2, 1), t=three))
case('split_opset11', lambda x: x[:, :, :2] * 3, [node('Split', 'x', 'p q', axis=2), node('Mul', 'p t')], True, opset=11, x=x, constants=dict(t=three))
xs = rand(1, 8, 2, 3)
case('depth_to_space', lambda x: F.pixel_shuffle(x, 2), node('DepthToSpace', 'x', blocksize=2, mode='CRD'), True, x=xs)
case('depth_to_space_dcr', lambda x: F.pixel_shuffle(x.reshape(1, 4, 2, 2, 3).transpose(1, 2).reshape(1, 8, 2, 3), 2), node('DepthToSpace', 'x', blocksize=2), True, x=xs)
case('space_to_depth', lambda x: F.pixel_unshuffle(x, 2).reshape(1, 2, 4, 2, 3).transpose(1, 2).reshape(1, 8, 2, 3), node('SpaceToDepth', 'x', blocksize=2), True, x=rand(1, 2, 4, 6))

# Parts and margins
case('slice', lambda x: x[:, 1:, 1:-1], node('Slice', 'x s e a'), True, x=x, constants=dict(s=ints(1, 1), e=ints(2 ** 62, -1), a=ints(1, 2)))
case('slice_opset9', lambda x: x[:, 1:, 1:3], node('Slice', 'x', starts=[1, 1], ends=[9, 3], axes=[1, 2]), True, opset=9, x=x)
case('slice_steps', lambda x: x[:, :, 1::2].flip(3), node('Slice', 'x s e a t'), True, x=x, constants=dict(s=ints(1, -1), e=ints(9, -(2 ** 62)), a=ints(2, 3), t=ints(2, -1)))
case('gather', lambda x: x[:, :, [1, 3, 1]], node('Gather', 'x i', axis=2), True, x=x, constants=dict(i=ints(1, 3, 1)))
case('gather_one', lambda x: x[:, -1], node('Gather', 'x i', axis=1), True, x=x, constants=dict(i=torch.tensor(-1)))
index = torch.tensor([[[0, 2, 0], [1, 1, 2]]])
case('gather_elements', lambda x: x.gather(2, index), node('GatherElements', 'x i', axis=2), True, x=rand(1, 2, 3), constants=dict(i=index))
case('gather_nd', lambda x: torch.stack([x[0, 1], x[0, 0], x[0, 1]]), node('GatherND', 'x i'), True, x=rand(1, 2, 3), constants=dict(i=torch.tensor([[0, 1], [0, 0], [0, 1]])))
case('pad', lambda x: F.pad(x, (1, 2, 0, 1)), node('Pad', 'x p'), True, x=x, constants=dict(p=ints(0, 0, 0, 1, 0, 0, 1, 2)))
case('pad_cut', lambda x: F.pad(x, (-1, 2)), node('Pad', 'x p _ a'), True, x=x, constants=dict(p=ints(-1, 2), a=ints(3)))
case('pad_opset9', lambda x: F.pad(x, (1, 2)), node('Pad', 'x', pads=[0, 0, 0, 1, 0, 0, 0, 2]), True, opset=9, x=x)
case('pad_reflect', lambda x: F.pad(x, (2, 1, 1, 2), 'reflect'), node('Pad', 'x p', mode='reflect'), True, x=x, constants=dict(p=ints(0, 0, 1, 2, 0, 0, 2, 1)))
case('pad_edge', lambda x: F.pad(x, (2, 1, 1, 2), 'replicate'), node('Pad', 'x p', mode='edge'), True, x=x, constants=dict(p=ints(0, 0, 1, 2, 0, 0, 2, 1)))
case('pad_wrap', lambda x: F.pad(x, (2, 1, 1, 2), 'circular'), node('Pad', 'x p', mode='wrap'), True, opset=19, x=x, constants=dict(p=ints(0, 0, 1, 2, 0, 0, 2, 1)))

# Resizing
twice = torch.tensor([1.0, 1, 2, 2])
case('resize_nearest', lambda x: F.interpolate(x, scale_factor=2), node('Resize', 'x _ s', coordinate_transformation_mode='asymmetric', nearest_mode='floor'), True, x=x, constants=dict(s=twice))
case('resize_linear', lambda x: F.interpolate(x, scale_factor=2, mode='bilinear'), node('Resize', 'x _ s', mode='linear'), True, x=x, constants=dict(s=twice))
case('resize_linear_corners', lambda x: F.interpolate(x, (7, 3), mode='bilinear', align_corners=True), node('Resize', 'x _ _ n', mode='linear', coordinate_transformation_mode='align_corners'), True, x=x, constants=dict(n=ints(1, 3, 7, 3)))
case('resize_cubic', lambda x: F.interpolate(x, (7, 9), mode='bicubic'), node('Resize', 'x _ _ n', mode='cubic', cubic_coeff_a=-0.75), True, x=x, constants=dict(n=ints(1, 3, 7, 9)))
case('resize_opset10', lambda x: F.interpolate(x, scale_factor=2), node('Resize', 'x s'), True, opset=10, x=x, constants=dict(s=twice))
case('upsample_opset7', lambda x: F.interpolate(x, scale_factor=2), node('Upsample', 'x', scales=[1.0, 1.0, 2.0, 2.0]), True, opset=7, x=x)
case('upsample_opset9', lambda x: F.interpolate(x, scale_factor=2), node('Upsample', 'x s'), True, opset=9, x=x, constants=dict(s=twice))

# A block of each kind, where gradients meet
case('residual', lambda x: F.relu(x) * torch.sigmoid(x) + x.mean((2, 3), keepdim=True), [node('Relu', 'x', 'r'), node('Sigmoid', 'x', 's'), node('Mul', 'r s', 'm'), node('GlobalAveragePool', 'x', 'g'), node('Add', 'm g')], x=x)

json.dump(CASES, sys.stdout, separators=(',', ':'))
sys.stdout.write('\n')
