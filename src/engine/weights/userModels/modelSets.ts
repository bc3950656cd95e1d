import type { InstalledPartFacts, ModelSet, ModelSlot, PartKind } from '#core/protocol/modelMessages';
import type { WeightFacts } from '../../estimation/estimator';
import { PART_SETS, type PartSet, PARTS, USER_NETWORKS } from './partKinds';
import type { PartRecord } from './partRecord';
import type { InstalledPart } from './userModelStore';

/** Kinds of part that are networks. */
const NETWORK_KINDS: ReadonlySet<PartKind> = new Set(Object.values(USER_NETWORKS).map(({ kind }) => kind));

/** What an estimator or body still lacks. */
export interface Readiness {
  isReady: boolean;
  /** Kinds that are needed and not there. */
  missing: PartKind[];
  /** The same in a sentence for the run dialog and the terminal; undefined when all is there. */
  sentence: string | undefined;
}

/** Whether the set with an id ({@link PART_SETS}) can be used with these parts. @throws RangeError for another id */
export function readinessOf(setId: string, parts: readonly InstalledPart[]): Readiness {
  const set = PART_SETS.find((candidate) => candidate.id === setId);
  if (!set) throw new RangeError(`there is no set of models "${setId}"`);
  const missing = missingOf(set, parts);
  const names = missing.map((kind) => `the ${PARTS[kind].title} (${PARTS[kind].fileNames[0]})`);
  const sentence = names.length === 0 ? undefined : `${set.title} still lacks ${listed(names)}.`;
  return { isReady: missing.length === 0, missing, sentence };
}

/**
 * What results made with the parts of a set depend on: the fingerprints of the networks in use, and whether they read
 * both ways. The body and its regressors are told apart by the body's id. @throws RangeError for an unknown set
 */
export function weightFacts(setId: string, parts: readonly InstalledPart[]): WeightFacts {
  const kinds = PART_SETS.find(({ id }) => id === setId)?.needs;
  if (!kinds) throw new RangeError(`there is no set of models "${setId}"`);
  const used = parts.filter(
    ({ inUse, record }) => inUse && NETWORK_KINDS.has(record.kind) && kinds.includes(record.kind),
  );
  return {
    fingerprint: used
      .map(({ record }) => record.source.sha256.slice(0, 16))
      .sort()
      .join(' '),
    bidirectional: used.some(({ record }) => record.facts['bidirectional'] === true),
  };
}

/** Every set with its slots and what is in them, as the models page shows it. */
export function modelSets(parts: readonly InstalledPart[]): ModelSet[] {
  return PART_SETS.map((set) => {
    const needs = neededBy(set, parts);
    const welcomes = set.welcomes.filter((kind) => !needs.includes(kind));
    const slots = [
      ...needs.map((kind) => slotOf(kind, true, parts)),
      ...welcomes.map((kind) => slotOf(kind, false, parts)),
    ];
    const isEmpty = slots.every((slot) => slot.parts.length === 0);
    const state = isEmpty ? 'empty' : missingOf(set, parts).length === 0 ? 'ready' : 'incomplete';
    return { id: set.id, title: set.title, licence: set.licence, isMain: set.isMain, state, slots };
  });
}

/** An installed part as the page and the terminal show it. */
export function partFacts({ id, record, problem, inUse }: InstalledPart): InstalledPartFacts {
  return {
    id,
    kind: record.kind,
    source: record.source.name,
    sha256: record.source.sha256,
    bytes: record.files.reduce((sum, file) => sum + file.bytes, 0),
    importedAt: record.importedAt,
    inUse,
    facts: factsInWords(record),
    ...(problem === undefined ? {} : { problem }),
  };
}

function missingOf(set: PartSet, parts: readonly InstalledPart[]): PartKind[] {
  return neededBy(set, parts).filter((kind) => !parts.some((part) => part.inUse && part.record.kind === kind));
}

/** A checkpoint without the values that the regressor begins with needs the file that holds them. */
function neededBy({ needs }: PartSet, parts: readonly InstalledPart[]): readonly PartKind[] {
  const temporal = parts.find((part) => part.inUse && part.record.kind === 'vibe-temporal');
  const lacksMean = needs.includes('vibe-temporal') && temporal?.record.facts['meanParameters'] === false;
  return lacksMean ? [...needs, 'mean-parameters'] : needs;
}

function slotOf(kind: PartKind, needed: boolean, parts: readonly InstalledPart[]): ModelSlot {
  const { title, purpose, fileNames, site, licence } = PARTS[kind];
  const own = parts.filter((part) => part.record.kind === kind).map(partFacts);
  return { kind, title, purpose, needed, fileNames: [...fileNames], site: { ...site }, licence, parts: own };
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function factsInWords({ facts }: PartRecord): string[] {
  const words: string[] = [];
  const { layers, hidden, bidirectional, linear, pooling, convolutions, vertices, shapes, joints, from } = facts;
  if (layers !== undefined && hidden !== undefined) {
    const directions = bidirectional === true ? ', both directions' : '';
    words.push(`GRU with ${layers} ${layers === 1 ? 'layer' : 'layers'} of ${hidden}${directions}`);
  }
  if (linear === true) words.push('linear output');
  if (pooling !== undefined) words.push(`${pooling} pooling`);
  if (convolutions !== undefined) words.push(`${convolutions} convolutions`);
  if (vertices !== undefined) words.push(`${Number(vertices).toLocaleString('en-US')} vertices`);
  if (shapes !== undefined) words.push(`${shapes} shapes`);
  if (joints !== undefined) words.push(`${joints} joints`);
  if (from !== undefined) words.push(`found in a ${from}`);
  return words;
}
