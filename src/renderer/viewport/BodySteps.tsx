import { ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react';
import { BODY_STEPS, type BodyStep } from '#core/body/bodySteps';
import { IconButton } from '../controls/IconButton';
import { MenuButton } from '../controls/MenuButton';
import { useView, viewStore } from '../session/viewStore';
import styles from './viewport.module.css';

const STEP_TITLES: Readonly<Record<BodyStep, string>> = {
  template: '1 Template',
  shaped: '2 Shaped',
  joints: '3 Joints',
  corrected: '4 Pose-corrected',
  posed: '5 Posed',
  skinned: '6 Skinned',
};

const STEP_NOTES: Readonly<Record<BodyStep, string>> = {
  template: 'the mean body',
  shaped: 'plus betas',
  joints: 'regressed from the shape',
  corrected: 'plus correctives of the pose',
  posed: 'skeleton turned, skin not yet',
  skinned: 'skin follows the joints',
};

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
