/** Bytes that are looked at from either end of a file: archives list their names at the end, pickles their keys as they come. */
const LOOKED_AT = 131_072;

/** What the files of a format hold and others do not, by ending; the first line that fits counts. */
const MARKS: readonly { format: string; ending: string; texts: readonly string[] }[] = [
  { format: 'coco-video', ending: 'json', texts: ['"images"', '"videos"', '"annotations"'] },
  { format: 'dive', ending: 'json', texts: ['"tracks"', '"confidencePairs"'] },
  { format: 'cvat-mot', ending: 'zip', texts: ['gt/gt.txt'] },
  { format: 'yolo', ending: 'zip', texts: ['obj.names', 'obj_train_data/', 'data.yaml', 'labels/'] },
  { format: 'phalp', ending: 'pkl', texts: ['tracked_time'] },
  { format: 'vibe-output', ending: 'pkl', texts: ['bboxes', 'orig_cam'] },
];

/** First byte of a zlib stream, which joblib writes when it compresses. */
const ZLIB = 0x78;

/** What comes out of the beginning of a zlib stream; it breaks off where the beginning does. */
async function inflated(part: Blob): Promise<Uint8Array> {
  const reader = part.stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  const bytes = new Uint8Array(LOOKED_AT);
  let length = 0;
  try {
    for (let next = await reader.read(); !next.done && length < LOOKED_AT; next = await reader.read()) {
      const room = next.value.subarray(0, LOOKED_AT - length);
      bytes.set(room, length);
      length += room.length;
    }
  } catch {
    // Torn, or no such stream: what came so far is all there is to see.
  } finally {
    void reader.cancel().catch(() => undefined);
  }
  return bytes.subarray(0, length);
}

async function endsOf(file: File): Promise<Uint8Array[]> {
  const [head, tail] = [file.slice(0, LOOKED_AT), file.slice(Math.max(LOOKED_AT, file.size - LOOKED_AT))];
  const parts = await Promise.all([head, tail].map(async (part) => new Uint8Array(await part.arrayBuffer())));
  return parts[0]?.[0] === ZLIB ? [...parts, await inflated(head)] : parts;
}

/**
 * The id of the format of tracks that a file's bytes speak for; undefined where they speak for none, or where its ending says
 * enough (`txt`, `xml`).
 */
export async function recogniseTracks(file: File): Promise<string | undefined> {
  const ending = file.name.toLowerCase().split('.').at(-1);
  const fitting = MARKS.filter((mark) => mark.ending === ending);
  if (fitting.length === 0) return undefined;
  const looked = (await endsOf(file)).map((bytes) => new TextDecoder('latin1').decode(bytes)).join('\n');
  return fitting.find(({ texts }) => texts.some((text) => looked.includes(text)))?.format;
}
