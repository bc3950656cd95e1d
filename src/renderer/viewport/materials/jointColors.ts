import { JOINT_PARENTS } from '#core/body/skeleton';

/** OKLCH to sRGB bytes (Ottosson 2020), cut off at the edge of the gamut. */
function oklch(lightness: number, chroma: number, hue: number): readonly [number, number, number] {
  const a = chroma * Math.cos(hue * 2 * Math.PI);
  const b = chroma * Math.sin(hue * 2 * Math.PI);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const byte = (linear: number) => {
    const value = Math.max(0, Math.min(1, linear));
    return Math.round(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055));
  };
  return [
    byte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    byte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    byte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

const GOLDEN = 0.618034;
const CHROMA = 0.13;
/** Two lightnesses in turn, so that neighbours differ for people who see few hues, too. */
const LIGHTNESS = [0.65, 0.84] as const;

/** Whether each SMPL joint is an odd number of bones below the pelvis: a joint and its parent never agree. */
const ODD: readonly boolean[] = JOINT_PARENTS.reduce<boolean[]>(
  (odd, parent) => [...odd, parent >= 0 && odd[parent] === false],
  [],
);

/** Colour of a joint among all joints, sRGB bytes: a joint and its parent differ in hue and in lightness. */
export function jointColor(joint: number): readonly [number, number, number] {
  return oklch(LIGHTNESS[ODD[joint] === true ? 1 : 0], CHROMA, (joint * GOLDEN) % 1);
}
