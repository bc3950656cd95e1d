import { vertexNormals } from '../../vertexNormals';
import { type FbxNode, array, float64, int32, int64, integers, node, objectName, text } from './binary';
import { properties, property } from './headNodes';
import type { PersonLayout } from './layout';
import { modelNode } from './skeletonNodes';

/** Polygon corners: the last of each triangle is stored as its bitwise complement. */
function polygonIndices(faces: Uint32Array): Int32Array {
  return Int32Array.from(faces, (vertex, at) => (at % 3 === 2 ? ~vertex : vertex));
}

function layerElement(type: string): FbxNode {
  return node('LayerElement', [], [node('Type', [text(type)]), node('TypedIndex', [int32(0)])]);
}

function normalLayer(vertices: ArrayLike<number>, faces: Uint32Array): FbxNode {
  const normals = vertexNormals(vertices, faces);
  const corners = new Float64Array(faces.length * 3);
  faces.forEach((vertex, at) => {
    for (let c = 0; c < 3; c++) corners[at * 3 + c] = normals[vertex * 3 + c]!;
  });
  return node(
    'LayerElementNormal',
    [int32(0)],
    [
      node('Version', [int32(101)]),
      node('Name', [text('')]),
      node('MappingInformationType', [text('ByPolygonVertex')]),
      node('ReferenceInformationType', [text('Direct')]),
      node('Normals', [array(corners)]),
    ],
  );
}

/** Rest mesh with shared vertices: their order and number are those of the body model, in every program. */
function geometryNode(layout: PersonLayout, geometry: number, scale: number): FbxNode {
  const { restVertices, faces, name } = layout.person;
  const vertices = Float64Array.from(
    restVertices,
    (value, at) => (value + (at % 3 === 1 ? layout.restLift : 0)) * scale,
  );
  return node(
    'Geometry',
    [int64(geometry), objectName(`${name}_Body`, 'Geometry'), text('Mesh')],
    [
      node('GeometryVersion', [int32(124)]),
      node('Vertices', [array(vertices)]),
      node('PolygonVertexIndex', [array(polygonIndices(faces))]),
      normalLayer(restVertices, faces),
      node(
        'LayerElementMaterial',
        [int32(0)],
        [
          node('Version', [int32(101)]),
          node('Name', [text('')]),
          node('MappingInformationType', [text('AllSame')]),
          node('ReferenceInformationType', [text('IndexToDirect')]),
          node('Materials', [integers([0])]),
        ],
      ),
      node(
        'Layer',
        [int32(0)],
        [node('Version', [int32(100)]), layerElement('LayerElementNormal'), layerElement('LayerElementMaterial')],
      ),
    ],
  );
}

/** Mesh records of a person: geometry, model, material. */
export function meshNodes(layout: PersonLayout, mesh: NonNullable<PersonLayout['mesh']>, scale: number): FbxNode[] {
  const { name } = layout.person;
  const clay = [0.72, 0.68, 0.64].map(float64);
  return [
    geometryNode(layout, mesh.geometry, scale),
    modelNode(mesh.model, `${name}_Body`, 'Mesh', [0, 0, 0]),
    node(
      'Material',
      [int64(mesh.material), objectName(`${name}_Clay`, 'Material'), text('')],
      [
        node('Version', [int32(102)]),
        node('ShadingModel', [text('phong')]),
        node('MultiLayer', [int32(0)]),
        properties(
          property('DiffuseColor', 'Color', '', 'A', ...clay),
          property('DiffuseFactor', 'Number', '', 'A', float64(1)),
          property('Shininess', 'Number', '', 'A', float64(10)),
        ),
      ],
    ),
  ];
}
