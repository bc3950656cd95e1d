import {
  Axis3d,
  Box as BoxIcon,
  Droplet,
  Hand,
  Maximize,
  Minus,
  MousePointer2,
  PersonStanding,
  Plus,
  Route,
  SquarePlus,
  Squircle,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { IconButton } from '../controls/IconButton';
import { RangeSlider } from '../controls/RangeSlider';
import { type OverlayId, type StageTool, toggleOverlay, useView, viewStore } from '../session/viewStore';
import styles from './stage.module.css';
import { fitStage, showActualPixels, useStage, ZOOM_STEP, zoomStage } from './stageStore';

const TOOLS: readonly { id: StageTool; label: string; shortcut: string; icon: LucideIcon }[] = [
  { id: 'select', label: 'Select', shortcut: 'V', icon: MousePointer2 },
  { id: 'draw', label: 'Draw box', shortcut: 'B', icon: SquarePlus },
  { id: 'pan', label: 'Pan', shortcut: 'H', icon: Hand },
];

const OVERLAYS: readonly { id: OverlayId; label: string; shortcut: string; icon: LucideIcon }[] = [
  { id: 'boxes', label: 'Boxes', shortcut: '1', icon: Squircle },
  { id: 'mesh', label: 'Mesh', shortcut: '2', icon: BoxIcon },
  { id: 'weights', label: 'Skin weights', shortcut: '3', icon: Droplet },
  { id: 'joints', label: 'Joints', shortcut: '4', icon: Axis3d },
  { id: 'skeleton', label: 'Skeleton', shortcut: '5', icon: PersonStanding },
  { id: 'trails', label: 'Trails', shortcut: '6', icon: Route },
];

/** Tools, overlays, mesh opacity and zoom of the stage. */
export function StageToolbar() {
  const tool = useView((state) => state.tool);
  const overlays = useView((state) => state.overlays);
  const opacity = Math.round(useView((state) => state.meshOpacity) * 100);
  const percent = Math.round(useStage((state) => state.view.scale) * 100);
  return (
    <div className={styles['bar']} role="toolbar" aria-label="Stage tools">
      <div className={styles['tools']}>
        {TOOLS.map(({ id, ...button }) => (
          <IconButton key={id} {...button} pressed={tool === id} onClick={() => viewStore.setState({ tool: id })} />
        ))}
      </div>
      <span className={styles['separator']} />
      <div className={styles['tools']}>
        {OVERLAYS.map(({ id, ...button }) => (
          <IconButton key={id} {...button} pressed={overlays[id]} onClick={() => toggleOverlay(id)} />
        ))}
      </div>
      <span className={styles['separator']} />
      <div className={styles['opacity']}>
        <span>Mesh</span>
        <div className={styles['slider']}>
          <RangeSlider
            label="Mesh opacity"
            value={opacity}
            min={0}
            max={100}
            step={1}
            onChange={(value) => viewStore.setState({ meshOpacity: value / 100 })}
          />
        </div>
        <span>{opacity} %</span>
      </div>
      <span className={styles['grow']} />
      <div className={styles['zoom']}>
        <IconButton icon={Minus} size="s" label="Zoom out" onClick={() => zoomStage(1 / ZOOM_STEP)} />
        <button
          type="button"
          className={styles['zoomText']}
          aria-label={`Zoom ${percent} %, show at 100 %`}
          onClick={showActualPixels}
        >
          {percent} %
        </button>
        <IconButton icon={Plus} size="s" label="Zoom in" onClick={() => zoomStage(ZOOM_STEP)} />
      </div>
      <IconButton icon={Maximize} label="Fit" shortcut="F" onClick={fitStage} />
    </div>
  );
}
