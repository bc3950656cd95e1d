import { resolve } from 'node:path';
import { AppError } from '#core/errors';
import type { ImportLine, InstalledPartFacts, ModelSet, ModelSlot } from '#core/protocol/modelMessages';
import { PART_KINDS, type PartKind } from '#core/protocol/modelMessages';
import type { Workspace } from '#engine/workspace';
import { type Command, type CommandCall, textOption } from '../command';
import { openWorkspace } from '../openWorkspace';
import { formatBytes, type Reporter } from '../reporter';

const USAGE = 'models list | models import PATH... [--as KIND] | models use ID | models remove ID';

function partText(part: InstalledPartFacts): string {
  const state = part.problem ?? (part.inUse ? 'in use' : 'not in use');
  const facts = part.facts.length === 0 ? '' : `, ${part.facts.join(', ')}`;
  return `${part.source} (${formatBytes(part.bytes)}${facts}), ${state}\n      ${part.id}, SHA-256 ${part.sha256}`;
}

function slotText(slot: ModelSlot): string {
  if (slot.parts.length > 0) return slot.parts.map((part) => `  ready    ${slot.title}: ${partText(part)}`).join('\n');
  const mark = slot.needed ? 'MISSING ' : 'optional';
  return `  ${mark} ${slot.title}: ${slot.fileNames.join(' or ')}\n      from ${slot.site.name}. ${slot.licence}.`;
}

function setText({ title, state, slots }: ModelSet): string {
  const word = { ready: 'ready', incomplete: 'not complete', empty: 'not set up' }[state];
  return [`${title}: ${word}`, ...slots.map(slotText)].join('\n');
}

async function list(workspace: Workspace, reporter: Reporter): Promise<void> {
  const models = await workspace.models.list();
  const builtIn = models.builtIn.map(
    ({ title, licence, bytes }) =>
      `  ${bytes === undefined ? 'MISSING ' : 'ready   '} ${title}${bytes === undefined ? '' : ` (${formatBytes(bytes)})`}, ${licence}`,
  );
  const text = [
    ['Built-in:', ...builtIn].join('\n'),
    ...models.sets.map(setText),
    `Your models: ${formatBytes(models.bytes)} in ${models.folder}`,
  ].join('\n\n');
  reporter.result(text, models);
}

function lineText({ state, text, hint }: ImportLine): string {
  const mark = { installed: 'installed', known: 'known', left: 'left', refused: 'REFUSED' }[state];
  return `${mark.padEnd(9)} ${text}${hint === undefined ? '' : ` ${hint}`}`;
}

async function importPaths(
  workspace: Workspace,
  paths: string[],
  { values, reporter, signal }: CommandCall,
): Promise<void> {
  const expected = expectedKind(textOption(values, 'as'));
  const end = workspace.models.events.subscribe((event) => {
    if (event.type === 'import') reporter.progress(event.job);
    if (event.type === 'notice') reporter.note(event.problem.message);
  });
  try {
    const { jobId, ended } = workspace.models.launchImport(
      paths.map((path) => resolve(path)),
      expected,
    );
    const cancel = () => workspace.models.findJob(jobId)?.controller.abort();
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    const { lines } = await ended;
    for (const line of lines) reporter.result(lineText(line), { ...line });
    const missing = workspace.models.readiness('vibe').sentence;
    if (missing !== undefined) reporter.note(`${missing} See "retake models list".`);
    const refused = lines.filter(({ state }) => state === 'refused');
    const isUseful = lines.some(({ state }) => state === 'installed' || state === 'known');
    if (refused.length > 0 || !isUseful) {
      throw new AppError('INVALID_ARGUMENT', isUseful ? 'Some files were refused.' : 'Nothing was installed.', {
        hint: 'The lines above say why.',
      });
    }
  } finally {
    end();
  }
}

function expectedKind(text: string | undefined): PartKind | undefined {
  if (text === undefined) return undefined;
  const kind = PART_KINDS.find((candidate) => candidate === text);
  if (kind) return kind;
  throw new AppError('INVALID_ARGUMENT', `There is no kind "${text}"; known are ${PART_KINDS.join(', ')}.`);
}

function onlyId(ids: string[], action: string): string {
  const [id] = ids;
  if (id === undefined || ids.length > 1) {
    throw new AppError('INVALID_ARGUMENT', `One id is needed: retake models ${action} ID.`, {
      hint: '"retake models list" shows the ids.',
    });
  }
  return id;
}

async function act(workspace: Workspace, call: CommandCall): Promise<void> {
  const [action, ...rest] = call.positionals;
  switch (action) {
    case 'list':
      if (rest.length > 0)
        throw new AppError('INVALID_ARGUMENT', `"${rest[0]}" is one word too many: retake models list.`);
      return list(workspace, call.reporter);
    case 'import':
      if (rest.length === 0) throw new AppError('INVALID_ARGUMENT', 'A file is needed: retake models import PATH...');
      return importPaths(workspace, rest, call);
    case 'use': {
      const id = onlyId(rest, action);
      await workspace.models.choose(id);
      return call.reporter.result(`${id} is in use now`, { id });
    }
    case 'remove': {
      const id = onlyId(rest, action);
      await workspace.models.remove(id);
      return call.reporter.result(`${id} is removed; the file it was made from is untouched`, { id });
    }
    case undefined:
    default:
      throw new AppError('INVALID_ARGUMENT', `What is to be done is missing: retake ${USAGE}.`);
  }
}

/** `retake models`: what the models page does, in the terminal. */
export const modelsCommand: Command = {
  name: 'models',
  usage: USAGE,
  summary: 'Show, import and remove the licensed model files that VIBE and SMPL bodies need',
  mostPositionals: Number.POSITIVE_INFINITY,
  options: {
    as: {
      type: 'string',
      placeholder: 'KIND',
      help: `Import as this kind and refuse anything else: ${PART_KINDS.join(', ')}`,
    },
  },
  async run(call) {
    const { workspace, dispose } = openWorkspace();
    try {
      await act(workspace, call);
    } finally {
      await dispose();
    }
  },
};
