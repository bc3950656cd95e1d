import { Play } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { RunSettings } from '#core/document/schema';
import { closeDialog } from '../app/dialogStore';
import { Button } from '../controls/Button';
import { Choice } from '../controls/Choice';
import { DialogFrame } from '../controls/DialogFrame';
import { RangeSlider } from '../controls/RangeSlider';
import { Segmented } from '../controls/Segmented';
import { OptionsForm } from '../optionsForm/OptionsForm';
import { formFields, initialOptions } from '../optionsForm/schemaForm';
import type { EngineClient } from '../session/engineClient';
import { editsSettled } from '../session/editing';
import { toAppError } from '../session/engineError';
import { dismissNoticesOfEdits, notify } from '../session/notices';
import { projectStore, useProject } from '../session/projectStore';
import text from '../theme/text.module.css';
import { formatNumber } from '../wording/numbers';
import styles from './runs.module.css';
import { runWhatChanged } from './startRun';

type Options = Awaited<ReturnType<EngineClient['runs']['options']>>;

async function keepSettings(settings: RunSettings): Promise<boolean> {
  const { client, project } = projectStore.getState();
  if (!client || !project) return false;
  if (JSON.stringify(settings) === JSON.stringify(project.document.settings)) return true;
  try {
    await editsSettled();
    dismissNoticesOfEdits();
    await client.projects.setRunSettings({ projectId: project.projectId, settings });
    return true;
  } catch (error) {
    const problem = toAppError(error);
    notify({ level: 'error', text: problem.message, detail: problem.hint });
    return false;
  }
}

function useOptions(): Options | undefined {
  const client = useProject((state) => state.client);
  const [options, setOptions] = useState<Options>();
  useEffect(() => {
    client?.runs
      .options({})
      .then(setOptions)
      .catch((error: unknown) => notify({ level: 'error', text: toAppError(error).message }));
  }, [client]);
  return options;
}

function Field({ name, help, children }: { name: string; help?: string | undefined; children: React.ReactNode }) {
  return (
    <div className={styles['field']}>
      <span>{name}</span>
      <div>{children}</div>
      {help && <small>{help}</small>}
    </div>
  );
}

function Fields(props: { options: Options; settings: RunSettings; onChange: (change: Partial<RunSettings>) => void }) {
  const { options, settings, onChange } = props;
  const estimator = options.estimators.find((entry) => entry.id === settings.estimator);
  const qualities = estimator?.qualities ?? [];
  const fields = formFields(estimator?.optionsSchema ?? {});
  const chosen = { ...initialOptions(fields), ...settings.estimatorOptions };
  const angle = (2 * Math.atan(1 / (2 * settings.focalFactor)) * 180) / Math.PI;
  return (
    <div className={styles['options']}>
      {qualities.length > 1 && (
        <Field name="Quality">
          <Segmented
            label="Quality"
            value={settings.quality}
            options={qualities}
            onChange={(quality) => onChange({ quality })}
          />
        </Field>
      )}
      <Field name="People">
        <Choice
          label="Detector"
          fill
          value={settings.detector}
          options={options.detectors}
          onChange={(detector) => onChange({ detector })}
        />
      </Field>
      <Field name="Following">
        <Choice
          label="Tracker"
          fill
          value={settings.tracker}
          options={options.trackers}
          onChange={(tracker) => onChange({ tracker })}
        />
      </Field>
      <Field name="Bodies" help={estimator?.missing}>
        <Choice
          label="Estimator"
          fill
          value={settings.estimator}
          options={options.estimators}
          onChange={(id) => {
            const quality = options.estimators.find((entry) => entry.id === id)?.qualities[0]?.id;
            onChange({ estimator: id, estimatorOptions: {}, ...(quality === undefined ? {} : { quality }) });
          }}
        />
      </Field>
      {estimator?.presets.map((preset) => (
        <Field key={preset.id} name="" help={preset.description}>
          <Button onClick={() => onChange({ estimatorOptions: preset.options })}>{preset.title}</Button>
        </Field>
      ))}
      <OptionsForm fields={fields} options={chosen} onChange={(estimatorOptions) => onChange({ estimatorOptions })} />
      <Field
        name="Lens"
        help={`Focal length ${settings.focalFactor.toFixed(2)} of the longer side, about ${formatNumber(angle)}° across it. Assumed for phone cameras.`}
      >
        <RangeSlider
          label="Focal length in units of the longer side"
          value={settings.focalFactor}
          min={0.4}
          max={2.5}
          step={0.05}
          onChange={(focalFactor) => onChange({ focalFactor: Number(focalFactor.toFixed(2)) })}
        />
      </Field>
    </div>
  );
}

/** What the next run works with; what is computed already stays until it is out of date. */
export function RunOptionsDialog() {
  const options = useOptions();
  const current = useProject((state) => state.project?.document.settings);
  const [settings, setSettings] = useState(current);
  const keep = async (thenRun: boolean) => {
    if (!settings || !(await keepSettings(settings))) return;
    closeDialog();
    if (thenRun) await runWhatChanged();
  };
  const missing = options?.estimators.find((entry) => entry.id === settings?.estimator)?.missing;
  return (
    <DialogFrame
      title="Run options"
      width={460}
      onClose={closeDialog}
      footer={
        <>
          <span className={text['grow']} />
          <Button size="l" onClick={() => void keep(false)}>
            Keep for later
          </Button>
          <Button size="l" look="primary" icon={Play} disabled={missing !== undefined} onClick={() => void keep(true)}>
            Run
          </Button>
        </>
      }
    >
      {options && settings && (
        <Fields
          options={options}
          settings={settings}
          onChange={(change) => setSettings((before) => (before ? { ...before, ...change } : before))}
        />
      )}
    </DialogFrame>
  );
}
