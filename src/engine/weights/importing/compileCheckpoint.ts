import { AppError, isCancelled } from '#core/errors';
import { encodeSplitModel } from '../onnx/encodeModel';
import type { OnnxGraph } from '../onnx/graph';
import { stateDictTensors } from '../torch/stateDict';
import { listed } from '../userModels/modelSets';
import { MEAN_FILE } from '../userModels/partArrays';
import { compileBackbone } from '../vibe/backbone';
import { compileMotionDiscriminator } from '../vibe/motionDiscriminator';
import { compileRegressor, meanParametersOf } from '../vibe/regressor';
import { compileTemporalEncoder, requireFeatureLength } from '../vibe/temporalEncoder';
import type { WeightTensors } from '../weightTensor';
import { meanFile, regressorPart, SMPL_VERTICES } from './compileArrays';
import { compileEmbeddedBody } from './compileBody';
import { notExpected } from './notExpected';
import type { CompiledPart, CompiledSource } from './pendingPart';

/** State dicts that were found in a checkpoint. */
interface Sections {
  /** Encoder and regressor (`encoder.*`, `regressor.*`). */
  generator?: unknown;
  discriminator?: unknown;
  /** ResNet-50; its keys begin with `prefix`. */
  backbone?: { state: unknown; prefix: string };
}

/** The body that VIBE's state dict carries. */
const BODY_KEYS = /^regressor\.smpl\./;
/** SPIN's own regressor beside the backbone: VIBE's takes its place. */
const OWN_REGRESSOR_KEYS = /^(hmr\.)?(fc[12]|decpose|decshape|deccam|init_pose|init_shape|init_cam)\b/;

/** Tensors that are known to be there for something else would hide a renamed key among the unexpected ones. */
function without(tensors: WeightTensors, keys: RegExp): WeightTensors {
  return new Map([...tensors].filter(([key]) => !keys.test(key)));
}

/**
 * A VIBE or SPIN checkpoint, or both in one (vibe-smpl.md 10.6), compiled.
 * @param root what `readCheckpoint` gave
 * @throws AppError WEIGHTS_INVALID naming what it is otherwise, or every tensor that is missing
 */
export function compileCheckpoint(root: unknown, name: string): CompiledSource {
  const { generator, discriminator, backbone } = sectionsOf(root);
  if (generator === undefined && backbone === undefined) throw notExpected(name, describe(root));
  const parts: CompiledPart[] = [];
  const notes: string[] = [];
  if (generator !== undefined) {
    const tensors = stateDictTensors(generator, name);
    parts.push(temporalPart(without(tensors, BODY_KEYS)), ...extraRegressorIn(tensors));
    try {
      parts.push(...compileEmbeddedBody(generator, name));
    } catch (error) {
      notes.push(noteOf(error, 'The SMPL body in it cannot be used'));
    }
  }
  if (discriminator !== undefined) {
    try {
      parts.push(discriminatorPart(stateDictTensors(discriminator, name)));
    } catch (error) {
      notes.push(noteOf(error, 'Its motion discriminator cannot be used'));
    }
  }
  if (backbone !== undefined) {
    const tensors = without(stateDictTensors(backbone.state, name), OWN_REGRESSOR_KEYS);
    parts.push(backbonePart(tensors, backbone.prefix));
  }
  return { parts, notes };
}

function sectionsOf(root: unknown): Sections {
  if (!(root instanceof Map)) return {};
  const generator: unknown = root.get('gen_state_dict');
  const discriminator: unknown = root.get('disc_motion_state_dict');
  if (generator !== undefined) {
    return { generator, ...(discriminator === undefined ? {} : { discriminator }) };
  }
  for (const state of [root.get('model'), root.get('state_dict'), root.get('model_state_dict'), root]) {
    const found = networksIn(state);
    if (found) return found;
  }
  return {};
}

/** What a bare state dict holds, by its keys. */
function networksIn(state: unknown): Sections | undefined {
  if (!(state instanceof Map)) return undefined;
  const keys = [...state.keys()].map((key) => String(key).replace(/^module\./, ''));
  const has = (pattern: RegExp) => keys.some((key) => pattern.test(key));
  const sections: Sections = {};
  if (has(/^encoder\.(gru|linear)\./)) sections.generator = state;
  if (has(/^hmr\.(conv1|bn1|layer\d)\b/)) sections.backbone = { state, prefix: 'hmr.' };
  else if (has(/^(conv1\.weight|layer[1-4]\.\d+\.conv1\.weight)$/)) sections.backbone = { state, prefix: '' };
  return (sections.generator ?? sections.backbone) ? sections : undefined;
}

/** Encoder and regressor; what is missing in both is told at once. */
function temporalPart(tensors: WeightTensors): CompiledPart {
  const problems: AppError[] = [];
  const attempt = <Result>(compile: () => Result): Result | undefined => {
    try {
      return compile();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems.push(error);
      return undefined;
    }
  };
  const encoder = attempt(() => {
    const compiled = compileTemporalEncoder(tensors);
    requireFeatureLength(compiled.configuration);
    return compiled;
  });
  const regressor = attempt(() => compileRegressor(tensors));
  const mean = attempt(() => meanParametersOf(tensors));
  const [first] = problems;
  if (!encoder || !regressor || first) throw together(problems);
  const { layers, hidden, bidirectional, linear, residual } = encoder.configuration;
  return {
    kind: 'vibe-temporal',
    files: new Map([
      ...splitFiles('encoder', encoder.graph),
      ...splitFiles('regressor', regressor),
      ...(mean ? ([[MEAN_FILE, [meanFile(mean)]]] as const) : []),
    ]),
    facts: { layers, hidden, bidirectional, linear, residual, meanParameters: mean !== undefined },
  };
}

function together(problems: readonly AppError[]): AppError {
  const [first] = problems;
  if (problems.length === 1 && first) return first;
  const sentences = problems.map(({ message }) => message.replace(/\.$/u, ''));
  return new AppError('WEIGHTS_INVALID', `${sentences.join('. ')}.`, {
    ...(first?.hint === undefined ? {} : { hint: first.hint }),
    cause: first,
  });
}

function discriminatorPart(tensors: WeightTensors): CompiledPart {
  const { graph, configuration } = compileMotionDiscriminator(tensors);
  const { layers, hidden, bidirectional, pooling, attentionLayers, outputs } = configuration;
  return {
    kind: 'motion-discriminator',
    files: new Map(splitFiles('discriminator', graph)),
    facts: { layers, hidden, bidirectional, pooling, attentionLayers, outputs },
    isEmbedded: true,
  };
}

/** The 9 extra joints come along in VIBE's copy of the body. */
function extraRegressorIn(tensors: WeightTensors): CompiledPart[] {
  const tensor = tensors.get('regressor.smpl.J_regressor_extra');
  const [rows, vertices] = tensor?.shape ?? [];
  if (!tensor || rows !== 9 || vertices !== SMPL_VERTICES || !tensor.data.every(Number.isFinite)) return [];
  return [{ ...regressorPart('joint-regressor-extra', tensor.data, rows, vertices), isEmbedded: true }];
}

function backbonePart(tensors: WeightTensors, prefix: string): CompiledPart {
  const graph = compileBackbone(tensors, prefix);
  const convolutions = graph.nodes.filter(({ operator }) => operator === 'Conv').length;
  return { kind: 'spin-backbone', files: new Map(splitFiles('backbone', graph)), facts: { convolutions } };
}

function splitFiles(stem: string, graph: OnnxGraph): [string, readonly Uint8Array[]][] {
  const weightsFile = `${stem}.weights`;
  const { model, weights } = encodeSplitModel(graph, weightsFile);
  return [
    [`${stem}.onnx`, [model]],
    [weightsFile, weights],
  ];
}

function noteOf(error: unknown, beginning: string): string {
  if (isCancelled(error) || !(error instanceof AppError)) throw error;
  return `${beginning}: ${error.message}`;
}

/** What a checkpoint of something else holds, to end a sentence. */
function describe(root: unknown): string {
  if (!(root instanceof Map)) return 'a PyTorch file without a dict at its top';
  const keys = [...root.keys()].slice(0, 6).map((key) => String(key).slice(0, 60));
  if (keys.length === 0) return 'an empty PyTorch checkpoint';
  const more = root.size > keys.length ? ' and more' : '';
  return `a PyTorch checkpoint, but neither VIBE's nor SPIN's (it holds ${listed(keys)}${more})`;
}
