import {
  BufferAttribute,
  BufferGeometry,
  DynamicDrawUsage,
  Group,
  Points,
  ShaderMaterial,
  Sphere,
  Vector3,
} from 'three';
import { JOINT_COUNT } from '#core/body/skeleton';
import { drawnDensity } from '../canvasPart';
import type { ScenePerson, SceneState } from '../sceneState';
import type { ViewportLayer } from './layer';
import { ThickLines } from './thickLines';

const MOST_PEOPLE = 12;
const CAPACITY = MOST_PEOPLE * JOINT_COUNT;
/** Length of a joint's own axes on the screen, CSS px. */
const AXIS_LENGTH = 16;

const VERTEX = /* glsl */ `
  attribute vec4 look;
  uniform float density;
  varying vec3 vColor;
  void main() {
    vColor = look.rgb;
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
    gl_PointSize = look.a * density;
  }
`;

const FRAGMENT = /* glsl */ `
  varying vec3 vColor;
  void main() {
    vec2 place = gl_PointCoord * 2.0 - 1.0;
    float radius = length(place);
    float blur = fwidth(radius);
    float shape = 1.0 - smoothstep(1.0 - blur, 1.0, radius);
    if (shape <= 0.0) discard;
    float rim = smoothstep(0.70 - blur, 0.70 + blur, radius);
    float light = 0.86 + 0.14 * dot(vec3(place.x, -place.y, sqrt(max(0.0, 1.0 - radius * radius))), vec3(-0.43, 0.62, 0.66));
    gl_FragColor = vec4(mix(vColor * light, vec3(0.02), rim), shape);
    #include <colorspace_fragment>
  }
`;

/** Joints as small balls of one size on the screen, seen through the body, and the selected person's own joint axes. */
export class JointsLayer implements ViewportLayer {
  readonly object = new Group();
  private readonly geometry = new BufferGeometry();
  private readonly positions = new Float32Array(CAPACITY * 3);
  private readonly looks = new Float32Array(CAPACITY * 4);
  private readonly material = new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    uniforms: { density: { value: 1 } },
    transparent: true,
    depthTest: false,
    depthWrite: false,
  });
  private readonly axes = new ThickLines(JOINT_COUNT * 3, { width: 1.4, casing: false, xray: true, opacity: 0.9 });
  private readonly tips = new Float32Array(3);
  private readonly place = new Vector3();

  constructor() {
    this.geometry.setAttribute('position', new BufferAttribute(this.positions, 3).setUsage(DynamicDrawUsage));
    this.geometry.setAttribute('look', new BufferAttribute(this.looks, 4).setUsage(DynamicDrawUsage));
    this.geometry.boundingSphere = new Sphere(new Vector3(), Number.POSITIVE_INFINITY);
    const points = new Points(this.geometry, this.material);
    points.frustumCulled = false;
    points.matrixAutoUpdate = false;
    points.renderOrder = 30;
    points.onBeforeRender = (renderer) => {
      const density = this.material.uniforms['density'];
      if (density) density.value = drawnDensity(renderer);
    };
    this.object.add(this.axes.object, points);
  }

  update(scene: SceneState): void {
    let count = 0;
    this.axes.begin();
    for (const entry of scene.people) {
      if (count + JOINT_COUNT > CAPACITY) break;
      this.placeJoints(entry, scene, count);
      if (entry.isSelected) this.placeAxes(entry, scene);
      count += JOINT_COUNT;
    }
    this.axes.end();
    this.geometry.setDrawRange(0, count);
    for (const name of ['position', 'look']) {
      const attribute = this.geometry.getAttribute(name);
      if (attribute instanceof BufferAttribute) attribute.needsUpdate = true;
    }
  }

  dispose(): void {
    this.geometry.dispose();
    this.material.dispose();
    this.axes.dispose();
  }

  private placeJoints({ body, isSelected }: ScenePerson, { colors, pickedJoint }: SceneState, first: number): void {
    this.positions.set(body.joints, first * 3);
    for (let joint = 0; joint < JOINT_COUNT; joint++) {
      const isPicked = isSelected && joint === pickedJoint;
      const color = isPicked ? colors.accent : colors.joint;
      const at = (first + joint) * 4;
      this.looks[at] = color.r;
      this.looks[at + 1] = color.g;
      this.looks[at + 2] = color.b;
      this.looks[at + 3] = isPicked ? 15 : isSelected ? 9 : 7;
    }
  }

  private placeAxes({ body }: ScenePerson, { colors, eye, pxSlope }: SceneState): void {
    for (let joint = 0; joint < JOINT_COUNT; joint++) {
      const length = AXIS_LENGTH * pxSlope * this.place.fromArray(body.joints, joint * 3).distanceTo(eye);
      for (let axis = 0; axis < 3; axis++) {
        for (let row = 0; row < 3; row++) {
          const along = body.jointRotations[joint * 9 + row * 3 + axis]! * length;
          this.tips[row] = body.joints[joint * 3 + row]! + along;
        }
        const color = colors.axes[axis];
        if (color) this.axes.segment(body.joints, joint * 3, this.tips, 0, color);
      }
    }
  }
}
