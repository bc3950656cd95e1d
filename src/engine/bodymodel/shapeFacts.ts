import type { BodyModel } from '#core/body/bodyModel';
import { betasOfWords, type ShapeWords, shapeTraits, wordsOfBetas } from '#core/body/shapeWords';
import type { ShapeFacts } from '#core/protocol/shapeMessages';

/** What betas of a body mean in words. */
export function shapeFacts(body: BodyModel, betas: readonly number[], isClamped = false): ShapeFacts {
  const traits = shapeTraits(body).map(({ id, title, ends: [low, high] }) => {
    const ends: [string, string] = [low, high];
    return { id, title, ends };
  });
  return { words: wordsOfBetas(body, betas), traits, isClamped };
}

/** Betas for words, and what they really give. */
export function shapeOfWords(
  body: BodyModel,
  words: ShapeWords,
  others: readonly number[],
): ShapeFacts & { betas: number[] } {
  const found = betasOfWords(body, words, others);
  const betas = Array.from(found.betas);
  return { ...shapeFacts(body, betas, found.isClamped), betas };
}
