import type { Person } from '#core/document/schema';
import type { Span } from '#core/frames/span';
import { framesText } from '#core/tracks/boxEdit';
import { followChoices, type PassedOver } from './chosenRows';
import type { KeptRuns } from './keptRuns';

/** Why choices are not followed, a sentence for each person, run and reason; none while no body is known. */
export function passedOverSentences(
  people: readonly Person[],
  kept: KeptRuns,
  bodyModel: string | undefined,
): string[] {
  if (bodyModel === undefined) return [];
  return people.flatMap((person) => {
    const byReason = new Map<string, Span[]>();
    for (const passed of followChoices(person, kept, bodyModel).passedOver) {
      const reason = reasonOf(passed, kept);
      byReason.set(reason, [...(byReason.get(reason) ?? []), passed]);
    }
    return [...byReason].map(([reason, spans]) => {
      const where = spans.map(framesText).join(', ');
      return `${person.name} shows the newest run on ${where} instead of ${reason}.`;
    });
  });
}

function reasonOf({ run, why }: PassedOver, kept: KeptRuns): string {
  if (why === 'gone') return 'a kept run that is not there any more';
  const { name, bodyModel, bodyTitle = bodyModel } = kept.run(run);
  return `"${name}", which ${why === 'noBody' ? 'has no body there' : `was made for another body (${bodyTitle})`}`;
}
