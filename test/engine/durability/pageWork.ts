import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { bulkRoutes } from '#core/protocol/bulkRoutes';
import type { ProjectDocument } from '#core/document/schema';
import { connectWebSocket, type EngineClient } from '../../../src/renderer/session/engineClient';
import { enter } from '../../contract/enterServer';
import { randomEdit, rolled } from '../project/randomEdits';
import { digestOf } from './editor';
import type { Life } from './life';
import type { Group } from './processGroup';
import type { Told } from './toldLines';

type Born = Pick<Life, 'video' | 'tracksFile'>;

/** The address that a server prints, or undefined when it ends before. */
async function addressOf(server: Group): Promise<string | undefined> {
  let isOver = false;
  void server.ended.then(() => (isOver = true));
  while (!isOver) {
    const found = /http:\S+/.exec(server.output())?.[0];
    if (found) return found;
    await wait(10);
  }
  return undefined;
}

/** A page as far as the engine sees it: what it knows of the project, and what it was told. */
class Page {
  readonly told: Told[] = [];
  private document: ProjectDocument | undefined;
  private seq = 0;
  private project = '';

  constructor(
    private readonly client: EngineClient,
    private readonly upload: (path: string) => Promise<string>,
    private readonly next: () => number,
  ) {}

  async open(video: string): Promise<void> {
    const folder = await this.client.files.browse({});
    const token = folder.entries.find(({ name }) => name === basename(video))?.token ?? '';
    const { projectId } = await this.client.projects.open({ source: 'file', token });
    this.project = projectId;
    const events = await this.client.projects.events({ projectId });
    void this.follow(events).catch(() => undefined);
    while (!this.document) await wait(5);
  }

  private async follow(events: Awaited<ReturnType<EngineClient['projects']['events']>>): Promise<void> {
    for await (const event of events) {
      if (event.type !== 'document') continue;
      // The first says how things stand, and a repeated one nothing new.
      const isNew = this.document !== undefined && event.seq > this.seq;
      this.document = event.document;
      this.seq = event.seq;
      if (isNew) this.told.push({ what: 'edit', seq: event.seq, digest: digestOf(event.document) });
    }
  }

  /** One thing that a person does; what the engine refuses in words is no matter here. */
  async act(tracksFile: string): Promise<void> {
    const { client, project: projectId, next } = this;
    const kind = next();
    const { document } = this;
    if (!document) return;
    if (kind < 0.5) {
      const edit = randomEdit(document, rolled(next));
      if (edit) await client.projects.applyEdit({ projectId, baseSeq: this.seq, edit });
    } else if (kind < 0.6) await client.projects.undo({ projectId });
    else if (kind < 0.66) await client.projects.redo({ projectId });
    else if (kind < 0.76) await client.runs.start({ projectId, scope: next() < 0.7 ? 'missing' : 'outOfDate' });
    else if (kind < 0.84) {
      const exporter = next() < 0.5 ? 'obj' : 'joints';
      const span = { from: 0, to: 4 };
      await client.exports.start({ projectId, exporter, options: {}, people: [], span, ifExists: 'overwrite' });
    } else if (kind < 0.9) {
      if (document.people.length > 12) await client.projects.undo({ projectId, seq: 1 });
      else await client.tracks.import({ projectId, format: 'mot', token: await this.upload(tracksFile) });
    } else if (kind < 0.94) await client.tracks.export({ projectId, format: 'cvat' });
    else await client.runs.keep({ projectId });
  }
}

/**
 * Opens the video of a server as a page does and works until the server is killed, `lifetime` ms after the video was open. Returns what the page was told.
 */
export async function workInPage(server: Group, born: Born, next: () => number, lifetime: number): Promise<Told[]> {
  const address = await addressOf(server);
  if (address === undefined) return [];
  const { origin, cookie } = await enter(address);
  class PageSocket extends WebSocket {
    constructor(url: string) {
      super(url, { headers: { cookie, origin } });
      // A browser's socket throws nothing when its server dies.
      this.on('error', () => undefined);
    }
  }
  Object.assign(globalThis, { WebSocket: PageSocket });
  const connection = connectWebSocket(`${origin.replace('http', 'ws')}/control`);
  const upload = async (path: string): Promise<string> => {
    const url = new URL(bulkRoutes.upload(basename(path)), origin);
    const answer = await fetch(url, { method: 'POST', headers: { cookie, origin }, body: readFileSync(path) });
    return ((await answer.json()) as { token: string }).token;
  };
  const page = new Page(connection.client, upload, next);
  let isOver = false;
  void server.ended.then(() => (isOver = true));
  // Some are killed while they open the video, most while somebody works.
  let timer = next() < 0.1 ? setTimeout(server.kill, lifetime) : undefined;
  try {
    // A call that the kill cut off is never answered.
    await Promise.race([page.open(born.video).catch(() => server.ended), server.ended]);
    timer ??= setTimeout(server.kill, lifetime);
    while (!isOver) {
      await Promise.race([page.act(born.tracksFile).catch(() => undefined), server.ended]);
      await wait(2);
    }
  } finally {
    clearTimeout(timer);
    connection.close();
  }
  return page.told;
}
