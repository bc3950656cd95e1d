/** JPEG markers that stand alone, without a length behind them. */
function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);

/**
 * Cuts a stream of JPEG pictures that follow each other without anything in between. Headers are walked segment by
 * segment (their bytes may look like an end); inside the entropy-coded data 0xFF 0xD9 is always the end (ITU-T T.81,
 * B.1.1.2). Made for baseline pictures with one scan, which is what ffmpeg's mjpeg encoder writes.
 */
export class JpegSplitter {
  private buffered: Buffer = Buffer.alloc(0);
  /** How far headers of the first buffered picture have been walked. */
  private walked = 0;
  /** Where to look for the end marker; -1 while still in the headers. */
  private scanFrom = -1;

  /** Takes the next bytes and returns the pictures that are complete with them. */
  push(chunk: Uint8Array): Buffer[] {
    this.buffered = this.buffered.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.buffered, chunk]);
    const pictures: Buffer[] = [];
    for (let picture = this.next(); picture !== null; picture = this.next()) pictures.push(picture);
    return pictures;
  }

  private next(): Buffer | null {
    if (this.scanFrom < 0 && !this.walkHeaders()) return null;
    const end = this.buffered.indexOf(END_OF_IMAGE, this.scanFrom);
    if (end < 0) {
      // The marker may be cut between two chunks.
      this.scanFrom = Math.max(this.scanFrom, this.buffered.length - 1);
      return null;
    }
    // A copy: the picture is kept, the buffer around it is not.
    const picture = Buffer.from(this.buffered.subarray(0, end + 2));
    this.buffered = this.buffered.subarray(end + 2);
    this.walked = 0;
    this.scanFrom = -1;
    return picture;
  }

  /** Goes on walking the headers; true when the coded data has been reached. */
  private walkHeaders(): boolean {
    const bytes = this.buffered;
    while (this.walked + 4 <= bytes.length) {
      const marker = bytes[this.walked + 1] ?? 0;
      if (bytes[this.walked] !== 0xff || marker === 0xff) {
        this.walked++;
      } else if (standsAlone(marker)) {
        this.walked += 2;
      } else {
        this.walked += 2 + bytes.readUInt16BE(this.walked + 2);
        if (marker === 0xda) {
          this.scanFrom = this.walked;
          return true;
        }
      }
    }
    return false;
  }
}
