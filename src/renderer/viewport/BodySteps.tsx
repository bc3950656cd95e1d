import { ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react';
import { BODY_STEPS, type BodyStep } from '#core/body/bodySteps';
import { IconButton } from '../controls/IconButton';
import { Chip } from '../controls/Marks';
import { MenuButton } from '../controls/MenuButton';
import { useView, viewStore } from '../session/viewStore';
import { STEP_NOTES, STEP_TITLES } from './stepTitles';
import styles from './viewport.module.css';

function show(bodyStep: BodyStep | undefined): void {
  if (bodyStep) viewStore.setState({ bodyStep });
}

/** The six steps in which an SMPL body comes about, one by one; the last is the body as it is. */
export function BodySteps() {
  const step = useView((state) => state.bodyStep);
  const at = BODY_STEPS.indexOf(step);
  return (
    <div className={styles['steps']} role="group" aria-label="Steps of the body model">
      <IconButton
        size="s"
        icon={ChevronLeft}
        label="Step back"
        disabled={at === 0}
        onClick={() => show(BODY_STEPS[at - 1])}
      />
      <MenuButton
        trigger={
          <button type="button" className={styles['direction']} aria-label={`Body step: ${STEP_TITLES[step]}`}>
            {STEP_TITLES[step]}
            <ChevronDown size={14} strokeWidth={1.5} aria-hidden />
          </button>
        }
        groups={[
          {
            entries: BODY_STEPS.map((entry) => ({
              title: STEP_TITLES[entry],
              detail: STEP_NOTES[entry],
              shortcut: `Alt+${BODY_STEPS.indexOf(entry) + 1}`,
              checked: entry === step,
              onChoose: () => show(entry),
            })),
          },
        ]}
      />
      <IconButton
        size="s"
        icon={ChevronRight}
        label="Step on"
        disabled={at === BODY_STEPS.length - 1}
        onClick={() => show(BODY_STEPS[at + 1])}
      />
    </div>
  );
}

/** Which step 3D shows while it is not the finished body, and that the video keeps that one. */
export function StepNote() {
  const step = useView((state) => state.bodyStep);
  if (step === 'skinned') return null;
  return <Chip tone="info">Step {STEP_TITLES[step].toLowerCase()}; the video keeps the finished body</Chip>;
}
