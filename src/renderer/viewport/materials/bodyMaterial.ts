import { Color, NoBlending, ShaderMaterial } from 'three';

const VERTEX = /* glsl */ `
  varying vec3 vNormal;
  #ifdef USE_HEAT
    attribute vec4 heat;
    varying vec3 vHeat;
  #endif
  void main() {
    vNormal = normalMatrix * normal;
    #ifdef USE_HEAT
      vHeat = heat.rgb * heat.rgb * (0.305 * heat.rgb + 0.695);
    #endif
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  }
`;

const FRAGMENT = /* glsl */ `
  uniform vec3 tint;
  uniform float opacity;
  uniform float stripe;
  varying vec3 vNormal;
  #ifdef USE_HEAT
    varying vec3 vHeat;
  #endif
  void main() {
    if (stripe > 0.0 && mod(gl_FragCoord.x + gl_FragCoord.y, stripe) < 0.5 * stripe) discard;
    vec3 normal = normalize(vNormal);
    float key = max(dot(normal, vec3(-0.43, 0.62, 0.66)), 0.0);
    float fill = max(dot(normal, vec3(0.78, 0.10, 0.62)), 0.0);
    float sky = 0.5 + 0.5 * normal.y;
    float edge = 1.0 - max(normal.z, 0.0);
    #ifdef USE_HEAT
      vec3 albedo = vHeat;
      float light = 0.30 + 0.18 * sky + 0.62 * key + 0.16 * fill;
    #else
      vec3 albedo = tint;
      float light = 0.05 + 0.17 * sky + 0.86 * key + 0.20 * fill;
    #endif
    vec3 color = albedo * light + vec3(0.05) * edge * edge * edge * sky;
    gl_FragColor = vec4(color, opacity);
    #include <colorspace_fragment>
    gl_FragColor.rgb *= gl_FragColor.a;
  }
`;

/** From one left-out stripe of a striped body to the next, CSS px. */
export const STRIPE = 8;

/** The one material of bodies: smooth, matte, lit from above left of whoever looks. */
export interface BodyMaterial extends ShaderMaterial {
  /** `stripe`: px of the canvas from one stripe that is left out to the next, 0 for none. */
  uniforms: { tint: { value: Color }; opacity: { value: number }; stripe: { value: number } };
}

/**
 * A matte material. Lights are fixed to the view, so that form reads from every side. Below opacity 1 the nearest surface
 * alone is drawn (depth is written, nothing is blended inside the canvas), so that a see-through body never shows its own
 * inside and people keep their order.
 * @param heat colour by the vertex attribute `heat` (sRGB bytes) instead of the tint
 */
export function createBodyMaterial(heat: boolean): BodyMaterial {
  const uniforms = { tint: { value: new Color(0.6, 0.6, 0.62) }, opacity: { value: 1 }, stripe: { value: 0 } };
  const material = new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    uniforms,
    defines: heat ? { USE_HEAT: '' } : {},
    transparent: true,
    blending: NoBlending,
    depthWrite: true,
  });
  return Object.assign(material, { uniforms });
}
