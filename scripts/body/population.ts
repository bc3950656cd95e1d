import type { BetasMap } from '../../src/core/body/bodyModel';
import { prepareChestFill } from './chest';
import { findMouth } from './landmarks';
import { leastSquares } from './linearAlgebra';
import type { Phenotype } from './phenotype';
import { AVERAGE, blendPhenotype, samplePhenotype } from './phenotype';
import type { Random } from './random';
import type { Rig } from './rig';
import type { ShapeSpace } from './shapeSpace';
import { statureOf } from './shapeSpace';
import type { SourceAssets } from './source';
import type { Topology } from './topology';
import { pick, symmetrise, volumeOf } from './topology';
import type { Regions } from './tpose';
import { tposeSample } from './tpose';

/** Density of a body, kg/m3, to say volumes as weights. */
export const DENSITY = 985;

/** T-posed random adults. */
export interface Population {
  people: Phenotype[];
  vertices: Float32Array[];
  joints: Float64Array[];
  statures: number[];
  volumes: number[];
  /** Mean of the same people in MakeHuman's rest pose. */
  apose: Float64Array;
  meanJoints: Float64Array;
}

/** The regions that are treated by hand, found on an average body that has a bust. */
export function findRegions(source: SourceAssets, topology: Topology): Regions {
  const rest = pick(blendPhenotype(source, { ...AVERAGE, gender: 0.25 }), topology.sourceIndex);
  symmetrise(rest, topology.mirror);
  return {
    mouth: findMouth(topology.quads, topology.uvQuads, topology.eyeStart),
    chest: prepareChestFill(source, topology, rest),
  };
}

/** Draws and T-poses `count` people. */
export function drawPopulation(
  source: SourceAssets,
  topology: Topology,
  rig: Rig,
  regions: Regions,
  random: Random,
  count: number,
): Population {
  const population: Population = {
    people: [],
    vertices: [],
    joints: [],
    statures: [],
    volumes: [],
    apose: new Float64Array(topology.vertexCount * 3),
    meanJoints: new Float64Array(72),
  };
  for (let k = 0; k < count; k++) {
    const person = samplePhenotype(random);
    const sample = tposeSample(source, topology, rig, regions, blendPhenotype(source, person));
    population.people.push(person);
    population.vertices.push(Float32Array.from(sample.vertices));
    population.joints.push(sample.joints);
    population.statures.push(statureOf(sample.vertices));
    population.volumes.push(volumeOf(topology.triangles, sample.vertices));
    for (let at = 0; at < sample.apose.length; at++) population.apose[at]! += sample.apose[at]! / count;
    for (let at = 0; at < 72; at++) population.meanJoints[at]! += sample.joints[at]! / count;
  }
  return population;
}

/** A betas map with the share of variance it explains per beta. */
export interface FittedMap {
  map: BetasMap;
  r2: number[];
}

function fitMap(inputs: readonly string[], rows: readonly (readonly number[])[], scores: Float64Array): FittedMap {
  const { coefficients, r2 } = leastSquares(Float64Array.from(rows.flat()), scores, rows.length);
  return { map: { inputs, rows: Float32Array.from(coefficients) }, r2 };
}

/** Linear maps from sliders and from measures to betas. */
export function fitMaps(population: Population, space: ShapeSpace): { phenotype: FittedMap; measure: FittedMap } {
  const { people, statures, volumes } = population;
  const sliders = people.map((p) => [
    ...[1, p.gender, p.age, p.muscle, p.weight, p.height],
    ...[p.proportions, p.cup * (1 - p.gender), p.african, p.asian],
  ]);
  const measures = people.map((p, k) => [1, statures[k]!, Math.cbrt(volumes[k]!), p.gender]);
  return {
    phenotype: fitMap(
      ['1', 'gender', 'age', 'muscle', 'weight', 'height', 'proportions', 'cupTimesFemale', 'african', 'asian'],
      sliders,
      space.scores,
    ),
    measure: fitMap(['1', 'stature', 'cubeRootVolume', 'gender'], measures, space.scores),
  };
}
