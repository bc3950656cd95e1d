import { FileDown } from 'lucide-react';
import { commandById } from '../commands/registry';
import { IconButton } from '../controls/IconButton';
import { Meter } from '../controls/Marks';
import { formatNumber, formatPercent } from '../wording/numbers';
import { useChecks } from './checkStore';
import styles from './review.module.css';

/** How many frames of how many were reviewed, over everybody. */
export function ReviewProgress() {
  const counts = useChecks((state) => state.counts);
  let [frames, reviewed] = [0, 0];
  for (const count of counts.values()) {
    frames += count.frames;
    reviewed += count.reviewed;
  }
  if (frames === 0) return null;
  return (
    <div className={styles['progress']}>
      <div>
        <b>Reviewed</b>
        <span>
          {formatNumber(reviewed)} of {formatNumber(frames)} · {formatPercent(reviewed / frames)}
        </span>
        <IconButton
          icon={FileDown}
          size="s"
          label="Write the review report"
          onClick={() => void commandById('review-report').run()}
        />
      </div>
      <Meter fraction={reviewed / frames} label="Reviewed" color="var(--ok)" />
    </div>
  );
}
