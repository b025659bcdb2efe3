
'use strict';
// Everything that comes from photos and networks is put into the page as text, never as markup.

const data = JSON.parse(document.getElementById('data').textContent);
const photos = data.photos;
const $ = selector => document.querySelector(selector);
const $$ = selector => [...document.querySelectorAll(selector)];

// ---- Numbers, in the reader's language

const whole = new Intl.NumberFormat();
const percent = new Intl.NumberFormat(undefined, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const wholePercent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });
const asPercent = value => value == null ? '–' : percent.format(value);
const asDecimal = value => value == null ? '–' : decimal.format(value);
const photoCount = count => `${whole.format(count)} ${count === 1 ? 'photo' : 'photos'}`;

// ---- Elements

const svgSpace = 'http://www.w3.org/2000/svg';

function add(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value == null) continue;
    if (name === 'onclick') element.addEventListener('click', value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter(child => child != null));
  return element;
}

const make = (name, attributes, ...children) => add(document.createElement(name), attributes, children);
const makeSvg = (name, attributes, ...children) => add(document.createElementNS(svgSpace, name), attributes, children);
const text = child => child instanceof Node ? child : document.createTextNode(child);
const row = (cell, values) => make('tr', null, ...values.map(value =>
  make(cell, { class: value?.number != null ? 'number' : null, scope: cell === 'th' ? 'col' : null }, text(value?.number ?? value))));
const table = (caption, heads, rows) => make('div', { class: 'wide' }, make('table', null,
  make('caption', null, caption), make('thead', null, row('th', heads)), make('tbody', null, ...rows.map(values => row('td', values)))));
const number = shown => ({ number: shown });

// ---- What is known of photos

photos.forEach((photo, index) => {
  photo.index = index;
  photo.best = photo.classes[0];
  photo.searched = [photo.path, photo.right, ...photo.classes.map(c => c.label)].filter(Boolean).join('\n').toLocaleLowerCase();
});

const mark = photo => photo.isRight == null ? '' : photo.isRight ? '✓ ' : '✗ ';
const described = photo => photo.isRight == null ? '' : photo.isRight ? 'right' : `wrong: it is ${photo.right}`;

function bytesOf(base64) {
  const characters = atob(base64);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

// The picture's address, and the values of each map; null while the browser has not read that far.
function heavyOf(photo) {
  const element = document.getElementById(`photo-${photo.index}`);
  if (!element?.nextSibling && document.readyState === 'loading') return null;
  if (!element) return { picture: '', maps: [] };
  const [picture, ...maps] = element.textContent.split('\n');
  return { picture, maps };
}

function valuesOf(photo, mapNumber) {
  const map = photo.maps[mapNumber];
  if (!map.values) {
    const bytes = bytesOf(heavyOf(photo).maps[mapNumber]);
    const view = new DataView(bytes.buffer);
    map.values = Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
  }
  return map.values;
}

// ---- Drawing maps

const colormaps = Object.fromEntries(Object.entries(data.colormaps).map(([name, rgb]) => [name, bytesOf(rgb)]));
const view = $('#view');
const settings = () => ({
  show: view.show.value,
  opacity: view.opacity.value / 100,
  threshold: view.threshold.value / 100,
  colormap: view.colormap.value,
  normalization: view.normalization.value,
  map: Number(view.map.value || 0),
});

// A map's value at a place of its photo, 0 to 1 across and down; null where the network did not look.
function valueAt(photo, mapNumber, across, down) {
  const map = photo.maps[mapNumber];
  const [left, top, width, height] = map.coverage;
  const x = (across * map.photoWidth - left) / width, y = (down * map.photoHeight - top) / height;
  return x < 0 || y < 0 || x > 1 || y > 1 ? null : interpolate(valuesOf(photo, mapNumber), map, x * (map.columns - 1), y * (map.rows - 1));
}

function interpolate(values, map, x, y) {
  const column = Math.min(Math.floor(x), Math.max(map.columns - 2, 0)), line = Math.min(Math.floor(y), Math.max(map.rows - 2, 0));
  const right = Math.min(column + 1, map.columns - 1), below = Math.min(line + 1, map.rows - 1);
  const dx = x - column, dy = y - line;
  const at = (r, c) => values[r * map.columns + c];
  return (at(line, column) * (1 - dx) + at(line, right) * dx) * (1 - dy) + (at(below, column) * (1 - dx) + at(below, right) * dx) * dy;
}

// The values that lie on the photo: where the network was shown a margin around it, those on a fine grid.
function seenValues(photo, mapNumber) {
  const [left, top, width, height] = photo.maps[mapNumber].coverage, { photoWidth, photoHeight } = photo.maps[mapNumber];
  if (left > -0.5 && top > -0.5 && left + width < photoWidth + 0.5 && top + height < photoHeight + 0.5) return valuesOf(photo, mapNumber);
  const steps = Array.from({ length: 65 }, (_, i) => i / 64);
  return steps.flatMap(down => steps.map(across => valueAt(photo, mapNumber, across, down)));
}

// The values that become the first and the last colour.
function rangeOf(photo, mapNumber, normalization) {
  const map = photo.maps[mapNumber], values = seenValues(photo, mapNumber);
  const smallest = values.reduce((a, b) => Math.min(a, b)), largest = values.reduce((a, b) => Math.max(a, b));
  const farthest = Math.max(Math.abs(smallest), Math.abs(largest));
  switch (normalization || map.normalization) {
    case 'Positive': return [0, largest];
    case 'Symmetric': return [-farthest, farthest];
    case 'None': return [0, 1];
    default: return [smallest, largest];
  }
}

const normalized = (value, [low, high]) => high > low ? Math.min(Math.max((value - low) / (high - low), 0), 1) : 0;

function paint(canvas, photo, mapNumber, chosen) {
  const map = photo.maps[mapNumber], values = valuesOf(photo, mapNumber);
  const width = canvas.width = photo.width, height = canvas.height = photo.height;
  const [left, top, coveredWidth, coveredHeight] = map.coverage;
  const scaleX = width / map.photoWidth, scaleY = height / map.photoHeight;
  const firstX = Math.round(left * scaleX), firstY = Math.round(top * scaleY);
  const across = Math.max(Math.round(coveredWidth * scaleX), 1), down = Math.max(Math.round(coveredHeight * scaleY), 1);
  const range = rangeOf(photo, mapNumber, chosen.normalization);
  const diverging = (chosen.normalization || map.normalization) === 'Symmetric' && chosen.colormap === 'jet';
  const colors = colormaps[diverging ? 'coolwarm' : chosen.colormap];
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  for (let y = Math.max(0, -firstY); y < down && y + firstY < height; y++) {
    const mapY = down > 1 ? y / (down - 1) * (map.rows - 1) : 0;
    for (let x = Math.max(0, -firstX); x < across && x + firstX < width; x++) {
      const value = normalized(interpolate(values, map, across > 1 ? x / (across - 1) * (map.columns - 1) : 0, mapY), range);
      if (value < chosen.threshold) continue;
      const color = 3 * Math.min(Math.floor(value * 256), 255), pixel = 4 * ((y + firstY) * width + x + firstX);
      image.data[pixel] = colors[color];
      image.data[pixel + 1] = colors[color + 1];
      image.data[pixel + 2] = colors[color + 2];
      image.data[pixel + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}

// Photo and map as two layers, in a box of a given size.
function fillFrame(frame, photo, mapNumber, maxWidth, maxHeight) {
  const heavy = photo.width ? heavyOf(photo) : { picture: '' };
  if (!heavy?.picture) {
    frame.replaceChildren(make('span', { class: 'nothing' }, heavy ? 'No picture' : '…'));
    return heavy != null;
  }
  const chosen = settings(), map = photo.maps[mapNumber];
  const scale = Math.min(maxWidth / photo.width, maxHeight / photo.height);
  frame.style.width = `${photo.width * scale}px`;
  frame.style.height = `${photo.height * scale}px`;
  const layers = [];
  if (chosen.show !== 'map' || !map) {
    layers.push(make('img', { src: heavy.picture, alt: map && chosen.show === 'both' ? `Photo with the map of ${map.label}.` : 'Photo.', decoding: 'async' }));
  }
  if (map && chosen.show !== 'photo') {
    const canvas = make('canvas', chosen.show === 'map' ? { role: 'img', 'aria-label': `Map of ${map.label}.` } : { 'aria-hidden': 'true' });
    canvas.style.opacity = chosen.show === 'map' ? 1 : chosen.opacity;
    paint(canvas, photo, mapNumber, chosen);
    layers.push(canvas);
  }
  const boxes = (photo.regions ?? []).filter(region => region.map === mapNumber);
  if (map && boxes.length) {
    layers.push(makeSvg('svg', { viewBox: `0 0 ${map.photoWidth} ${map.photoHeight}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      ...boxes.map(box => makeSvg('rect', { x: box.left, y: box.top, width: box.width, height: box.height }))));
  }
  frame.replaceChildren(...layers);
  return true;
}

// ---- The grid: only the cards near the window exist

const grid = $('#grid');
const gap = 10, textHeight = 88;
const shape = { columns: 1, width: 200, height: 200 };
const cards = new Map();
let shown = photos;
let scheduled = false;

function measure() {
  const width = grid.clientWidth;
  shape.columns = Math.max(width < 500 ? 2 : 1, Math.floor((width + gap) / (220 + gap)));
  shape.width = (width - gap * (shape.columns - 1)) / shape.columns;
  shape.picture = Math.round((shape.width - 16) * 0.75);
  shape.height = shape.picture + textHeight;
  grid.style.setProperty('--picture', `${shape.picture}px`);
  grid.style.height = `${Math.ceil(shown.length / shape.columns) * (shape.height + gap)}px`;
}

function makeCard(photo, place) {
  const best = photo.best;
  const frame = make('span', { class: 'frame' });
  const button = make('button', { type: 'button', class: 'card', 'data-place': place, onclick: () => openDetail(place) },
    make('span', { class: 'layers' }, frame),
    make('span', { class: 'line label' }, make('span', { class: 'mark' }, mark(photo)), best ? best.label : 'No class'),
    make('span', { class: 'line' }, best ? asPercent(best.probability) : '', photo.isRight === false ? ` – it is ${photo.right}` : ''),
    make('span', { class: 'line name' }, photo.name));
  return { item: make('li', { 'aria-setsize': shown.length, 'aria-posinset': place + 1 }, button), button, frame, complete: false };
}

function fill(card, photo) {
  card.complete = fillFrame(card.frame, photo, Math.min(settings().map, photo.maps.length - 1), shape.width - 16, shape.picture);
}

function renderGrid(everything = false) {
  scheduled = false;
  if ($('#photos').hidden) return;
  const rowHeight = shape.height + gap, start = grid.getBoundingClientRect().top;
  const first = everything ? 0 : Math.max(Math.floor((-start - rowHeight) / rowHeight), 0) * shape.columns;
  const last = everything ? shown.length : Math.min(Math.ceil((innerHeight - start + rowHeight) / rowHeight) * shape.columns, shown.length);
  for (const [place, card] of cards) {
    if ((place < first || place >= last) && !card.item.contains(document.activeElement)) {
      card.item.remove();
      cards.delete(place);
    }
  }
  let next = null;
  for (let place = last - 1; place >= first; place--) {
    let card = cards.get(place);
    if (!card) {
      card = makeCard(shown[place], place);
      cards.set(place, card);
      grid.insertBefore(card.item, next);
    }
    if (!card.complete) fill(card, shown[place]);
    const column = place % shape.columns, line = Math.floor(place / shape.columns);
    card.item.style.width = `${shape.width}px`;
    card.item.style.height = `${shape.height}px`;
    card.item.style.transform = `translate(${column * (shape.width + gap)}px, ${line * rowHeight}px)`;
    next = card.item;
  }
}

function scheduleGrid() {
  if (!scheduled) {
    scheduled = true;
    requestAnimationFrame(() => renderGrid());
  }
}

function rebuildGrid() {
  grid.replaceChildren();
  cards.clear();
  measure();
  renderGrid();
}

function repaint() {
  for (const card of cards.values()) card.complete = false;
  renderGrid();
  if ($('#detail').open) fillStage();
}

grid.addEventListener('keydown', event => {
  const from = Number(event.target.dataset?.place);
  const to = { ArrowLeft: from - 1, ArrowRight: from + 1, ArrowUp: from - shape.columns, ArrowDown: from + shape.columns, Home: 0, End: shown.length - 1 }[event.key];
  if (to === undefined || Number.isNaN(to) || to < 0 || to >= shown.length) return;
  event.preventDefault();
  focusCard(to);
});

function focusCard(place) {
  const rowHeight = shape.height + gap, top = grid.getBoundingClientRect().top + Math.floor(place / shape.columns) * rowHeight;
  if (top < 0 || top + rowHeight > innerHeight) scrollBy(0, top - (innerHeight - rowHeight) / 2);
  renderGrid();
  cards.get(place)?.button.focus({ preventScroll: true });
  renderGrid();
}

// ---- Choosing photos

const filters = $('#filters');

function chosenPhotos() {
  const words = filters.search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const [label, right, result] = [filters.label.value, filters.right.value, filters.result.value];
  const [from, to] = [filters.from, filters.to].map((input, i) => input.value === '' ? i : Number(input.value) / 100);
  const found = photos.filter(photo =>
    words.every(word => photo.searched.includes(word))
    && (!label || photo.best?.label === label)
    && (!right || photo.right === right)
    && (!result || photo.isRight === (result === 'right'))
    && (photo.best?.probability == null ? from <= 0 : photo.best.probability >= from && photo.best.probability <= to));
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;
  const probability = photo => photo.best?.probability ?? -1;
  switch (filters.sort.value) {
    case 'name': return found.sort((a, b) => compare(a.name, b.name));
    case 'label': return found.sort((a, b) => compare(a.best?.label ?? '', b.best?.label ?? '') || probability(b) - probability(a));
    case 'low': return found.sort((a, b) => probability(a) - probability(b));
    case 'high': return found.sort((a, b) => probability(b) - probability(a));
    default: return found;
  }
}

function choose() {
  shown = chosenPhotos();
  $('#count').textContent = shown.length === photos.length ? photoCount(shown.length) : `${whole.format(shown.length)} of ${photoCount(photos.length)}`;
  rebuildGrid();
}

function choosePhotosOf(values) {
  filters.reset();
  for (const [name, value] of Object.entries(values)) filters[name].value = value;
  showPart('photos');
  choose();
  $('#main').focus();
}

function fillOptions(select, all, values) {
  const counts = new Map();
  for (const value of values.filter(Boolean)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const labels = [...counts.keys()].sort(new Intl.Collator().compare);
  select.replaceChildren(make('option', { value: '' }, all), ...labels.map(label => make('option', { value: label }, `${label} (${whole.format(counts.get(label))})`)));
}

// ---- One photo

const detail = $('#detail'), stage = $('#stage');
let opened = 0, openedMap = 0, point = null;

function openDetail(place) {
  opened = place;
  openedMap = Math.max(Math.min(settings().map, shown[place].maps.length - 1), 0);
  point = null;
  $('#detail-name').textContent = shown[place].name;
  $('#facts').replaceChildren(...factsOf(shown[place]));
  if (!detail.open) detail.showModal();
  detail.scrollTop = 0;
  fillStage();
}

function fillStage() {
  const frame = make('div', { class: 'frame' });
  stage.replaceChildren(frame);
  fillFrame(frame, shown[opened], openedMap, stage.clientWidth, Math.max(innerHeight * 0.65, 200));
  stage.style.width = frame.style.width || '';
  $('#value').textContent = shown[opened].maps.length ? 'Point at the photo to read the map’s value there.' : '';
  if (point) showValue(...point);
  stage.style.width = '';
}

function showValue(across, down) {
  const photo = shown[opened], map = photo.maps[openedMap], frame = stage.firstChild;
  if (!map || !photo.width) return;
  point = [across, down];
  const value = valueAt(photo, openedMap, across, down);
  const share = value == null ? null : normalized(value, rangeOf(photo, openedMap, settings().normalization));
  const place = `x ${whole.format(Math.min(Math.floor(across * map.photoWidth), map.photoWidth - 1))}, y ${whole.format(Math.min(Math.floor(down * map.photoHeight), map.photoHeight - 1))}`;
  $('#value').textContent = value == null ? `${place}: outside of what the network saw` : `${place}: ${asDecimal(value)} (${wholePercent.format(share)} of the range)`;
  const dot = frame.querySelector('.point') ?? frame.appendChild(make('span', { class: 'point', 'aria-hidden': 'true' }));
  dot.style.left = `${100 * across}%`;
  dot.style.top = `${100 * down}%`;
}

function factsOf(photo) {
  const facts = [], map = photo.maps[openedMap];
  if (photo.right) facts.push(make('p', null, make('span', { class: 'mark' }, mark(photo)), photo.best ? `The first class is ${described(photo)}.` : `It is ${photo.right}.`));
  if (photo.maps.length > 1) {
    const select = make('select', null, ...photo.maps.map((m, i) => make('option', { value: i, selected: i === openedMap }, nameOf(m))));
    select.addEventListener('change', () => {
      openedMap = Number(select.value);
      $('#facts').replaceChildren(...factsOf(photo));
      $('#facts select').focus();
      fillStage();
    });
    facts.push(make('label', null, 'Map ', select));
  }
  if (photo.classes.length) {
    facts.push(table('Classes', ['Rank', 'Class', 'Probability', 'Logit'], photo.classes.map(c =>
      [number(whole.format(c.rank)), c.label, number(asPercent(c.probability)), number(asDecimal(c.logit))])));
  }
  const regions = (photo.regions ?? []).filter(region => region.map === openedMap);
  if (regions.length) {
    facts.push(table('Regions', ['Left', 'Top', 'Width', 'Height', 'Share', 'Peak'], regions.map(r =>
      [...[r.left, r.top, r.width, r.height].map(v => number(whole.format(v))), number(asPercent(r.share)), number(asDecimal(r.peak))])));
  }
  for (const figures of photo.figures ?? []) {
    facts.push(table(figures.title, ['Figure', 'Value'], figures.values.map(v => [v.name, number(asDecimal(v.value))])));
  }
  facts.push(make('h3', null, 'Where this comes from'), listOf([
    ['Photo', photo.address ? make('a', { href: photo.address }, photo.path) : photo.path],
    ['Network', map?.model ?? photo.best?.model],
    ['WordNet', photo.best?.wordNetId],
    ...map ? [
      ['Map', nameOf(map)],
      ['Contrast', map.contrast && `set against ${map.contrast}`],
      ['Photo’s size', `${whole.format(map.photoWidth)} × ${whole.format(map.photoHeight)} pixels`],
      ['Network’s input', `${whole.format(map.inputWidth)} × ${whole.format(map.inputHeight)} pixels, ${map.fit}, ${map.resampling}`],
      ['Scale', `${map.scale}${map.flip ? ', with the mirror image' : ''}`],
      ['Map’s cells', `${whole.format(map.rows)} × ${whole.format(map.columns)}, ${rangeOf(photo, openedMap, 'MinMax').map(asDecimal).join(' to ')}`],
      ['Bias', asDecimal(map.bias)],
    ] : [],
  ]));
  return facts;
}

const nameOf = map => `${map.label}, ${map.method}${map.contrast ? ` against ${map.contrast}` : ''}`;
const listOf = pairs => make('dl', null, ...pairs.filter(([, value]) => value).flatMap(([name, value]) => [make('dt', null, name), make('dd', null, text(value))]));

function step(by) {
  const place = opened + by;
  if (place < 0 || place >= shown.length) return;
  openDetail(place);
}

detail.addEventListener('click', event => {
  const button = event.target.closest('button');
  if (button?.dataset.step) step(Number(button.dataset.step));
  if (button && 'close' in button.dataset || event.target === detail) detail.close();
});
detail.addEventListener('close', () => focusCard(opened));
detail.addEventListener('keydown', event => {
  const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!by || event.target.matches('select, input')) return;
  if (event.target === stage) {
    const [across, down] = point ?? [0.5, 0.5], stride = event.shiftKey ? 0.1 : 0.02;
    showValue(Math.min(Math.max(across + by[0] * stride, 0), 1), Math.min(Math.max(down + by[1] * stride, 0), 1));
    event.preventDefault();
  } else if (by[0]) {
    step(by[0]);
    event.preventDefault();
  }
});
stage.addEventListener('pointermove', event => {
  const area = stage.firstChild.getBoundingClientRect();
  const across = (event.clientX - area.left) / area.width, down = (event.clientY - area.top) / area.height;
  if (across >= 0 && across <= 1 && down >= 0 && down <= 1) showValue(across, down);
});

// ---- Classes, right and wrong, and what could not be read

const steps = 10;

function histogramOf(found) {
  const counts = new Array(steps).fill(0);
  for (const photo of found) {
    if (photo.best.probability != null) counts[Math.min(Math.floor(photo.best.probability * steps), steps - 1)]++;
  }
  return counts;
}

function drawHistogram(counts, size) {
  const most = Math.max(...counts, 1);
  const said = counts.map((count, i) => count ? `${wholePercent.format(i / steps)} to ${wholePercent.format((i + 1) / steps)}: ${whole.format(count)}` : '').filter(Boolean).join('; ');
  return makeSvg('svg', { class: `histogram ${size}`, viewBox: '0 0 100 30', preserveAspectRatio: 'none', role: 'img', 'aria-label': `Photos by probability: ${said}` },
    makeSvg('title', null, said),
    ...counts.map((count, i) => makeSvg('rect', { x: i * 10 + 0.5, y: 30 - 30 * count / most, width: 9, height: 30 * count / most })),
    makeSvg('line', { x1: 0, x2: 100, y1: 30, y2: 30 }));
}

function fillClasses() {
  const groups = Map.groupBy?.(photos.filter(p => p.best), p => p.best.label) ?? groupBy(photos.filter(p => p.best), p => p.best.label);
  const known = photos.some(photo => photo.isRight != null);
  const counts = histogramOf(photos.filter(p => p.best));
  const rows = [...groups].sort((a, b) => b[1].length - a[1].length).map(([label, found]) => [
    make('button', { type: 'button', onclick: () => choosePhotosOf({ label }) }, label),
    number(whole.format(found.length)),
    number(asPercent(found.reduce((sum, p) => sum + p.best.probability, 0) / found.length)),
    ...known ? [number(shareRight(found))] : [],
    drawHistogram(histogramOf(found), 'small')]);
  $('#classes').replaceChildren(
    make('h2', null, 'How sure the network was'),
    drawHistogram(counts, 'large'),
    table('Photos by the probability of their first class', ['Probability', 'Photos'],
      counts.map((count, i) => [`${wholePercent.format(i / steps)} – ${wholePercent.format((i + 1) / steps)}`, number(whole.format(count))])),
    table('Photos by class', ['Class', 'Photos', 'Mean probability', ...known ? ['Right'] : [], `Probability, ${wholePercent.format(0)} to ${wholePercent.format(1)}`], rows));
}

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...groups.get(key(item)) ?? [], item]);
  return groups;
}

function shareRight(found) {
  const judged = found.filter(photo => photo.isRight != null);
  return judged.length ? asPercent(judged.filter(photo => photo.isRight).length / judged.length) : '–';
}

function fillConfusion() {
  const judged = photos.filter(photo => photo.isRight != null);
  const compare = new Intl.Collator().compare;
  const counts = new Map();
  for (const photo of judged) {
    const key = JSON.stringify([photo.right, photo.best.label]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const goTo = (right, label, shownText) => make('button', { type: 'button', 'aria-label': `${shownText}: ${right} taken for ${label}`, onclick: () => choosePhotosOf({ right, label }) }, shownText);
  const parts = [make('h2', null, 'Right and wrong'),
    make('p', null, `${whole.format(judged.filter(p => p.isRight).length)} of ${photoCount(judged.length)} right: ${shareRight(judged)}.`)];
  const rights = [...new Set(judged.map(p => p.right))].sort(compare);
  const labels = [...new Set(judged.map(p => p.best.label))].sort((a, b) => (rights.includes(b) - rights.includes(a)) || compare(a, b));
  if (rights.length <= 20 && labels.length <= 20) {
    const same = new Set(judged.filter(p => p.isRight).map(p => JSON.stringify([p.right, p.best.label])));
    parts.push(make('div', { class: 'wide' }, make('table', { class: 'matrix' },
      make('caption', null, 'What the photos show (rows), and what the network took them for (columns)'),
      make('thead', null, make('tr', null, make('td'), ...labels.map(label => make('th', { scope: 'col' }, label)))),
      make('tbody', null, ...rights.map(right => make('tr', null, make('th', { scope: 'row' }, right), ...labels.map(label => {
        const key = JSON.stringify([right, label]), count = counts.get(key);
        return make('td', { class: same.has(key) ? 'number same' : 'number' }, count ? goTo(right, label, `${same.has(key) ? '✓ ' : ''}${whole.format(count)}`) : '');
      })))))));
  }
  const mistakes = [...groupBy(judged.filter(p => !p.isRight), p => JSON.stringify([p.right, p.best.label]))].sort((a, b) => b[1].length - a[1].length).slice(0, 500);
  if (mistakes.length) {
    parts.push(table('Most frequent mistakes', ['It is', 'Taken for', 'Photos'], mistakes.map(([key, found]) => {
      const [right, label] = JSON.parse(key);
      return [right, label, goTo(right, label, whole.format(found.length))];
    })));
  }
  $('#confusion').replaceChildren(...parts);
}

function fillProblems() {
  $('#problems').replaceChildren(make('h2', null, 'Photos that could not be read'),
    table(`${photoCount(data.problems.length)}`, ['Photo', 'What happened', 'Error'], data.problems.map(problem => [problem.path, problem.message, problem.id])));
}

const fillers = { photos: choose, classes: fillClasses, confusion: fillConfusion, problems: fillProblems };

function showPart(name) {
  for (const button of $$('nav button')) {
    const isThis = button.dataset.part === name;
    if (isThis) button.setAttribute('aria-current', 'page');
    else button.removeAttribute('aria-current');
    document.getElementById(button.dataset.part).hidden = !isThis;
  }
  fillers[name]();
}

// ---- Start

function showSettings() {
  const chosen = settings();
  view.opacityText.value = wholePercent.format(chosen.opacity);
  view.thresholdText.value = wholePercent.format(chosen.threshold);
  const context = $('#scale').getContext('2d'), image = context.createImageData(256, 1), colors = colormaps[chosen.colormap];
  for (let i = 0; i < 256; i++) image.data.set([colors[3 * i], colors[3 * i + 1], colors[3 * i + 2], 255], 4 * i);
  context.putImageData(image, 0, 0);
}

function start() {
  document.title = $('#title').textContent = data.title;
  const models = [...new Set(photos.flatMap(photo => photo.classes.map(c => c.model)))];
  const created = new Date(data.created).toLocaleString(undefined, { dateStyle: 'long', timeStyle: 'short' });
  $('#summary').textContent = [photoCount(photos.length), ...data.problems.length ? [`${whole.format(data.problems.length)} not read`] : [], models.join(', '), created].filter(Boolean).join(' · ');
  const mostMaps = photos.reduce((most, photo) => Math.max(most, photo.maps.length), 0);
  const known = photos.some(photo => photo.isRight != null);
  for (const element of $$('[data-right], nav [data-part=confusion]')) element.hidden = !known;
  for (const element of $$('[data-map]')) element.hidden = mostMaps === 0;
  view.hidden = mostMaps === 0;
  $('[data-maps]').hidden = mostMaps < 2;
  $('[data-low]').textContent = 'little';
  $('[data-high]').textContent = 'much';
  const problems = $('nav [data-part=problems]');
  problems.hidden = data.problems.length === 0;
  problems.textContent = `Not read (${whole.format(data.problems.length)})`;
  fillOptions(filters.label, 'All classes', photos.map(photo => photo.best?.label));
  fillOptions(filters.right, 'All classes', photos.map(photo => photo.right));
  view.colormap.replaceChildren(...Object.keys(colormaps).map(name => make('option', { value: name, selected: name === data.colormap }, name)));
  view.map.replaceChildren(...Array.from({ length: Math.min(mostMaps, 20) }, (_, i) => make('option', { value: i }, whole.format(i + 1))));
  showSettings();
  $('#controls').open = innerWidth > 720;
  choose();

  $('#controls').addEventListener('toggle', scheduleGrid);
  filters.addEventListener('input', choose);
  filters.addEventListener('reset', () => setTimeout(choose));
  view.addEventListener('input', () => { showSettings(); requestAnimationFrame(repaint); });
  for (const form of [filters, view]) form.addEventListener('submit', event => event.preventDefault());
  $('nav').addEventListener('click', event => event.target.dataset.part && showPart(event.target.dataset.part));
  addEventListener('scroll', scheduleGrid, { passive: true });
  addEventListener('resize', () => { measure(); repaint(); });
  addEventListener('beforeprint', () => shown.length <= 2000 && renderGrid(true));
  addEventListener('afterprint', () => renderGrid());
  const whileLoading = setInterval(() => {
    renderGrid();
    if (document.readyState !== 'loading') clearInterval(whileLoading);
  }, 150);
}

start();
