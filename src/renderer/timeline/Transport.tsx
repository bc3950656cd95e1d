import {
  ArrowLeftRight,
  Check,
  Diamond,
  Pause,
  Play,
  Repeat,
  Scissors,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
} from 'lucide-react';
import { tryCommand } from '../commands/keyboard';
import { useKeyTitle } from '../commands/keyTitle';
import { commandById } from '../commands/registry';
import { useCompare } from '../compare/compareStore';
import { CompareTransport } from '../compare/CompareTransport';
import { Button } from '../controls/Button';
import controls from '../controls/controls.module.css';
import { IconButton } from '../controls/IconButton';
import { MenuButton } from '../controls/MenuButton';
import { Toolbar } from '../controls/Toolbar';
import { playhead } from '../playback/playhead';
import { useIsPlaying, usePlaybackRate } from '../session/usePlayhead';
import { useView } from '../session/viewStore';
import text from '../theme/text.module.css';
import { FrameField } from './FrameField';
import styles from './timeline.module.css';

const RATES = [0.1, 0.25, 0.5, 1, 2, 4];

function run(id: string): () => void {
  return () => void tryCommand(commandById(id));
}

function RateMenu() {
  const rate = usePlaybackRate();
  return (
    <MenuButton
      trigger={
        <button type="button" className={styles['rate']} aria-label={`Speed ${Math.abs(rate)} times`}>
          {Math.abs(rate)}×
        </button>
      }
      groups={[
        {
          entries: RATES.map((value) => ({
            title: `${value}×`,
            checked: value === Math.abs(rate),
            onChoose: () => playhead.setRate(value),
          })),
        },
      ]}
    />
  );
}

function PlayButton() {
  const isPlaying = useIsPlaying();
  const Icon = isPlaying ? Pause : Play;
  return (
    <button
      type="button"
      className={styles['play']}
      aria-label={isPlaying ? 'Pause' : 'Play'}
      title={useKeyTitle('play')}
      onClick={run('play')}
    >
      <Icon size={16} strokeWidth={1.5} fill="currentColor" aria-hidden />
    </button>
  );
}

/** What is done at the playhead while boxes and people are corrected. */
function ReviewTransport() {
  return (
    <>
      <Button
        look="ghost"
        icon={Diamond}
        label="Keyframe"
        title={useKeyTitle('box-toggle-keyframe')}
        onClick={run('box-toggle-keyframe')}
      >
        <span className={text['hideNarrow']}>Keyframe</span>
      </Button>
      <Button look="ghost" icon={Scissors} label="Split" title={useKeyTitle('split')} onClick={run('split')}>
        <span className={text['hideNarrow']}>Split</span>
      </Button>
      <Button
        look="ghost"
        icon={ArrowLeftRight}
        title={useKeyTitle('swap')}
        label="Swap from here"
        onClick={run('swap')}
      >
        <span className={text['hideNarrow']}>Swap from here</span>
      </Button>
      <span className={text['grow']} />
      <Button icon={Check} label="Mark reviewed" title={useKeyTitle('mark-reviewed')} onClick={run('mark-reviewed')}>
        <span className={text['hideSmall']}>Mark reviewed</span>
      </Button>
      <Button label="Next to check" title={useKeyTitle('next-check')} onClick={run('next-check')}>
        <span>
          Next<span className={text['hideSmall']}> to check</span>
        </span>
      </Button>
    </>
  );
}

/** Position, stepping, playing, and what is done at the playhead. */
export function Transport() {
  const isComparing = useCompare((state) => state.isOpen);
  const isLooping = useView((state) => state.loop);
  return (
    <Toolbar className={styles['transport']} label="Transport">
      <FrameField />
      <span className={text['hideSmall']}>
        <IconButton icon={SkipBack} label="First frame" shortcut="Home" onClick={run('first-frame')} />
      </span>
      <IconButton icon={StepBack} label="One frame back" shortcut="ArrowLeft" onClick={run('frame-back')} />
      <PlayButton />
      <IconButton icon={StepForward} label="One frame on" shortcut="ArrowRight" onClick={run('frame-on')} />
      <span className={text['hideSmall']}>
        <IconButton icon={SkipForward} label="Last frame" shortcut="End" onClick={run('last-frame')} />
      </span>
      <IconButton icon={Repeat} label="Loop in to out" shortcut="Shift+L" pressed={isLooping} onClick={run('loop')} />
      <RateMenu />
      <span className={controls['separator']} />
      {isComparing ? <CompareTransport /> : <ReviewTransport />}
    </Toolbar>
  );
}
