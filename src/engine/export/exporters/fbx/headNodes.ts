import type { ExportClip } from '../../exportClip';
import { sampledProvenance } from '../../provenance';
import type { SampleGrid } from '../../sampleGrid';
import {
  CREATION_TIME,
  FBX_VERSION,
  FILE_ID,
  type FbxNode,
  type FbxProperty,
  float64,
  int32,
  int64,
  node,
  objectName,
  raw,
  text,
} from './binary';
import { countObjects, type FileLayout } from './layout';
import type { TargetPreset } from './presets';

/** FBX ticks per second, divisible by every rate in use. */
export const TICKS_PER_SECOND = 46_186_158_000n;

/** One `P` record: name, type, subtype, flags (`A` animatable, `U` made by a user), values. */
export function property(
  name: string,
  type: string,
  subtype: string,
  flags: string,
  ...values: readonly FbxProperty[]
): FbxNode {
  return node('P', [text(name), text(type), text(subtype), text(flags), ...values]);
}

/** A `Properties70` record. */
export function properties(...entries: readonly FbxNode[]): FbxNode {
  return node('Properties70', [], entries);
}

function timeStamp(createdAt: string): FbxNode {
  const date = new Date(createdAt);
  const parts: [string, number][] = [
    ['Version', 1000],
    ['Year', date.getUTCFullYear()],
    ['Month', date.getUTCMonth() + 1],
    ['Day', date.getUTCDate()],
    ['Hour', date.getUTCHours()],
    ['Minute', date.getUTCMinutes()],
    ['Second', date.getUTCSeconds()],
    ['Millisecond', date.getUTCMilliseconds()],
  ];
  const known = parts.map(([name, value]) => node(name, [int32(Number.isFinite(value) ? value : 0)]));
  return node('CreationTimeStamp', [], known);
}

/** Provenance of a file as one JSON text. */
export function provenanceJson(clip: ExportClip, grid: SampleGrid, preset: TargetPreset): string {
  return JSON.stringify(sampledProvenance(clip, fbxSpace(preset), grid));
}

/** Units and axes of FBX files. */
export function fbxSpace(preset: TargetPreset): { units: string; axes: string } {
  return { units: preset.units, axes: 'right-handed, y up, character faces +z, ground at y = 0' };
}

function sceneInfo(clip: ExportClip, comment: string): FbxNode {
  const { appVersion, sourceName } = clip.provenance;
  const string = (name: string, value: string): FbxNode => property(name, 'KString', '', '', text(value));
  const application = (when: string): FbxNode[] => [
    property(when, 'Compound', '', ''),
    string(`${when}|ApplicationVendor`, 'Retake'),
    string(`${when}|ApplicationName`, 'Retake'),
    string(`${when}|ApplicationVersion`, appVersion),
  ];
  return node(
    'SceneInfo',
    [objectName('GlobalInfo', 'SceneInfo'), text('UserData')],
    [
      node('Type', [text('UserData')]),
      node('Version', [int32(100)]),
      node(
        'MetaData',
        [],
        [
          node('Version', [int32(100)]),
          node('Title', [text(clip.title)]),
          node('Subject', [text(`Motion from ${sourceName}`)]),
          node('Author', [text('')]),
          node('Keywords', [text('SMPL-format body motion')]),
          node('Revision', [text('')]),
          node('Comment', [text(comment)]),
        ],
      ),
      properties(...application('Original'), ...application('LastSaved')),
    ],
  );
}

function headerExtension(clip: ExportClip, comment: string): FbxNode {
  return node(
    'FBXHeaderExtension',
    [],
    [
      node('FBXHeaderVersion', [int32(1003)]),
      node('FBXVersion', [int32(FBX_VERSION)]),
      node('EncryptionType', [int32(0)]),
      timeStamp(clip.provenance.createdAt),
      node('Creator', [text(`Retake ${clip.provenance.appVersion}`)]),
      sceneInfo(clip, comment),
    ],
  );
}

/** `TimeMode` by rate; 14 means the rate in `CustomFrameRate`. */
const TIME_MODES: readonly (readonly [numerator: number, denominator: number, mode: number])[] = [
  [120, 1, 1],
  [100, 1, 2],
  [60, 1, 3],
  [50, 1, 4],
  [48, 1, 5],
  [30, 1, 6],
  [30000, 1001, 9],
  [25, 1, 10],
  [24, 1, 11],
  [24000, 1001, 13],
  [96, 1, 15],
  [72, 1, 16],
  [60000, 1001, 17],
  [120000, 1001, 18],
];

/** The enumeration value for a grid; a variable rate is custom. */
export function timeMode({ rate, even }: SampleGrid): number {
  const known = TIME_MODES.find(
    ([numerator, denominator]) => rate.numerator * denominator === numerator * rate.denominator,
  );
  return even && known ? known[2] : 14;
}

function globalSettings(grid: SampleGrid, preset: TargetPreset): FbxNode {
  const integer = (name: string, value: number): FbxNode => property(name, 'int', 'Integer', '', int32(value));
  const double = (name: string, value: number): FbxNode => property(name, 'double', 'Number', '', float64(value));
  const time = (name: string, value: bigint): FbxNode => property(name, 'KTime', 'Time', '', int64(value));
  return node(
    'GlobalSettings',
    [],
    [
      node('Version', [int32(1000)]),
      properties(
        integer('UpAxis', 1),
        integer('UpAxisSign', 1),
        integer('FrontAxis', 2),
        integer('FrontAxisSign', 1),
        integer('CoordAxis', 0),
        integer('CoordAxisSign', 1),
        integer('OriginalUpAxis', -1),
        integer('OriginalUpAxisSign', 1),
        double('UnitScaleFactor', preset.unitScaleFactor),
        double('OriginalUnitScaleFactor', preset.unitScaleFactor),
        property('AmbientColor', 'ColorRGB', 'Color', '', float64(0), float64(0), float64(0)),
        property('DefaultCamera', 'KString', '', '', text('Producer Perspective')),
        property('TimeMode', 'enum', '', '', int32(timeMode(grid))),
        time('TimeSpanStart', 0n),
        time('TimeSpanStop', lastTick(grid)),
        double('CustomFrameRate', grid.rate.numerator / grid.rate.denominator),
      ),
    ],
  );
}

/** Time of the last key. */
export function lastTick(grid: SampleGrid): bigint {
  return grid.ticks(Math.max(0, grid.count - 1), TICKS_PER_SECOND);
}

function definitions(layout: FileLayout): FbxNode {
  const counts = countObjects(layout);
  return node(
    'Definitions',
    [],
    [
      node('Version', [int32(100)]),
      node('Count', [int32(counts.reduce((sum, [, count]) => sum + count, 0))]),
      ...counts.map(([kind, count]) => node('ObjectType', [text(kind)], [node('Count', [int32(count)])])),
    ],
  );
}

/** Every top-level record before `Objects`, in order. */
export function headNodes(clip: ExportClip, grid: SampleGrid, layout: FileLayout, preset: TargetPreset): FbxNode[] {
  return [
    headerExtension(clip, provenanceJson(clip, grid, preset)),
    node('FileId', [raw(Buffer.from(FILE_ID, 'hex'))]),
    node('CreationTime', [text(CREATION_TIME)]),
    node('Creator', [text(`Retake ${clip.provenance.appVersion}`)]),
    globalSettings(grid, preset),
    node(
      'Documents',
      [],
      [
        node('Count', [int32(1)]),
        node(
          'Document',
          [int64(999_999), text('Scene'), text('Scene')],
          [
            properties(property('ActiveAnimStackName', 'KString', '', '', text(takeName(clip)))),
            node('RootNode', [int64(0)]),
          ],
        ),
      ],
    ),
    node('References'),
    definitions(layout),
  ];
}

/** Name of the take, which becomes the name of the clip or action in other programs. */
export function takeName(clip: ExportClip): string {
  const plain = clip.title
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 32);
  return plain === '' ? 'Retake' : plain;
}
