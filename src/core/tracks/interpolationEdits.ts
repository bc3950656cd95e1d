import type { Person, ProjectDocument } from '../document/schema';
import { mergeSpans, overlaps, type Span, subtractSpans } from '../frames/span';
import { type BoxEdit, clampSpan, editablePerson, framesText, neighbours, oneFrame, personRecipe } from './boxEdit';
import { setList } from './personChange';

/** How a box runs between two keyframes: straight, or on a curve through the keyframes around. */
export type InterpolationMode = 'linear' | 'smooth';

/** Frames between the keyframes around a frame; on a keyframe, those after it and those before it. */
function gapsAt(person: Person, frameIndex: number): Span[] {
  const { before, after } = neighbours(person, frameIndex);
  const isKeyframe = person.keyframes.some((entry) => entry.frame === frameIndex);
  const gaps: Span[] = [];
  if (isKeyframe && after !== undefined) gaps.push({ from: frameIndex + 1, to: after });
  if (isKeyframe && before !== undefined) gaps.push({ from: before + 1, to: frameIndex });
  if (!isKeyframe && before !== undefined && after !== undefined) gaps.push({ from: before + 1, to: after });
  return gaps.filter((gap) => gap.to > gap.from);
}

/** Lets a person's box run through a gap between two keyframes, in place; keyframes inside it stay what they are. */
export function interpolateGap(person: Person, gap: Span, mode: InterpolationMode): void {
  const drawn = person.keyframes.map(({ frame }) => oneFrame(frame));
  person.interpolated = subtractSpans([...person.interpolated, gap], drawn);
  const smooth = subtractSpans(person.smooth ?? [], [gap]);
  setList(person, 'smooth', mode === 'smooth' ? mergeSpans([...smooth, gap]) : smooth);
  setList(person, 'off', subtractSpans(person.off ?? [], [gap]));
}

function runsLike(person: Person, gap: Span, mode: InterpolationMode): boolean {
  if (subtractSpans([gap], person.interpolated).length > 0) return false;
  if ((person.off ?? []).some((span) => overlaps(span, gap))) return false;
  const isSmooth = (person.smooth ?? []).some((span) => overlaps(span, gap));
  return mode === 'smooth' ? subtractSpans([gap], person.smooth ?? []).length === 0 : !isSmooth;
}

/**
 * Interpolation between the keyframes around a frame; on a keyframe, from it to the next one, else from the one before.
 * Undefined without a keyframe on both sides or when it runs that way already.
 */
export function planInterpolate(
  document: ProjectDocument,
  personId: string,
  frameIndex: number,
  mode: InterpolationMode = 'linear',
): BoxEdit | undefined {
  const person = editablePerson(document, personId);
  const gap = person && gapsAt(person, frameIndex).find((entry) => !runsLike(person, entry, mode));
  if (!gap) return undefined;
  return {
    label: `${mode === 'smooth' ? 'Interpolate smoothly' : 'Interpolate'}, ${framesText(gap)}`,
    frame: gap.from,
    person: personId,
    recipe: personRecipe(personId, (draft) => interpolateGap(draft, gap, mode)),
  };
}

/**
 * The same for every gap between two keyframes that touches a span: for a selection on the timeline. Undefined when there
 * is none or all of them run that way already.
 */
export function planInterpolateSpan(
  document: ProjectDocument,
  personId: string,
  span: Span,
  mode: InterpolationMode,
): BoxEdit | undefined {
  const person = editablePerson(document, personId);
  if (!person) return undefined;
  const gaps = person.keyframes
    .map((entry, index) => ({ from: entry.frame + 1, to: person.keyframes[index + 1]?.frame ?? 0 }))
    .filter((gap) => gap.to > gap.from && overlaps(gap, span) && !runsLike(person, gap, mode));
  const [first] = gaps;
  if (!first) return undefined;
  const hull = { from: first.from, to: gaps.at(-1)?.to ?? first.to };
  return {
    label: `${mode === 'smooth' ? 'Interpolate smoothly' : 'Interpolate'}, ${framesText(hull)}`,
    frame: first.from,
    person: personId,
    recipe: personRecipe(personId, (draft) => {
      for (const gap of gaps) interpolateGap(draft, gap, mode);
    }),
  };
}

/**
 * Turns interpolation off on a span of frames, or on again: off, neither keyframes nor the tracker's short gaps are bridged
 * there, and frames that nobody saw or drew have no box. Undefined when nothing would change.
 */
export function planInterpolationOff(
  document: ProjectDocument,
  personId: string,
  span: Span,
  isOff: boolean,
): BoxEdit | undefined {
  const person = editablePerson(document, personId);
  const frames = clampSpan(document, span);
  if (!person || !frames) return undefined;
  const before = person.off ?? [];
  const off = isOff ? mergeSpans([...before, frames]) : subtractSpans(before, [frames]);
  const isSame = subtractSpans(off, before).length + subtractSpans(before, off).length === 0;
  if (isSame) return undefined;
  return {
    label: `Interpolation ${isOff ? 'off' : 'on'}, ${framesText(frames)}`,
    frame: frames.from,
    person: personId,
    recipe: personRecipe(personId, (draft) => setList(draft, 'off', off)),
  };
}

/**
 * The frame in the middle between the keyframes around a frame, where a correction helps most; on a keyframe, of the gap
 * after it, else before it. Undefined where no frame lies between two keyframes.
 */
export function middleBetweenKeyframes(person: Person, frameIndex: number): number | undefined {
  const [gap] = gapsAt(person, frameIndex);
  return gap && (gap.from + gap.to - 1) >> 1;
}
