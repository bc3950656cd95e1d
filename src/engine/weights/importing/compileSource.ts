import { AppError } from '#core/errors';
import type { PartKind } from '#core/protocol/modelMessages';
import { unreadable } from '../containerErrors';
import { readNpy } from '../numpy/npy';
import { readNpz } from '../numpy/npz';
import { NUMPY_GLOBALS } from '../pickle/numpyGlobals';
import { PYTHON_GLOBALS, SMPL_GLOBALS } from '../pickle/pythonGlobals';
import { readPickle } from '../pickle/readPickle';
import { readCheckpoint } from '../torch/readCheckpoint';
import { compileJointRegressor, compileMeanParameters } from './compileArrays';
import { compileCheckpoint } from './compileCheckpoint';
import { compileBody } from './compileBody';
import type { SourceFile } from './gatherSources';
import { notExpected } from './notExpected';
import type { CompiledSource } from './pendingPart';

const PICKLE_GLOBALS = new Map([...NUMPY_GLOBALS, ...PYTHON_GLOBALS, ...SMPL_GLOBALS]);

/**
 * Recognises a source by its content and compiles what it holds. Deterministic: the same bytes give the same files.
 * @param expected the slot that a person chose: says whose body it is where neither content nor name does
 * @throws AppError WEIGHTS_INVALID that says what the file looks like and what was expected, or what is missing in it;
 * BODY_INVALID
 */
export function compileSource(file: SourceFile, bytes: Uint8Array, expected: PartKind | undefined): CompiledSource {
  const name = file.name.split('/').at(-1) ?? file.name;
  switch (file.container) {
    case 'torch-stream':
    case 'torch-zip':
      return compileCheckpoint(readCheckpoint(bytes, name), name);
    case 'npy':
      return { parts: [compileJointRegressor(readNpy(bytes, name), name)], notes: [] };
    case 'npz':
      return compileArchive(bytes, name, expected);
    case 'pickle':
      return compilePickle(bytes, name, expected);
    case 'zip':
    case 'other':
      throw unreadable(name, 'it is nothing that Retake imports');
  }
}

function compilePickle(bytes: Uint8Array, name: string, expected: PartKind | undefined): CompiledSource {
  try {
    return compileBody(bytes, name, expected);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'BODY_INVALID') throw error;
    // Read again only to say what it is instead.
    const content = readPickle(bytes, name, { allowed: PICKLE_GLOBALS });
    const keys = content instanceof Map ? new Set([...content.keys()].map(String)) : new Set<string>();
    if (keys.has('v_template') || keys.has('shapedirs')) throw error;
    if (keys.has('means') && keys.has('covars')) throw notExpected(name, "SMPLify's pose prior");
    const held = [...keys].slice(0, 6).map((key) => key.slice(0, 60));
    throw notExpected(
      name,
      held.length === 0 ? 'a pickle of something else' : `a pickle that holds ${held.join(', ')}`,
    );
  }
}

const MEAN_KEYS = ['pose', 'shape', 'cam'];

function compileArchive(bytes: Uint8Array, name: string, expected: PartKind | undefined): CompiledSource {
  const names = new Set<string>();
  readNpz(
    bytes,
    (key) => {
      names.add(key);
      return false;
    },
    name,
  );
  if (names.has('v_template')) return compileBody(bytes, name, expected);
  if (MEAN_KEYS.every((key) => names.has(key))) {
    const arrays = readNpz(bytes, (key) => MEAN_KEYS.includes(key), name);
    return { parts: [compileMeanParameters(arrays, name)], notes: [] };
  }
  const missing = MEAN_KEYS.filter((key) => !names.has(key));
  const isNearly = missing.length < MEAN_KEYS.length;
  if (names.has('poses') && names.has('betas')) throw notExpected(name, 'recorded motion (poses, betas)');
  const held = [...names].slice(0, 8).join(', ');
  throw notExpected(
    name,
    isNearly ? `mean parameters, but ${missing.join(' and ')} is missing in it` : `arrays named ${held}`,
  );
}
