import {
  CircleGeometry,
  DynamicDrawUsage,
  Group,
  InstancedMesh,
  Matrix4,
  Mesh,
  PlaneGeometry,
  ShaderMaterial,
  Vector2,
  Vector3,
  Vector4,
} from 'three';
import type { SceneState } from '../sceneState';
import type { ViewportLayer } from './layer';

/** Half side of the drawn ground, m. */
const REACH = 14;
const MOST_SHADOWS = 24;
const ANKLES = [7, 8] as const;

const GRID_VERTEX = /* glsl */ `
  varying vec2 vPlace;
  void main() {
    vec4 place = modelMatrix * vec4(position, 1.0);
    vPlace = place.xz;
    gl_Position = projectionMatrix * viewMatrix * place;
  }
`;

const GRID_FRAGMENT = /* glsl */ `
  uniform vec4 minorLine;
  uniform vec4 majorLine;
  uniform vec3 axisX;
  uniform vec3 axisZ;
  uniform vec2 centre;
  varying vec2 vPlace;
  float lineAt(vec2 place, vec2 width, float size) {
    vec2 nearest = abs(fract(place / size - 0.5) - 0.5) * size;
    vec2 cover = 1.0 - smoothstep(width * 0.5, width * 1.5, nearest);
    cover *= clamp(size / (6.0 * width), 0.0, 1.0);
    return max(cover.x, cover.y);
  }
  void main() {
    vec2 width = fwidth(vPlace);
    float fade = 1.0 - smoothstep(3.0, ${REACH.toFixed(1)}, distance(vPlace, centre));
    vec4 color = vec4(minorLine.rgb, minorLine.a * lineAt(vPlace, width, 0.5));
    float major = lineAt(vPlace, width, 2.5);
    color = mix(color, majorLine, major * step(color.a, majorLine.a * major));
    vec2 axis = 1.0 - smoothstep(width * 0.7, width * 1.7, abs(vPlace));
    color = mix(color, vec4(axisX, 0.55), axis.y);
    color = mix(color, vec4(axisZ, 0.55), axis.x);
    gl_FragColor = vec4(color.rgb, color.a * fade);
    #include <colorspace_fragment>
  }
`;

const SHADOW_FRAGMENT = /* glsl */ `
  varying vec2 vUv;
  void main() {
    float radius = length(vUv * 2.0 - 1.0);
    float shade = 1.0 - smoothstep(0.0, 1.0, radius);
    gl_FragColor = vec4(0.0, 0.0, 0.0, 0.5 * shade * shade);
  }
`;

const SHADOW_VERTEX = /* glsl */ `
  varying vec2 vUv;
  void main() {
    vUv = uv;
    gl_Position = projectionMatrix * modelViewMatrix * instanceMatrix * vec4(position, 1.0);
  }
`;

/** The ground at height 0: a grid of 0.5 m, lines through the origin, and soft contact shadows under the feet. */
export class GroundLayer implements ViewportLayer {
  readonly object = new Group();
  private readonly plane = new PlaneGeometry(REACH * 2, REACH * 2).rotateX(-Math.PI / 2);
  private readonly gridMaterial = new ShaderMaterial({
    vertexShader: GRID_VERTEX,
    fragmentShader: GRID_FRAGMENT,
    uniforms: {
      minorLine: { value: new Vector4() },
      majorLine: { value: new Vector4() },
      axisX: { value: new Vector3() },
      axisZ: { value: new Vector3() },
      centre: { value: new Vector2() },
    },
    transparent: true,
    depthWrite: false,
    side: 2,
  });
  private readonly grid = new Mesh(this.plane, this.gridMaterial);
  private readonly disc = new CircleGeometry(1, 24).rotateX(-Math.PI / 2);
  private readonly shadowMaterial = new ShaderMaterial({
    vertexShader: SHADOW_VERTEX,
    fragmentShader: SHADOW_FRAGMENT,
    transparent: true,
    depthWrite: false,
  });
  private readonly shadows = new InstancedMesh(this.disc, this.shadowMaterial, MOST_SHADOWS);
  private readonly point = new Vector3();
  private readonly place = new Matrix4();

  constructor() {
    this.grid.renderOrder = 1;
    this.grid.frustumCulled = false;
    this.shadows.renderOrder = 2;
    this.shadows.frustumCulled = false;
    this.shadows.instanceMatrix.setUsage(DynamicDrawUsage);
    this.object.add(this.grid, this.shadows);
  }

  update(scene: SceneState): void {
    const { minorLine, majorLine, axisX, axisZ } = this.gridMaterial.uniforms;
    const { colors } = scene;
    const setLine = (uniform: typeof minorLine, { color, alpha }: typeof colors.gridMinor) => {
      if (uniform?.value instanceof Vector4) uniform.value.set(color.r, color.g, color.b, alpha);
    };
    setLine(minorLine, colors.gridMinor);
    setLine(majorLine, colors.gridMajor);
    if (axisX?.value instanceof Vector3) axisX.value.set(colors.axes[0].r, colors.axes[0].g, colors.axes[0].b);
    if (axisZ?.value instanceof Vector3) axisZ.value.set(colors.axes[2].r, colors.axes[2].g, colors.axes[2].b);
    this.placeShadows(scene);
  }

  dispose(): void {
    this.plane.dispose();
    this.gridMaterial.dispose();
    this.disc.dispose();
    this.shadowMaterial.dispose();
    this.shadows.dispose();
  }

  private placeShadows({ people, sceneFromCamera }: SceneState): void {
    let count = 0;
    let sumX = 0;
    let sumZ = 0;
    for (const { body } of people) {
      for (const joint of ANKLES) {
        if (count >= MOST_SHADOWS) break;
        const { joints } = body;
        this.point
          .set(joints[joint * 3]!, joints[joint * 3 + 1]!, joints[joint * 3 + 2]!)
          .applyMatrix4(sceneFromCamera);
        sumX += this.point.x;
        sumZ += this.point.z;
        const height = Math.max(0, this.point.y - 0.08);
        // A foot in the air casts a wider, paler shadow; above 0.8 m none.
        const size = height > 0.8 ? 0 : 0.2 + 0.25 * height;
        this.place.makeScale(size, 1, size).setPosition(this.point.x, 0.003, this.point.z);
        this.shadows.setMatrixAt(count++, this.place);
      }
    }
    this.shadows.count = count;
    this.shadows.instanceMatrix.needsUpdate = true;
    if (count === 0) return;
    const { centre } = this.gridMaterial.uniforms;
    const x = Math.round(sumX / count / 2.5) * 2.5;
    const z = Math.round(sumZ / count / 2.5) * 2.5;
    if (centre?.value instanceof Vector2) centre.value.set(sumX / count, sumZ / count);
    this.grid.position.set(x, 0, z);
  }
}
