import { type FbxNode, int64, node, text } from './binary';
import type { FileLayout, PersonLayout } from './layout';

function link(child: number, parent: number): FbxNode {
  return node('C', [text('OO'), int64(child), int64(parent)]);
}

function drive(source: number, owner: number, property: string): FbxNode {
  return node('C', [text('OP'), int64(source), int64(owner), text(property)]);
}

function personLinks({ bones, armature, mesh, channels }: PersonLayout, layer: number): FbxNode[] {
  const links: FbxNode[] = [];
  if (armature) links.push(link(armature.model, 0), link(armature.attribute, armature.model));
  for (const bone of bones) {
    const parent = bones[bone.parent]?.model ?? armature?.model ?? 0;
    links.push(link(bone.model, parent), link(bone.attribute, bone.model));
  }
  if (mesh) {
    links.push(
      link(mesh.model, 0),
      link(mesh.geometry, mesh.model),
      link(mesh.material, mesh.model),
      link(mesh.skin, mesh.geometry),
    );
    // A cluster belongs to the skin, and its bone to the cluster: not the other way round.
    for (const bone of bones) links.push(link(bone.cluster, mesh.skin), link(bone.model, bone.cluster));
  }
  for (const { bone, property, node: curveNode, curves } of channels) {
    const model = bones[bone]?.model ?? 0;
    links.push(link(curveNode, layer));
    links.push(drive(curveNode, model, property === 'T' ? 'Lcl Translation' : 'Lcl Rotation'));
    ['d|X', 'd|Y', 'd|Z'].forEach((axis, k) => {
      const curve = curves[k];
      if (curve !== undefined) links.push(drive(curve, curveNode, axis));
    });
  }
  return links;
}

/** The Connections record. */
export function connectionsNode(layout: FileLayout): FbxNode {
  return node(
    'Connections',
    [],
    [link(layout.layer, layout.stack), ...layout.people.flatMap((person) => personLinks(person, layout.layer))],
  );
}
