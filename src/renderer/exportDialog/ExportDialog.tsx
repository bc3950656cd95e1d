import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { Folder, Upload } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { closeDialog } from '../app/dialogStore';
import { Button } from '../controls/Button';
import { Choice } from '../controls/Choice';
import { DialogFrame } from '../controls/DialogFrame';
import { EmptyState } from '../controls/Marks';
import { PersonBadge } from '../controls/PersonBadge';
import { Segmented } from '../controls/Segmented';
import { CheckField } from '../controls/Toggles';
import { useProject } from '../session/projectStore';
import { useView } from '../session/viewStore';
import text from '../theme/text.module.css';
import { countOf, formatBytes, spanText } from '../wording/numbers';
import { ExportProgress } from './ExportProgress';
import styles from './exportDialog.module.css';
import {
  askPreflight,
  exportablePeople,
  exportRequest,
  exportStore,
  type IfExists,
  openExport,
  startExport,
  useExport,
} from './exportStore';
import { OptionsForm } from '../optionsForm/OptionsForm';
import { PreflightList } from './Preflight';
import { formFields } from '../optionsForm/schemaForm';

const ASK_AFTER_MS = 200;

const EXISTING: readonly { id: IfExists; title: string }[] = [
  { id: 'rename', title: 'Keep both' },
  { id: 'overwrite', title: 'Replace' },
  { id: 'fail', title: 'Stop' },
];

function Formats() {
  const formats = useExport((state) => state.formats);
  const exporter = useExport((state) => state.exporter);
  return (
    <RadioGroup
      className={styles['formats']}
      aria-label="Format"
      value={exporter ?? ''}
      onValueChange={(value) => {
        if (typeof value === 'string') exportStore.setState({ exporter: value });
      }}
    >
      {formats.map((format) => (
        <Radio.Root
          key={format.id}
          value={format.id}
          nativeButton
          render={<button type="button" className={styles['format']} />}
        >
          <span className={styles['formatIcon']}>{format.title.charAt(0)}</span>
          <span>
            <b>{format.title}</b>
            <small>{format.extensions.join(', ')}</small>
          </span>
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}

function PeopleField() {
  const without = useExport((state) => state.without);
  useProject((state) => state.project?.document.people);
  return (
    <div className={styles['field']}>
      <span>People</span>
      <div className={styles['control']}>
        {exportablePeople().map((person) => (
          <CheckField
            key={person.id}
            checked={!without.includes(person.id)}
            onChange={(checked) =>
              exportStore.setState({
                without: checked ? without.filter((id) => id !== person.id) : [...without, person.id],
              })
            }
          >
            <PersonBadge number={person.number} color={person.color} />
            {person.name}
          </CheckField>
        ))}
      </div>
    </div>
  );
}

function FramesField() {
  const frames = useExport((state) => state.frames);
  const range = useView((state) => state.range);
  const frameCount = useProject((state) => state.project?.media.frameCount ?? 0);
  const span = frames === 'range' && range ? range : { from: 0, to: frameCount };
  const options = [
    { id: 'all' as const, title: 'Whole clip' },
    ...(range ? [{ id: 'range' as const, title: 'In to out' }] : []),
  ];
  return (
    <div className={styles['field']}>
      <span>Frames</span>
      <div className={styles['control']}>
        <Segmented
          label="Frames"
          value={range ? frames : 'all'}
          options={options}
          onChange={(value) => exportStore.setState({ frames: value })}
        />
        <span className={text['caption']}>{spanText(span)}</span>
      </div>
    </div>
  );
}

function Form() {
  const { formats, exporter, options, preflight, ifExists } = useExport((state) => state);
  const format = formats.find((entry) => entry.id === exporter);
  const fields = useMemo(() => (format ? formFields(format.optionsSchema) : []), [format]);
  if (!format) return <EmptyState title="No formats yet" text="Asking the engine what it can write." />;
  return (
    <div className={styles['form']}>
      <section className={styles['section']}>
        <h3>What</h3>
        <PeopleField />
        <FramesField />
      </section>
      {fields.length > 0 && (
        <section className={styles['section']}>
          <h3>{format.title}</h3>
          <OptionsForm
            fields={fields}
            options={options[format.id] ?? {}}
            onChange={(next) => exportStore.setState({ options: { ...options, [format.id]: next } })}
          />
        </section>
      )}
      <section className={styles['section']}>
        <h3>Where</h3>
        <div className={styles['folder']}>
          <Folder size={14} strokeWidth={1.5} aria-hidden />
          {preflight?.folder ?? ''}
        </div>
        <div className={styles['files']}>
          {preflight?.files
            .slice(0, 8)
            .flatMap((file) => [
              <span key={file.name}>{file.name}</span>,
              <span key={`${file.name} size`}>{formatBytes(file.bytes)}</span>,
            ])}
        </div>
        {preflight && preflight.files.length > 8 && (
          <p className={styles['help']}>and {countOf(preflight.files.length - 8, 'file')} more</p>
        )}
        <div className={styles['field']}>
          <span>If one exists</span>
          <div className={styles['control']}>
            <Choice
              label="If a file exists"
              value={ifExists}
              options={EXISTING}
              onChange={(value) => {
                const chosen = EXISTING.find((option) => option.id === value);
                if (chosen) exportStore.setState({ ifExists: chosen.id });
              }}
            />
          </div>
        </div>
      </section>
    </div>
  );
}

function usePreflight(): void {
  const range = useView((state) => state.range);
  const results = useProject((state) => state.project?.results);
  const { exporter, options, without, frames, ifExists } = useExport((state) => state);
  useEffect(() => {
    const timer = setTimeout(() => void askPreflight(), ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [exporter, options, without, frames, ifExists, range, results]);
}

function Footer({ isRunning }: { isRunning: boolean }) {
  const state = useExport((current) => current);
  const { preflight, problem, jobId } = state;
  if (jobId !== undefined) {
    return (
      <>
        <span className={text['grow']} />
        {!isRunning && (
          <Button onClick={() => exportStore.setState({ jobId: undefined })}>Export something else</Button>
        )}
        <Button look={isRunning ? 'neutral' : 'primary'} onClick={closeDialog}>
          {isRunning ? 'Go on in the background' : 'Done'}
        </Button>
      </>
    );
  }
  const bytes = preflight?.files.reduce((sum, file) => sum + file.bytes, 0) ?? 0;
  const request = exportRequest(state);
  const people = request?.people.length ?? 0;
  const hasFiles = preflight !== undefined && preflight.files.length > 0;
  return (
    <>
      <span className={problem ? text['danger'] : text['caption']} role={problem ? 'alert' : undefined}>
        {problem ?? (hasFiles ? `${countOf(preflight.files.length, 'file')}, about ${formatBytes(bytes)}` : '')}
      </span>
      <span className={text['grow']} />
      <Button size="l" onClick={closeDialog}>
        Cancel
      </Button>
      <Button size="l" look="primary" icon={Upload} disabled={!hasFiles} onClick={() => void startExport()}>
        Export {countOf(people, 'person', 'people')}
      </Button>
    </>
  );
}

/** Format, options, people and frames; what will be written and what to know; then the job and its files. */
export function ExportDialog() {
  const name = useProject((state) => state.project?.document.name);
  const jobId = useExport((state) => state.jobId);
  const job = useProject((state) => state.project?.jobs.find((entry) => entry.id === jobId));
  const preflight = useExport((state) => state.preflight);
  useEffect(() => void openExport(), []);
  usePreflight();
  const isRunning = job === undefined || job.state === 'running' || job.state === 'waiting';
  return (
    <DialogFrame
      title="Export motion"
      subtitle={name}
      width={1060}
      onClose={closeDialog}
      footer={<Footer isRunning={isRunning} />}
    >
      {jobId === undefined ? (
        <div className={styles['body']}>
          <Formats />
          <Form />
          <PreflightList preflight={preflight} />
        </div>
      ) : (
        <ExportProgress job={job} />
      )}
    </DialogFrame>
  );
}
