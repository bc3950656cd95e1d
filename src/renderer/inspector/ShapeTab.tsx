import { Lock } from 'lucide-react';
import { useRef } from 'react';
import { BETA_LIMIT, bodyMassIndex, withStature } from '#core/body/shapeWords';
import type { Person } from '#core/document/schema';
import type { ShapeFacts } from '#core/protocol/shapeMessages';
import { Button } from '../controls/Button';
import { Chip, EmptyState } from '../controls/Marks';
import { NumberField } from '../controls/NumberField';
import { RangeSlider } from '../controls/RangeSlider';
import type { MotionRow } from '../playback/shownBodies';
import { useProject } from '../session/projectStore';
import { bodyTitle, useTitles } from '../session/titles';
import { ActorSection } from './ActorSection';
import { EditMark } from './EditMark';
import styles from './inspector.module.css';
import { OtherBody, resetShape } from './OtherBody';
import { Section } from './Prop';
import { type ShapeEditing, type Words, useShapeEditing, useShapeFacts } from './shapeEditing';
import { useMotion } from './useMotion';

/** A number with its name, a slider and a field. */
function SliderField(props: {
  title: string;
  letter: string;
  label: string;
  ends?: readonly [string, string] | undefined;
  value: number;
  min: number;
  max: number;
  step: number;
  decimals: number;
  disabled: boolean;
  onChange: (value: number, isKept: boolean) => void;
  onCancel: () => void;
}) {
  const { title, value, min, max, step, disabled, onChange } = props;
  return (
    <div className={styles['word']}>
      <span>{title}</span>
      <div>
        <RangeSlider
          label={`${props.label}, slider`}
          value={Math.max(min, Math.min(max, value))}
          min={min}
          max={max}
          step={step}
          disabled={disabled}
          onChange={(next) => onChange(next, false)}
          onCommit={(next) => onChange(next, true)}
        />
        {props.ends && (
          <small aria-hidden>
            <span>{props.ends[0]}</span>
            <span>{props.ends[1]}</span>
          </small>
        )}
      </div>
      <NumberField
        letter={props.letter}
        label={props.label}
        value={value}
        decimals={props.decimals}
        step={step}
        disabled={disabled}
        onPreview={(next) => onChange(next, false)}
        onCommit={(next) => onChange(next, true)}
        onCancel={props.onCancel}
      />
    </div>
  );
}

function WordFields({ facts, editing, isLocked }: { facts: ShapeFacts; editing: ShapeEditing; isLocked: boolean }) {
  const { words, traits } = facts;
  // A drag counts from where it began: on its way it may touch what no body is like.
  const begun = useRef<Words>(undefined);
  const change = (what: (from: Words) => Words, isKept: boolean) => {
    begun.current ??= words;
    editing.words(what(begun.current), isKept);
    if (isKept) begun.current = undefined;
  };
  const onCancel = () => {
    begun.current = undefined;
    editing.cancel();
  };
  const common = { disabled: isLocked, onCancel };
  return (
    <>
      <SliderField
        {...common}
        {...{ title: 'Stature', letter: 'cm', label: 'Stature, cm', decimals: 1, min: 140, max: 205, step: 1 }}
        value={words.stature * 100}
        onChange={(value, isKept) => change((from) => withStature(from, Math.max(10, value) / 100), isKept)}
      />
      <SliderField
        {...common}
        {...{ title: 'Weight', letter: 'kg', label: 'Weight, kg', decimals: 1, min: 35, max: 140, step: 1 }}
        value={words.mass}
        onChange={(value, isKept) => change((from) => ({ ...from, mass: Math.max(1, value) }), isKept)}
      />
      <p className={styles['note']}>BMI {bodyMassIndex(words).toFixed(1)}; a new stature keeps it.</p>
      {traits.map(({ id, title, ends }) => (
        <SliderField
          key={id}
          {...common}
          {...{ title, letter: 'SD', label: `${title}, ${ends[0]} to ${ends[1]}, standard deviations`, ends }}
          {...{ decimals: 2, min: -BETA_LIMIT, max: BETA_LIMIT, step: 0.1 }}
          value={words[id]}
          onChange={(value, isKept) => change((from) => ({ ...from, [id]: value }), isKept)}
        />
      ))}
      {editing.isClamped && (
        <p className={styles['note']} role="status">
          No body within {BETA_LIMIT} standard deviations is like that; this is the nearest one.
        </p>
      )}
    </>
  );
}

function Shape({ person, motion }: { person: Person; motion: MotionRow }) {
  const assumptions = useProject((state) => state.project?.results.assumptions) ?? [];
  const bodyModel = useProject((state) => state.project?.results.bodyModel) ?? '';
  const titles = useTitles();
  const isSet = person.shapeEdit?.bodyModel === bodyModel;
  const kept = isSet ? person.shapeEdit?.betas : undefined;
  const shown = kept ?? Array.from(motion.piece.estimatedBetas);
  const editing = useShapeEditing(person.id, shown);
  const betas = editing.betas ?? shown;
  const facts = useShapeFacts(betas);
  return (
    <>
      <OtherBody person={person} bodyModel={bodyModel} estimate={motion.piece.estimatedBetas} />
      <Section
        title="Shape"
        aside={
          isSet ? (
            <Chip tone="accent">
              <EditMark state="here" />
              Set, locked over the clip
            </Chip>
          ) : (
            <Chip>
              <Lock size={11} aria-hidden /> As estimated
            </Chip>
          )
        }
      >
        {facts && <WordFields facts={facts} editing={editing} isLocked={person.locked} />}
        <div className={styles['buttons']}>
          <Button size="s" fill disabled={!isSet || person.locked} onClick={() => resetShape(person.id)}>
            Reset to the estimate
          </Button>
        </div>
        {assumptions.map((assumption) => (
          <p key={assumption} className={styles['note']}>
            {assumption}
          </p>
        ))}
      </Section>
      <ActorSection person={person} bodyModel={bodyModel} betas={betas} onApply={editing.apply} />
      <Section title="Betas" note={`standard deviations, ${bodyTitle(titles, bodyModel)}`}>
        {betas.map((value, index) => (
          <SliderField
            key={index}
            {...{ title: `beta ${index}`, letter: 'SD', label: `Beta ${index}, standard deviations`, decimals: 3 }}
            {...{ min: -BETA_LIMIT, max: BETA_LIMIT, step: 0.1, disabled: person.locked, value }}
            onChange={(next, isKept) => editing.beta(index, next, isKept)}
            onCancel={editing.cancel}
          />
        ))}
      </Section>
    </>
  );
}

/** The shape of the selected person in words and in betas: one for the whole clip. */
export function ShapeTab({ person }: { person: Person | undefined }) {
  const motion = useMotion(person?.id);
  const bodyModel = useProject((state) => state.project?.results.bodyModel) ?? '';
  if (!person || !motion) {
    return (
      <>
        {person && <OtherBody person={person} bodyModel={bodyModel} estimate={undefined} />}
        <EmptyState
          title="No shape yet"
          text="It comes with the body: one per person for the whole clip."
          note="Key Ctrl+Enter"
        />
      </>
    );
  }
  return <Shape key={person.id} person={person} motion={motion} />;
}
