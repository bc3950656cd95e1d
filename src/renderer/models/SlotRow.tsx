import { Check, Circle, CircleX, Ellipsis, FolderOpen, TriangleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import type { InstalledPartFacts, ModelSlot } from '#core/protocol/modelMessages';
import { useShell } from '../app/shellContext';
import { Button } from '../controls/Button';
import controls from '../controls/controls.module.css';
import { MenuButton } from '../controls/MenuButton';
import { notify } from '../session/notices';
import text from '../theme/text.module.css';
import { formatBytes } from '../wording/numbers';
import { chooseAndImport } from './chooseModels';
import styles from './models.module.css';
import { choosePart, isImporting, removePart, useModels } from './modelsStore';

async function copyFingerprint(sha256: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(sha256);
    notify({ level: 'info', text: 'Fingerprint copied' });
  } catch {
    notify({ level: 'warning', text: `The browser did not allow copying: SHA-256 ${sha256}` });
  }
}

function PartRow({ part, slot }: { part: InstalledPartFacts; slot: ModelSlot }) {
  const fingerprint = `SHA-256 ${part.sha256.slice(0, 4)}…${part.sha256.slice(-4)}`;
  const about = part.problem ?? [slot.title, ...part.facts, fingerprint].join(', ');
  return (
    <li className={styles['row']}>
      {part.problem !== undefined && (
        <TriangleAlert className={text['warn']} size={16} strokeWidth={1.5} aria-label="cannot be used" />
      )}
      {part.problem === undefined && part.inUse && (
        <Check className={text['ok']} size={16} strokeWidth={1.5} aria-label="installed" />
      )}
      {part.problem === undefined && !part.inUse && (
        <Circle className={text['caption']} size={16} strokeWidth={1.5} aria-label="installed, not in use" />
      )}
      <div className={styles['what']}>
        <b className={styles['file']}>{part.source}</b>
        <small title={`SHA-256 ${part.sha256}`}>{about}</small>
      </div>
      {!part.inUse && part.problem === undefined && (
        <Button size="s" label={`Use ${part.source}`} onClick={() => void choosePart(part.id)}>
          Use this one
        </Button>
      )}
      <span className={styles['aside']}>{formatBytes(part.bytes)}</span>
      <MenuButton
        trigger={
          <button type="button" className={controls['iconButton']} aria-label={`More about ${part.source}`}>
            <Ellipsis size={16} strokeWidth={1.5} aria-hidden />
          </button>
        }
        groups={[
          { entries: [{ title: 'Copy the fingerprint', onChoose: () => void copyFingerprint(part.sha256) }] },
          { entries: [{ title: 'Remove', onChoose: () => void removePart(part.id, slot.title) }] },
        ]}
      />
    </li>
  );
}

function Where({ slot, id }: { slot: ModelSlot; id: string }) {
  const shell = useShell();
  const isBusy = useModels(isImporting);
  return (
    <div className={styles['where']} id={id}>
      <dl>
        <dt>From</dt>
        <dd>
          <a href={slot.site.address} target="_blank" rel="noreferrer">
            {slot.site.name}
          </a>
          . {slot.site.note}
        </dd>
        <dt>Named</dt>
        <dd className={styles['file']}>{slot.fileNames.join(', ')}</dd>
        <dt>Licence</dt>
        <dd>{slot.licence}</dd>
      </dl>
      <Button icon={FolderOpen} disabled={isBusy} onClick={() => void chooseAndImport(shell, slot.kind)}>
        Choose this file
      </Button>
    </div>
  );
}

function MissingRow({ slot, isAlarming }: { slot: ModelSlot; isAlarming: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const details = useId();
  return (
    <li>
      <div className={styles['row']}>
        {slot.needed && isAlarming ? (
          <CircleX className={text['danger']} size={16} strokeWidth={1.5} aria-label="missing" />
        ) : (
          <Circle className={text['caption']} size={16} strokeWidth={1.5} aria-label="not installed" />
        )}
        <div className={styles['what']}>
          <b>{slot.title}</b>
          <small>
            {slot.needed ? (isAlarming ? 'Missing' : 'Needed') : 'Optional'}. {slot.purpose}. Named {slot.fileNames[0]}
          </small>
        </div>
        <Button
          size="s"
          label={`Where to get it: ${slot.title}`}
          expanded={isOpen}
          controls={details}
          onClick={() => setOpen((before) => !before)}
        >
          Where to get it
        </Button>
      </div>
      {isOpen && <Where slot={slot} id={details} />}
    </li>
  );
}

/**
 * A place for a part: the parts in it, or what is missing and where it is to be had; `isAlarming` once somebody began to
 * fill the set.
 */
export function SlotRow({ slot, isAlarming }: { slot: ModelSlot; isAlarming: boolean }) {
  if (slot.parts.length === 0) return <MissingRow slot={slot} isAlarming={isAlarming} />;
  return slot.parts.map((part) => <PartRow key={part.id} part={part} slot={slot} />);
}
