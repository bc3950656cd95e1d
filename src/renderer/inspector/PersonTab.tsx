import { Circle, Diamond, UserRound } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Person } from '#core/document/schema';
import { secondsOfFrame } from '#core/frames/frameTimes';
import { countFrames, intersectSpans } from '#core/frames/span';
import controls from '../controls/controls.module.css';
import { Chip, EmptyState, Meter } from '../controls/Marks';
import { PersonBadge } from '../controls/PersonBadge';
import { renamePerson } from '../people/peopleActions';
import { PersonActions } from '../people/PersonRow';
import { useChecks } from '../review/checkStore';
import { useConfidences } from '../session/confidences';
import { boxSpans } from '../session/boxSpans';
import { useProject } from '../session/projectStore';
import { bodyTitle, estimatorTitles, useTitles } from '../session/titles';
import { buildLane, countBoxes } from '../timeline/laneModel';
import { countOf, formatNumber, spanText } from '../wording/numbers';
import { extentOf } from '../wording/presence';
import { formatSeconds } from '../wording/times';
import { BoxSection } from './BoxSection';
import { ColorMenu } from './ColorMenu';
import styles from './inspector.module.css';
import { Prop, Section } from './Prop';

function NameField({ person }: { person: Person }) {
  const [typed, setTyped] = useState<string>();
  const keep = () => {
    if (typed !== undefined) renamePerson(person.id, typed);
    setTyped(undefined);
  };
  return (
    <label className={`${controls['field']} ${styles['spacer']}`}>
      <input
        aria-label="Name"
        maxLength={80}
        data-undo={typed === undefined ? 'page' : 'field'}
        value={typed ?? person.name}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Enter') keep();
          if (event.key === 'Escape') setTyped(undefined);
        }}
      />
    </label>
  );
}

function meanConfidence(values: Float32Array | undefined): number | undefined {
  const known = values?.filter((value) => !Number.isNaN(value));
  if (!known || known.length === 0) return undefined;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

function TrackSection({ person }: { person: Person }) {
  const project = useProject((state) => state.project);
  const confidences = useConfidences((state) => state.people.get(person.id));
  const count = useChecks((state) => state.counts.get(person.id));
  const toCheck = useChecks((state) => state.places.filter((place) => place.person === person.id).length);
  const lane = useMemo(
    () => project && buildLane(person, project.tracks, undefined, project.media.frameCount, false),
    [person, project],
  );
  const quality = useMemo(() => meanConfidence(confidences), [confidences]);
  if (!project || !lane) return null;
  const extent = extentOf(boxSpans(person, project));
  const { detected, interpolated, manual } = countBoxes(lane, project.media.rate);
  const frames = detected + interpolated + manual;
  const seconds = extent ? secondsOfFrame(project.media, extent.to) - secondsOfFrame(project.media, extent.from) : 0;
  return (
    <Section title="Track">
      <dl>
        <Prop name="Present">
          {extent ? spanText(extent) : 'Nowhere'}{' '}
          <small>
            {countOf(frames, 'frame')}, {formatSeconds(seconds)}
          </small>
        </Prop>
        <Prop name="Boxes">
          <span className={styles['boxCount']} title="Detected: seen on the frame, or on both looks around it">
            <Circle size={12} strokeWidth={2} aria-label="detected" /> {formatNumber(detected)}
          </span>
          <span className={styles['boxCount']} title="Interpolated: between boxes farther apart">
            <Diamond size={12} strokeWidth={2} aria-label="interpolated" /> {formatNumber(interpolated)}
          </span>
          <span className={styles['boxCount']} title="Manual">
            <Diamond size={12} strokeWidth={2} fill="currentColor" aria-label="manual" /> {formatNumber(manual)}
          </span>
        </Prop>
        {quality !== undefined && (
          <Prop name="Quality">
            {quality.toFixed(2)} <Meter fraction={quality} label="Quality" color="var(--text-3)" />{' '}
            <small>{formatNumber(toCheck)} to check</small>
          </Prop>
        )}
        {count && (
          <Prop name="Reviewed">
            <Meter fraction={count.frames > 0 ? count.reviewed / count.frames : 0} label="Reviewed" color="var(--ok)" />{' '}
            {formatNumber(count.reviewed)} of {formatNumber(count.frames)}
          </Prop>
        )}
      </dl>
    </Section>
  );
}

function BodySection({ person }: { person: Person }) {
  const titles = useTitles();
  const project = useProject((state) => state.project);
  if (!project) return null;
  const results = project.results.people.find((entry) => entry.person === person.id);
  const bodies = countFrames(results?.present ?? []);
  const outdated = bodies > 0 ? (results?.outOfDate ?? []) : [];
  const toCompute = countFrames(intersectSpans(outdated, boxSpans(person, project)));
  // While a run goes on, what has no body yet has not changed.
  const hasChanged = countFrames(intersectSpans(outdated, results?.present ?? [])) > 0;
  const changed = results?.fromEarlierVersion ? 'out of date' : 'changed';
  const { estimator, quality } = estimatorTitles(titles, project.document.settings);
  return (
    <Section title="Body">
      <dl>
        <Prop name="Model">
          <span title={project.results.bodyModel}>{bodyTitle(titles, project.results.bodyModel)}</span>
        </Prop>
        <Prop name="Estimator">
          <span title={project.document.settings.estimator}>
            {estimator}, {quality}
          </span>
          <span className={styles['spacer']} />
          {toCompute > 0 && (
            <Chip tone="warn">
              {formatNumber(toCompute)} {hasChanged ? changed : 'to compute'}
            </Chip>
          )}
        </Prop>
        <Prop name="Frames">{bodies > 0 ? `${countOf(bodies, 'frame')} with a body` : 'None yet'}</Prop>
      </dl>
    </Section>
  );
}

/** Name, box, track and body of the selected person. */
export function PersonTab({ person }: { person: Person | undefined }) {
  if (!person) {
    return (
      <EmptyState
        icon={UserRound}
        title="Nobody selected"
        text="Click a box, a lane or a row of the people list."
        note="Keys ] and ["
      />
    );
  }
  return (
    <>
      <section className={styles['section']}>
        <div className={styles['nameRow']}>
          <PersonBadge number={person.number} color={person.color} />
          <NameField key={person.id} person={person} />
          <ColorMenu person={person} />
          <PersonActions person={person} tabIndex={0} />
        </div>
      </section>
      <BoxSection key={person.id} person={person} />
      <TrackSection person={person} />
      <BodySection person={person} />
    </>
  );
}
