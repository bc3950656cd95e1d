import sax from 'sax';
import { BOX_ORIGIN } from '#core/tracks/track';
import type { ExchangeClip, ExchangeTrack, TrackFormat } from './trackFormat';
import { boxesBetween, rounded, type StatedBox, statedBoxes, TrackRows, wrongTracks } from './trackRows';

const TITLE = 'CVAT XML';

function escaped(text: string): string {
  const words: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  // Control characters may not stand in XML at all.
  return text
    .replaceAll(/[&<>"]/g, (letter) => words[letter] ?? letter)
    .replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, ' ');
}

function sidesOf({ box }: StatedBox): string {
  const [left, top] = [rounded(box.x, 3), rounded(box.y, 3)];
  const [right, bottom] = [rounded(box.x + box.width, 3), rounded(box.y + box.height, 3)];
  return `xtl="${left}" ytl="${top}" xbr="${right}" ybr="${bottom}"`;
}

/** A track's shapes: every box, and one that is `outside` behind each stretch, which ends it. */
function shapesOf({ name, track }: ExchangeTrack, frameCount: number): string[] {
  const lines: string[] = [];
  for (const stated of statedBoxes(track)) {
    const keyframe = stated.isInterpolated ? 0 : 1;
    const shape = (frame: number, outside: number, key: number) =>
      `    <box frame="${frame}" outside="${outside}" occluded="0" keyframe="${key}" ${sidesOf(stated)} z_order="0">` +
      `<attribute name="name">${escaped(name)}</attribute></box>`;
    lines.push(shape(stated.frame, 0, keyframe));
    const next = stated.frame + 1;
    const isLast = (track.origins[next - track.start] ?? BOX_ORIGIN.absent) === BOX_ORIGIN.absent;
    if (isLast && next < frameCount) lines.push(shape(next, 1, 1));
  }
  return lines;
}

interface Shape {
  stated: StatedBox;
  isOutside: boolean;
}

interface XmlTrack {
  key: string;
  name: string;
  shapes: Shape[];
}

function numberIn(attributes: Record<string, string>, name: string, where: string): number {
  const value = Number(attributes[name] ?? '');
  if (attributes[name] === undefined || attributes[name].trim() === '' || !Number.isFinite(value)) {
    throw wrongTracks(where, `${name} is "${(attributes[name] ?? '').slice(0, 20)}", expected a number`);
  }
  return value;
}

function shapeOf(attributes: Record<string, string>, where: string): Shape {
  const side = (name: string) => numberIn(attributes, name, where);
  const box = { x: side('xtl'), y: side('ytl'), width: side('xbr') - side('xtl'), height: side('ybr') - side('ytl') };
  const isInterpolated = attributes['keyframe'] === '0';
  return {
    stated: { frame: side('frame'), box, score: 1, isInterpolated },
    isOutside: attributes['outside'] === '1',
  };
}

/** The tracks as they stand in the file. Entities of a document type are not expanded: sax knows only those of XML. */
function parse(text: string): XmlTrack[] {
  const parser = sax.parser(true, {});
  const tracks: XmlTrack[] = [];
  let attribute = '';
  parser.onerror = (error) => {
    const [what = ''] = error.message.split('\n');
    throw wrongTracks(`The ${TITLE} file`, `it is not XML, line ${parser.line + 1} (${what.replace(/\.$/, '')})`);
  };
  parser.onopentag = ({ name, attributes }) => {
    const plain = attributes as Record<string, string>;
    const track = tracks.at(-1);
    attribute = name === 'attribute' ? (plain['name'] ?? '') : '';
    if (name === 'image') throw wrongTracks(`The ${TITLE} file`, 'it is for images, expected CVAT for video');
    if (name === 'track') tracks.push({ key: plain['id'] ?? String(tracks.length), name: '', shapes: [] });
    if (name === 'box' && track) track.shapes.push(shapeOf(plain, `Track ${track.key} of the ${TITLE} file`));
  };
  parser.ontext = (value) => {
    const track = tracks.at(-1);
    if (track && attribute === 'name' && track.name === '') track.name = value;
  };
  parser.onclosetag = () => {
    attribute = '';
  };
  parser.write(text).close();
  return tracks;
}

/** Shapes in order of frames; what lies between two of them runs straight, unless the first one is `outside`. */
function addShapes(rows: TrackRows, { key, name, shapes }: XmlTrack): void {
  const where = `Track ${key} of the ${TITLE} file`;
  const add = (stated: StatedBox) => rows.add(key, name === '' ? `Person ${key}` : name, stated, where);
  let before: Shape | undefined;
  for (const shape of [...shapes].sort((a, b) => a.stated.frame - b.stated.frame)) {
    if (before && !before.isOutside) for (const between of boxesBetween(before.stated, shape.stated)) add(between);
    if (!shape.isOutside) add(shape.stated);
    before = shape;
  }
}

/**
 * CVAT for video 1.1: tracks of boxes with `keyframe` and `outside`, px, frames from 0; the name is an attribute of each
 * box. Source: CVAT documentation, annotation format.
 */
export const cvatXml: TrackFormat = {
  id: 'cvat',
  title: TITLE,
  extension: 'xml',
  holds: { names: true, scores: false, interpolation: true, decimals: 3 },
  write: (tracks, clip) => new TextEncoder().encode(documentOf(tracks, clip)),
  read: (bytes, clip) => {
    const rows = new TrackRows(clip);
    for (const track of parse(new TextDecoder().decode(bytes))) addShapes(rows, track);
    return rows.tracks(TITLE);
  },
};

function documentOf(tracks: readonly ExchangeTrack[], { name, frameCount, width, height }: ExchangeClip): string {
  const attribute = '<attribute><name>name</name><mutable>False</mutable><input_type>text</input_type></attribute>';
  const lines = tracks.flatMap((track, index) => [
    `  <track id="${index + 1}" label="person" source="manual">`,
    ...shapesOf(track, frameCount),
    '  </track>',
  ]);
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<annotations>',
    '  <version>1.1</version>',
    `  <meta><task><name>${escaped(name)}</name><size>${frameCount}</size><mode>interpolation</mode>`,
    `    <start_frame>0</start_frame><stop_frame>${frameCount - 1}</stop_frame>`,
    `    <labels><label><name>person</name><attributes>${attribute}</attributes></label></labels>`,
    `    <original_size><width>${width}</width><height>${height}</height></original_size></task></meta>`,
    ...lines,
    '</annotations>',
    '',
  ].join('\n');
}
