import { Check, Circle, Info, TriangleAlert } from 'lucide-react';
import type { ModelSet } from '#core/protocol/modelMessages';
import { Chip } from '../controls/Marks';
import text from '../theme/text.module.css';
import styles from './models.module.css';
import { SlotRow } from './SlotRow';

function stateOf({ state, slots }: ModelSet): { tone: 'ok' | 'warn' | 'neutral'; word: string } {
  const needed = slots.filter((slot) => slot.needed);
  const missing = needed.filter((slot) => !slot.parts.some((part) => part.inUse)).length;
  if (state === 'ready') return { tone: 'ok', word: 'Ready' };
  if (state === 'empty') return { tone: 'neutral', word: needed.length === 0 ? 'Optional' : 'Not set up' };
  return { tone: 'warn', word: `${missing} of ${needed.length} missing` };
}

const ICONS = { ok: Check, warn: TriangleAlert, neutral: Circle };
const TONES = { ok: 'ok', warn: 'warn', neutral: 'caption' };

/** An estimator or body that a person's own files make possible, with a row for each part. */
export function SetCard({ set }: { set: ModelSet }) {
  const { tone, word } = stateOf(set);
  const Icon = ICONS[tone];
  const heading = `models-${set.id}`;
  return (
    <section className={styles['card']} aria-labelledby={heading}>
      <header>
        <Icon className={text[TONES[tone]]} size={16} strokeWidth={1.5} aria-hidden />
        <h2 id={heading}>{set.title}</h2>
        <Chip tone={tone}>{word}</Chip>
        <span className={text['grow']} />
        <span className={styles['aside']}>{set.licence}</span>
      </header>
      <ul>
        {set.slots.map((slot) => (
          <SlotRow key={slot.kind} slot={slot} isAlarming={set.state !== 'empty'} />
        ))}
      </ul>
      {set.isMain && (
        <p className={styles['licence']}>
          <Info size={14} strokeWidth={1.5} aria-hidden />
          <span>
            VIBE, SPIN and SMPL are for research and other non-commercial use. For anything else, ask their owners.
            Retake keeps what it makes of your files in its own folder on this computer.
          </span>
        </p>
      )}
    </section>
  );
}
