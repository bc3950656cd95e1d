import { CircleCheck, CircleX, TriangleAlert, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../controls/Button';
import { IconButton } from '../controls/IconButton';
import { goToFrame } from '../commands/time';
import { dismissNotice, type Notice, useNotices } from '../session/notices';
import text from '../theme/text.module.css';
import styles from './workspace.module.css';

const SHOWN_MS = 6000;

const ICONS = { info: CircleCheck, warning: TriangleAlert, error: CircleX };
const TONES = { info: 'caption', warning: 'warn', error: 'danger' };

function Toast({ notice }: { notice: Notice }) {
  const [isHeld, setHeld] = useState(false);
  const { frame } = notice;
  const Icon = ICONS[notice.level];
  const remaining = useRef(SHOWN_MS);
  useEffect(() => {
    if (isHeld || notice.level === 'error') return undefined;
    const started = performance.now();
    const timer = setTimeout(() => dismissNotice(notice.id), remaining.current);
    return () => {
      clearTimeout(timer);
      remaining.current = Math.max(1500, remaining.current - (performance.now() - started));
    };
  }, [isHeld, notice]);
  return (
    <div
      className={styles['toast']}
      role={notice.level === 'error' ? 'alert' : undefined}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon className={text[TONES[notice.level]]} size={16} strokeWidth={1.5} aria-hidden />
      <div className={text['grow']}>
        {notice.text}
        {notice.detail && <p>{notice.detail}</p>}
      </div>
      {frame !== undefined && (
        <Button look="link" onClick={() => goToFrame(frame)}>
          Frame {frame}
        </Button>
      )}
      {notice.action && (
        <Button
          look="link"
          onClick={() => {
            notice.action?.run();
            dismissNotice(notice.id);
          }}
        >
          {notice.action.title}
        </Button>
      )}
      <IconButton icon={X} size="s" label="Close this message" onClick={() => dismissNotice(notice.id)} />
    </div>
  );
}

/** Messages above the timeline: six seconds, longer while pointed at, errors until closed. */
export function Toasts() {
  const notices = useNotices((state) => state.notices);
  return (
    <section className={styles['toasts']} aria-label="Messages" aria-live="polite">
      {notices.map((notice) => (
        <Toast key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

/** What screen readers say: short news, politely. */
export function LiveRegion() {
  const said = useNotices((state) => state.said);
  return (
    <div className={text['hidden']} role="status" aria-live="polite">
      {said}
    </div>
  );
}
