import { Hand, Maximize, Minus, MousePointer2, Plus, SquarePlus } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { OVERLAY_TITLES } from '../commands/views';
import { useCompare } from '../compare/compareStore';
import { CompareViews } from '../compare/CompareViews';
import { IconButton } from '../controls/IconButton';
import { RangeSlider } from '../controls/RangeSlider';
import { OVERLAY_IDS, type OverlayId, type StageTool, toggleOverlay, useView, viewStore } from '../session/viewStore';
import { OVERLAY_ICONS } from '../viewport/overlayIcons';
import text from '../theme/text.module.css';
import styles from './stage.module.css';
import { fitStage, showActualPixels, useStage, ZOOM_STEP, zoomStage } from './stageStore';

const TOOLS: readonly { id: StageTool; label: string; shortcut: string; icon: LucideIcon }[] = [
  { id: 'select', label: 'Select', shortcut: 'V', icon: MousePointer2 },
  { id: 'draw', label: 'Draw box', shortcut: 'B', icon: SquarePlus },
  { id: 'pan', label: 'Pan', shortcut: 'H', icon: Hand },
];

/** Layers that can be drawn over the video. */
const OVERLAYS = ['boxes', 'mesh', 'weights', 'joints', 'skeleton', 'trails'] as const;

/** Not drawn while two runs are compared: the same for both, or in the way of their colours. */
const NOT_OF_RUNS: ReadonlySet<OverlayId> = new Set(['boxes', 'weights']);

/** Tools, overlays, mesh opacity and zoom of the stage. */
export function StageToolbar() {
  const isComparing = useCompare((state) => state.isOpen && state.ids.A !== undefined);
  const tool = useView((state) => state.tool);
  const overlays = useView((state) => state.overlays);
  const opacity = Math.round(useView((state) => state.meshOpacity) * 100);
  const percent = Math.round(useStage((state) => state.view.scale) * 100);
  return (
    <div className={styles['bar']} role="toolbar" aria-label="Stage tools">
      <div className={styles['tools']}>
        {isComparing ? (
          <CompareViews />
        ) : (
          TOOLS.map(({ id, ...button }) => (
            <IconButton key={id} {...button} pressed={tool === id} onClick={() => viewStore.setState({ tool: id })} />
          ))
        )}
      </div>
      <span className={styles['separator']} />
      <div className={styles['tools']}>
        {OVERLAYS.filter((id) => !(isComparing && NOT_OF_RUNS.has(id))).map((id) => (
          <IconButton
            key={id}
            icon={OVERLAY_ICONS[id]}
            label={OVERLAY_TITLES[id]}
            shortcut={`${OVERLAY_IDS.indexOf(id) + 1}`}
            pressed={overlays[id]}
            onClick={() => toggleOverlay(id)}
          />
        ))}
      </div>
      <span className={styles['separator']} />
      <div className={`${styles['opacity']} ${text['hideSmall']}`}>
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
          className={`${styles['zoomText']} ${text['hideSmall']}`}
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
