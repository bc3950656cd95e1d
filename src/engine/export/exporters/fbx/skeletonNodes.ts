import { type FbxNode, bool, doubles, float64, int32, int64, integers, node, objectName, text } from './binary';
import { properties, property } from './headNodes';
import type { BoneLayout, PersonLayout } from './layout';

type Vector = readonly [number, number, number];

/** 4x4 of a translation, column-major: elements 12 to 14 are x, y, z. */
function translationMatrix([x, y, z]: Vector): number[] {
  return [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, x, y, z, 1];
}

function scaled([x, y, z]: Vector, scale: number): Vector {
  return [x * scale, y * scale, z * scale];
}

/** Place of a bone below its parent in rest, in units of the file. */
export function localRest(bones: readonly BoneLayout[], bone: BoneLayout, scale: number): Vector {
  const [px, py, pz] = bones[bone.parent]?.rest ?? [0, 0, 0];
  const [x, y, z] = bone.rest;
  return scaled([x - px, y - py, z - pz], scale);
}

/**
 * A Model record. Pivots and pre- or post-rotations are left out: all are the identity, and readers disagree about them.
 */
export function modelNode(
  id: number,
  name: string,
  kind: 'LimbNode' | 'Null' | 'Mesh',
  [x, y, z]: Vector,
  extra: readonly FbxNode[] = [],
): FbxNode {
  const zero = [float64(0), float64(0), float64(0)];
  const one = [float64(1), float64(1), float64(1)];
  return node(
    'Model',
    [int64(id), objectName(name, 'Model'), text(kind)],
    [
      node('Version', [int32(232)]),
      properties(
        property('InheritType', 'enum', '', '', int32(1)),
        property('DefaultAttributeIndex', 'int', 'Integer', '', int32(0)),
        property('Lcl Translation', 'Lcl Translation', '', 'A', float64(x), float64(y), float64(z)),
        property('Lcl Rotation', 'Lcl Rotation', '', 'A', ...zero),
        property('Lcl Scaling', 'Lcl Scaling', '', 'A', ...one),
        ...extra,
      ),
      node('Shading', [bool(true)]),
      node('Culling', [text('CullingOff')]),
    ],
  );
}

/** Skeleton records of a person: the object above it, then a model and an attribute for each bone. */
export function skeletonNodes(layout: PersonLayout, scale: number, provenance: string): FbxNode[] {
  const { bones, armature, person } = layout;
  const told = property('retake_provenance', 'KString', '', 'U', text(provenance));
  const nodes: FbxNode[] = [];
  if (armature) {
    const name = `${person.name}_Armature`;
    nodes.push(
      node(
        'NodeAttribute',
        [int64(armature.attribute), objectName(name, 'NodeAttribute'), text('Null')],
        [node('TypeFlags', [text('Null')])],
      ),
      modelNode(armature.model, name, 'Null', [0, 0, 0], [told]),
    );
  }
  for (const bone of bones) {
    const extra = !armature && bone.parent < 0 ? [told] : [];
    nodes.push(
      node(
        'NodeAttribute',
        [int64(bone.attribute), objectName(bone.name, 'NodeAttribute'), text('LimbNode')],
        [
          properties(property('Size', 'double', 'Number', '', float64(0.1 * scale))),
          node('TypeFlags', [text('Skeleton')]),
        ],
      ),
      modelNode(bone.model, bone.name, 'LimbNode', localRest(bones, bone, scale), extra),
    );
  }
  return nodes;
}

/** Vertices and weights of each joint that has any, by joint. */
function verticesByJoint(layout: PersonLayout): Map<number, { indices: number[]; weights: number[] }> {
  const { skinJoints, skinWeights } = layout.person;
  const lists = new Map<number, { indices: number[]; weights: number[] }>();
  for (let at = 0; at < skinWeights.length; at++) {
    const weight = skinWeights[at]!;
    if (weight <= 0) continue;
    const joint = skinJoints[at]!;
    const list = lists.get(joint) ?? { indices: [], weights: [] };
    lists.set(joint, list);
    list.indices.push(at >> 2);
    list.weights.push(weight);
  }
  return lists;
}

/**
 * Skin and one cluster per bone, those without weights too. TransformLink is the bone's global bind matrix, Transform its
 * inverse times the mesh's (the identity).
 */
export function skinNodes(layout: PersonLayout, skin: number, scale: number): FbxNode[] {
  const lists = verticesByJoint(layout);
  const clusters = layout.bones.map((bone) => {
    const list = lists.get(bone.joint);
    const place = scaled(bone.rest, scale);
    return node(
      'Deformer',
      [int64(bone.cluster), objectName(bone.name, 'SubDeformer'), text('Cluster')],
      [
        node('Version', [int32(100)]),
        node('UserData', [text(''), text('')]),
        ...(list ? [node('Indexes', [integers(list.indices)]), node('Weights', [doubles(list.weights)])] : []),
        node('Transform', [doubles(translationMatrix(scaled(place, -1)))]),
        node('TransformLink', [doubles(translationMatrix(place))]),
      ],
    );
  });
  return [
    node(
      'Deformer',
      [int64(skin), objectName(layout.person.name, 'Deformer'), text('Skin')],
      [
        node('Version', [int32(101)]),
        node('Link_DeformAcuracy', [float64(50)]),
        node('SkinningType', [text('Linear')]),
      ],
    ),
    ...clusters,
  ];
}

/** The bind pose: global matrices of mesh and bones, equal to TransformLink. */
export function bindPoseNode(layout: PersonLayout, scale: number): FbxNode {
  const { mesh, bones, armature, pose, person } = layout;
  const entries: { model: number; place: Vector }[] = [
    ...(mesh ? [{ model: mesh.model, place: [0, 0, 0] as const }] : []),
    ...(armature ? [{ model: armature.model, place: [0, 0, 0] as const }] : []),
    ...bones.map((bone) => ({ model: bone.model, place: scaled(bone.rest, scale) })),
  ];
  return node(
    'Pose',
    [int64(pose), objectName(person.name, 'Pose'), text('BindPose')],
    [
      node('Type', [text('BindPose')]),
      node('Version', [int32(100)]),
      node('NbPoseNodes', [int32(entries.length)]),
      ...entries.map(({ model, place }) =>
        node('PoseNode', [], [node('Node', [int64(model)]), node('Matrix', [doubles(translationMatrix(place))])]),
      ),
    ],
  );
}
