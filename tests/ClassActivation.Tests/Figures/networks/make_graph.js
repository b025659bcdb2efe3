// Makes a small graph-model of TensorFlow.js with quantised weights, and what TensorFlow.js itself answers.
// npm install @tensorflow/tfjs@4.22.0, then: node make_graph.js (in this folder).
const tf = require('@tensorflow/tfjs');
const fs = require('fs');

let seed = 11;
const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
const SIDE = 32;
const nodes = [], specs = [], chunks = [];
const b64 = text => Buffer.from(text).toString('base64');
const ints = (...numbers) => ({ list: { i: numbers.map(String) } });

function constant(name, shape, type, low = -1, int = null) {
  const count = shape.reduce((a, b) => a * b, 1);
  nodes.push({ name, op: 'Const', attr: { dtype: { type: int ? 'DT_INT32' : 'DT_FLOAT' }, value: { tensor: { dtype: int ? 'DT_INT32' : 'DT_FLOAT', tensorShape: { dim: shape.map(size => ({ size: String(size) })) } } } } });
  if (int) { specs.push({ name, shape, dtype: 'int32' }); chunks.push(Buffer.from(Int32Array.from(int).buffer)); return name; }
  const spread = shape.length > 1 ? 1.5 / Math.sqrt(count / shape[shape.length - 1]) : 0.5;
  const numbers = Float32Array.from({ length: count }, () => low === -1 ? (2 * random() - 1) * spread : low + random());
  if (!type) { specs.push({ name, shape, dtype: 'float32' }); chunks.push(Buffer.from(numbers.buffer)); return name; }
  if (type === 'float16') {
    // Halves that are exact: multiples of 1/64 below 2.
    const half = Uint16Array.from(numbers, x => { const v = Math.round(x * 64) / 64, a = Math.abs(v); if (a === 0) return 0;
      const e = Math.floor(Math.log2(a)); return (v < 0 ? 0x8000 : 0) | ((e + 15) << 10) | Math.round((a / 2 ** e - 1) * 1024); });
    specs.push({ name, shape, dtype: 'float32', quantization: { dtype: 'float16' } }); chunks.push(Buffer.from(half.buffer)); return name;
  }
  const min = Math.min(...numbers), levels = type === 'uint8' ? 255 : 65535, scale = (Math.max(...numbers) - min) / levels;
  const quantized = (type === 'uint8' ? Uint8Array : Uint16Array).from(numbers, x => Math.round((x - min) / scale));
  specs.push({ name, shape, dtype: 'float32', quantization: { dtype: type, min, scale } }); chunks.push(Buffer.from(quantized.buffer)); return name;
}
function op(name, kind, input, attr = {}) { nodes.push({ name, op: kind, input, attr: { T: { type: 'DT_FLOAT' }, ...attr } }); return name; }
const window = (strides, padding) => ({ strides: ints(1, strides, strides, 1), dilations: ints(1, 1, 1, 1), padding: { s: b64(padding) }, data_format: { s: b64('NHWC') } });
const fused = (...names) => ({ fused_ops: { list: { s: names.map(b64) } }, num_args: { i: '1' }, epsilon: { f: 0 } });

nodes.push({ name: 'input', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim: [-1, SIDE, SIDE, 3].map(size => ({ size: String(size) })) } } } });
let x = op('scaled', 'Mul', ['input', constant('two', [], null, 2)]);
x = op('shifted', 'Sub', [x, constant('mean', [3], null, 0.4)]);
x = op('stem', '_FusedConv2D', [x, constant('stem/w', [3, 3, 3, 6], 'uint8'), constant('stem/b', [6], 'uint16')], { ...window(2, 'SAME'), ...fused('BiasAdd', 'Relu6') });
let y = op('padded', 'Pad', [x, constant('paddings', [4, 2], null, 0, [0, 0, 1, 1, 1, 1, 0, 0])]);
y = op('depthwise', 'FusedDepthwiseConv2dNative', [y, constant('depthwise/w', [3, 3, 6, 1], 'float16'), constant('depthwise/b', [6])], { ...window(1, 'VALID'), ...fused('BiasAdd', 'Relu') });
y = op('point', 'Conv2D', [y, constant('point/w', [1, 1, 6, 6], 'uint16')], window(1, 'SAME'));
y = op('biased', 'BiasAdd', [y, constant('point/b', [6])], { data_format: { s: b64('NHWC') } });
y = op('normal', 'FusedBatchNormV3', [y, constant('gamma', [6]), constant('beta', [6]), constant('moving', [6]), constant('variance', [6], null, 0.3)], { epsilon: { f: 0.001 }, data_format: { s: b64('NHWC') }, is_training: { b: false } });
// Squeeze and excite, with the shape that Keras computes.
const squeezed = op('squeezed', 'Mean', [y, constant('places', [2], null, 0, [1, 2])], { keep_dims: { b: false } });
op('shape', 'Shape', [squeezed]);
op('count', 'StridedSlice', ['shape', constant('from', [1], null, 0, [0]), constant('to', [1], null, 0, [1]), constant('step', [1], null, 0, [1])], { shrink_axis_mask: { i: '1' }, begin_mask: { i: '0' }, end_mask: { i: '0' }, ellipsis_mask: { i: '0' }, new_axis_mask: { i: '0' } });
op('wanted', 'Pack', ['count', constant('one', [], null, 0, [1]), constant('one_2', [], null, 0, [1]), constant('six', [], null, 0, [6])], { axis: { i: '0' }, N: { i: '4' } });
let s = op('spread', 'Reshape', [squeezed, 'wanted']);
s = op('excite', 'Sigmoid', [op('excited', 'Conv2D', [s, constant('excite/w', [1, 1, 6, 6])], window(1, 'VALID'))]);
y = op('gated', 'Mul', [y, s]);
x = op('sum', 'AddV2', [x, y]);
const largest = op('largest', 'MaxPool', [x], { ksize: ints(1, 3, 3, 1), ...window(2, 'SAME') });
const average = op('average', 'AvgPool', [x], { ksize: ints(1, 2, 2, 1), ...window(2, 'VALID') });
x = op('joined', 'ConcatV2', [largest, average, constant('axis', [], null, 0, [3])], { N: { i: '2' } });
x = op('leaky', 'LeakyRelu', [x], { alpha: { f: 0.1 } });
x = op('pooled', 'AvgPool', [x], { ksize: ints(1, 8, 8, 1), ...window(1, 'VALID') });
x = op('flat', 'Squeeze', [x], { squeeze_dims: ints(1, 2) });
x = op('hidden', '_FusedMatMul', [x, constant('hidden/w', [12, 5]), constant('hidden/b', [5])], { transpose_a: { b: false }, transpose_b: { b: false }, ...fused('BiasAdd', 'Elu') });
x = op('scores', 'MatMul', [x, constant('scores/w', [4, 5])], { transpose_a: { b: false }, transpose_b: { b: true } });
x = op('probabilities', 'Softmax', [x]);
x = op('Identity', 'Identity', [x]);

const data = Buffer.concat(chunks);
const signature = { inputs: { 'input:0': { name: 'input:0', dtype: 'DT_FLOAT' } }, outputs: { 'Identity:0': { name: 'Identity:0', dtype: 'DT_FLOAT' } } };
const model = { format: 'graph-model', generatedBy: '2.15.0', convertedBy: 'TensorFlow.js Converter v4.22.0', signature, modelTopology: { node: nodes, versions: { producer: 175 } }, weightsManifest: [{ paths: ['group1-shard1of1.bin'], weights: specs }] };
fs.mkdirSync('graph', { recursive: true });
fs.writeFileSync('graph/model.json', JSON.stringify(model));
fs.writeFileSync('graph/group1-shard1of1.bin', data);
const picture = Uint8Array.from({ length: SIDE * SIDE * 3 }, () => Math.floor(random() * 256));
(async () => {
  await tf.setBackend('cpu');
  const network = await tf.loadGraphModel({ load: async () => ({ ...model, weightSpecs: specs, weightData: data.buffer.slice(data.byteOffset, data.byteOffset + data.length) }) });
  const pixels = tf.tensor(Float32Array.from(picture), [1, SIDE, SIDE, 3]).div(255);
  const features = network.execute(pixels, 'leaky'), answers = network.predict(pixels);
  fs.writeFileSync('graph.json', JSON.stringify({ picture: Array.from(picture), features: Array.from(await features.transpose([0, 3, 1, 2]).data()), probabilities: Array.from(await answers.data()) }));
})();
