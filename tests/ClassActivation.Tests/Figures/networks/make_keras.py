"""Makes small Keras files in the layouts of Keras 2 (.h5, as Teachable Machine's), Keras 3 (.h5) and .keras, and what they
answer, computed by PyTorch. Debian's python3-h5py, python3-torch and python3-numpy; run it in this folder."""
import io, json, os, zipfile
import h5py, numpy as np, torch
import torch.nn.functional as F

rng = np.random.default_rng(7)
SIDE = 32
weights = {}


def weight(name, *dims, low=None):
    spread = 1.5 / np.sqrt(max(1, int(np.prod(dims[:-1]))))
    a = rng.uniform(-spread, spread, dims) if low is None else rng.uniform(low, low + 1, dims)
    weights[name] = a.astype(np.float32)
    return torch.from_numpy(weights[name]).double()


def same(x, k, s):  # TensorFlow pads more at the end
    pads = []
    for n in (x.shape[3], x.shape[2]):
        total = max((-(-n // s) - 1) * s + k - n, 0)
        pads += [total // 2, total - total // 2]
    return pads


def conv(x, name, filters, k, s=1, padding='same', bias=True, depthwise=False, activation=None, kernel=None):
    c = x.shape[1]
    kernel = kernel or ('depthwise_kernel' if depthwise else 'kernel')
    w = weight(f'{name}/{kernel}', k, k, c, 1 if depthwise else filters)
    w = w.permute(2, 3, 0, 1) if depthwise else w.permute(3, 2, 0, 1)
    b = weight(f'{name}/bias', c if depthwise else filters) if bias else None
    x = F.pad(x, same(x, k, s)) if padding == 'same' else x
    x = F.conv2d(x, w, b, stride=s, groups=c if depthwise else 1)
    return activation(x) if activation else x


def norm(x, name, eps):
    c = x.shape[1]
    g, b = weight(f'{name}/gamma', c), weight(f'{name}/beta', c)
    m, v = weight(f'{name}/moving_mean', c), weight(f'{name}/moving_variance', c, low=0.3)
    return F.batch_norm(x, m, v, g, b, eps=eps)


def dense(x, name, units, bias=True):
    x = x @ weight(f'{name}/kernel', x.shape[1], units)
    return x + weight(f'{name}/bias', units) if bias else x


picture = rng.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
pixels = torch.from_numpy(picture.astype(np.float64)).permute(2, 0, 1)[None]
figures = {'picture': picture.flatten().tolist()}


def layer(kind, name, inbound=None, **config):
    entry = {'class_name': kind, 'config': {'name': name, **config}}
    if inbound is not None:
        entry |= {'name': name, 'inbound_nodes': [[[i, 0, 0, {}] for i in inbound]] if inbound else []}
    return entry


# Teachable Machine: a sequence of two sequences, the first of which begins with a network.
def teachable():
    x = pixels / 127.5 - 1
    x = F.pad(x, (0, 1, 0, 1))
    x = F.relu6(norm(conv(x, 'Conv1', 8, 3, 2, 'valid', bias=False), 'bn_Conv1', 1e-3))
    y = F.relu6(norm(conv(x, 'expanded_conv_depthwise', 8, 3, bias=False, depthwise=True), 'expanded_conv_depthwise_BN', 1e-3))
    y = norm(conv(y, 'expanded_conv_project', 8, 1, bias=False), 'expanded_conv_project_BN', 1e-3)
    features = x + y
    h = F.relu(dense(features.mean((2, 3)), 'dense_Dense1', 10))
    logits = dense(h, 'dense_Dense2', 3, bias=False)
    common = dict(padding='same', use_bias=False, activation='linear', data_format='channels_last', dilation_rate=[1, 1])
    bn = dict(axis=[3], epsilon=1e-3, center=True, scale=True)
    body = {'class_name': 'Functional', 'config': {'name': 'model1', 'layers': [
        layer('InputLayer', 'input_1', [], batch_input_shape=[None, SIDE, SIDE, 3], dtype='float32'),
        layer('ZeroPadding2D', 'Conv1_pad', ['input_1'], padding=[[0, 1], [0, 1]]),
        layer('Conv2D', 'Conv1', ['Conv1_pad'], filters=8, kernel_size=[3, 3], strides=[2, 2], **common | {'padding': 'valid'}),
        layer('BatchNormalization', 'bn_Conv1', ['Conv1'], **bn),
        layer('ReLU', 'Conv1_relu', ['bn_Conv1'], max_value=6.0, negative_slope=0.0, threshold=0.0),
        layer('DepthwiseConv2D', 'expanded_conv_depthwise', ['Conv1_relu'], kernel_size=[3, 3], strides=[1, 1], depth_multiplier=1, **common),
        layer('BatchNormalization', 'expanded_conv_depthwise_BN', ['expanded_conv_depthwise'], **bn),
        layer('ReLU', 'expanded_conv_depthwise_relu', ['expanded_conv_depthwise_BN'], max_value=6.0, negative_slope=0.0, threshold=0.0),
        layer('Conv2D', 'expanded_conv_project', ['expanded_conv_depthwise_relu'], filters=8, kernel_size=[1, 1], strides=[1, 1], **common),
        layer('BatchNormalization', 'expanded_conv_project_BN', ['expanded_conv_project'], **bn),
        layer('Add', 'out', ['Conv1_relu', 'expanded_conv_project_BN']),
    ], 'input_layers': [['input_1', 0, 0]], 'output_layers': [['out', 0, 0]]}}
    first = {'class_name': 'Sequential', 'config': {'name': 'sequential_1', 'layers': [
        body, layer('GlobalAveragePooling2D', 'global_average_pooling2d_GlobalAveragePooling2D1', data_format='channels_last')]}}
    second = {'class_name': 'Sequential', 'config': {'name': 'sequential_3', 'layers': [
        layer('Dense', 'dense_Dense1', batch_input_shape=[None, 8], units=10, activation='relu', use_bias=True),
        layer('Dense', 'dense_Dense2', units=3, activation='softmax', use_bias=False)]}}
    model = {'class_name': 'Sequential', 'config': {'name': 'sequential_4', 'layers': [first, second]}}
    os.makedirs('teachable', exist_ok=True)
    with h5py.File('teachable/keras_model.h5', 'w') as f:
        f.attrs['model_config'] = json.dumps(model).encode()
        f.attrs['keras_version'] = np.bytes_('2.4.0')
        f.attrs['backend'] = np.bytes_('tensorflow')
        g = f.create_group('model_weights')
        g.attrs['layer_names'] = [b'sequential_1', b'sequential_3']
        for name, value in weights.items():
            outer = 'sequential_3' if name.startswith('dense_') else 'sequential_1'
            path = f'{name}:0' if name.startswith('dense_') else f'{name}:0'
            g.require_group(outer).create_dataset(path, data=value)
        for outer in g:
            names = [n + ':0' for n in weights if n.startswith('dense_') == (outer == 'sequential_3')]
            g[outer].attrs['weight_names'] = [n.encode() for n in names]
    open('teachable/labels.txt', 'w').write('0 Cup\n1 Plant pot\n2 Nothing\n')
    figures['teachable'] = {'features': features[0].flatten().tolist(), 'probabilities': torch.softmax(logits, 1)[0].tolist()}


def tensor(name):
    return {'class_name': '__keras_tensor__', 'config': {'shape': [None], 'dtype': 'float32', 'keras_history': [name, 0, 0]}}


def layer3(kind, name, inbound, args=None, module='keras.layers', **config):
    if args is None:
        args = [tensor(inbound[0])] if len(inbound) == 1 else [[tensor(i) for i in inbound]]
    return {'module': module, 'class_name': kind, 'registered_name': None, 'name': name,
            'config': {'name': name, 'trainable': True, 'dtype': {'module': 'keras', 'class_name': 'DTypePolicy', 'config': {'name': 'float32'}}, **config},
            'inbound_nodes': [{'args': args, 'kwargs': {}}] if inbound else []}


# Keras 3: a network within a network, squeeze and excite, hard-swish of parts, and dense layers behind flattened maps.
def keras3():
    weights.clear()
    x = pixels / 255
    x = F.silu(conv(x, 'stem', 6, 3, 2))
    y = conv(x, 'deep', 6, 3, depthwise=True, kernel='kernel')
    y = norm(y, 'normal', 1e-3)
    y = y * (F.relu6(y + 3) * (1 / 6))
    s = y.mean((2, 3), keepdim=True)
    s = F.relu(conv(s, 'squeeze', 2, 1))
    s = torch.sigmoid(conv(s, 'excite', 6, 1))
    x = x + y * s
    c = x.shape[1]
    d = weight('separable/depthwise_kernel', 3, 3, c, 2).permute(2, 3, 0, 1).reshape(2 * c, 1, 3, 3)
    p = weight('separable/pointwise_kernel', 1, 1, 2 * c, 8).permute(3, 2, 0, 1)
    x = F.conv2d(F.conv2d(F.pad(x, same(x, 3, 1)), d, groups=c), p, weight('separable/bias', 8))
    x = F.max_pool2d(F.pad(F.elu(x), same(x, 3, 2), value=-np.inf), 3, 2)
    x = features = x[:, :, 1:-1, 1:-1]
    x = x.permute(0, 2, 3, 1).flatten(1)
    logits = dense(F.leaky_relu(dense(x, 'hidden', 7), 0.2), 'answers', 4)
    conv3 = dict(padding='same', use_bias=True, activation='linear', data_format='channels_last', dilation_rate=[1, 1], groups=1)
    inner = {'module': 'keras.src.models.functional', 'class_name': 'Functional', 'registered_name': 'Functional', 'name': 'body', 'config': {'name': 'body', 'layers': [
        layer3('InputLayer', 'pixels', [], batch_shape=[None, SIDE, SIDE, 3]),
        layer3('Rescaling', 'rescaling', ['pixels'], scale=1 / 255, offset=0.0),
        layer3('Conv2D', 'stem', ['rescaling'], filters=6, kernel_size=[3, 3], strides=[2, 2], **conv3 | {'activation': 'silu'}),
        layer3('DepthwiseConv2D', 'deep', ['stem'], kernel_size=[3, 3], strides=[1, 1], depth_multiplier=1, **conv3),
        layer3('BatchNormalization', 'normal', ['deep'], axis=-1, epsilon=1e-3, center=True, scale=True),
        layer3('Add', 'add_3', ['normal'], [tensor('normal'), 3.0], module='keras.src.ops.numpy'),
        layer3('ReLU', 'relu_6', ['add_3'], max_value=6.0, negative_slope=0.0, threshold=0.0),
        layer3('Multiply', 'sixth', ['relu_6'], [tensor('relu_6'), 1 / 6], module='keras.src.ops.numpy'),
        layer3('Multiply', 'swished', ['normal', 'sixth']),
        layer3('GlobalAveragePooling2D', 'pooled', ['swished'], keepdims=True),
        layer3('Conv2D', 'squeeze', ['pooled'], filters=2, kernel_size=[1, 1], strides=[1, 1], **conv3 | {'activation': 'relu'}),
        layer3('Conv2D', 'excite', ['squeeze'], filters=6, kernel_size=[1, 1], strides=[1, 1], **conv3 | {'activation': 'sigmoid'}),
        layer3('Multiply', 'scaled', ['swished', 'excite']),
        layer3('Add', 'residual', ['stem', 'scaled']),
        layer3('SeparableConv2D', 'separable', ['residual'], filters=8, kernel_size=[3, 3], strides=[1, 1], depth_multiplier=2, **conv3 | {'activation': 'elu'}),
        layer3('MaxPooling2D', 'maxima', ['separable'], pool_size=[3, 3], strides=[2, 2], padding='same', data_format='channels_last'),
    ], 'input_layers': ['pixels', 0, 0], 'output_layers': ['maxima', 0, 0]},
        'inbound_nodes': [{'args': [tensor('photo')], 'kwargs': {}}]}
    leaky = {'module': 'builtins', 'class_name': 'function', 'config': 'leaky_relu', 'registered_name': 'function'}
    model = {'module': 'keras.src.models.functional', 'class_name': 'Functional', 'registered_name': 'Functional', 'config': {'name': 'transfer', 'layers': [
        layer3('InputLayer', 'photo', [], batch_shape=[None, SIDE, SIDE, 3]),
        inner,
        layer3('Cropping2D', 'cropped', ['body'], cropping=[[1, 1], [1, 1]], data_format='channels_last'),
        layer3('Flatten', 'flat', ['cropped'], data_format='channels_last'),
        layer3('Dropout', 'dropout', ['flat'], rate=0.5),
        layer3('Dense', 'hidden', ['dropout'], units=7, activation=leaky, use_bias=True),
        layer3('Dense', 'answers', ['hidden'], units=4, activation='softmax', use_bias=True),
    ], 'input_layers': [['photo', 0, 0]], 'output_layers': [['answers', 0, 0]]}}
    order = ['kernel', 'depthwise_kernel', 'pointwise_kernel', 'gamma', 'beta', 'bias', 'moving_mean', 'moving_variance']
    folders = {'stem': 'functional/layers/conv2d', 'deep': 'functional/layers/depthwise_conv2d', 'normal': 'functional/layers/batch_normalization',
               'squeeze': 'functional/layers/conv2d_1', 'excite': 'functional/layers/conv2d_2', 'separable': 'functional/layers/separable_conv2d',
               'hidden': 'dense', 'answers': 'dense_1'}
    packed = io.BytesIO()
    with h5py.File(packed, 'w') as f:
        for name, folder in folders.items():
            own = sorted((w for w in weights if w.startswith(name + '/')), key=lambda w: order.index(w.split('/')[1]))
            for i, w in enumerate(own):
                f.create_dataset(f'layers/{folder}/vars/{i}', data=weights[w])
        f.create_group('vars')
    with zipfile.ZipFile('network.keras', 'w') as z:
        z.writestr('metadata.json', json.dumps({'keras_version': '3.5.0', 'date_saved': '2025-01-01@00:00:00'}))
        z.writestr('config.json', json.dumps(model))
        z.writestr('model.weights.h5', packed.getvalue())
    with h5py.File('keras3.h5', 'w') as f:
        f.attrs['model_config'] = json.dumps(model)
        f.attrs['keras_version'] = '3.5.0'
        g = f.create_group('model_weights')
        for w, value in weights.items():
            outer = 'body' if folders[w.split('/')[0]].startswith('functional') else w.split('/')[0]
            g.create_dataset(f'{outer}/{w}', data=value, **({'chunks': True, 'compression': 'gzip'} if value.size > 500 else {}))
        f.create_dataset('optimizer_weights/adam/hidden/kernel', data=np.zeros((2, 2), np.float32))
    figures['keras3'] = {'features': features[0].flatten().tolist(), 'probabilities': torch.softmax(logits, 1)[0].tolist()}


teachable()
keras3()
json.dump({k: v if k == 'picture' else {n: [float(f'{x:.8g}') for x in a] for n, a in v.items()} for k, v in figures.items()}, open('keras.json', 'w'))

# Groups that contain themselves, and a link into another file.
with h5py.File('loop.h5', 'w') as f:
    f.attrs['model_config'] = '{}'
    a = f.create_group('model_weights/a')
    a['again'] = f['model_weights']
    f['model_weights/elsewhere'] = h5py.ExternalLink('keras3.h5', '/model_weights')
