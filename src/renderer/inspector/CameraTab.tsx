import { Copy } from 'lucide-react';
import type { Person } from '#core/document/schema';
import { IconButton } from '../controls/IconButton';
import { useProject } from '../session/projectStore';
import { useShownFrame } from '../playback/useShownFrame';
import { formatNumber } from '../wording/numbers';
import { type CameraFacts, cameraAsJson, cameraFacts, type PlaceFacts } from './cameraFacts';
import { copyText } from './copyMotion';
import styles from './inspector.module.css';
import { NumberHeads, NumberRow } from './NumberTable';
import { Prop, Section } from './Prop';
import { useMotion } from './useMotion';

function Place({ place }: { place: PlaceFacts }) {
  const { sx, sy, tx, ty } = place.weak;
  const inCamera = 'Camera axes: x right, y down, z forward';
  const [u, v] = place.pelvisInPicture;
  return (
    <>
      <table className={styles['table']}>
        <NumberHeads title="m" names={['x', 'y', 'z']} />
        <tbody>
          <NumberRow name="Translation" axes={`SMPL's transl. ${inCamera}`} numbers={place.translation} decimals={3} />
          <NumberRow name="Pelvis, camera" axes={inCamera} numbers={place.pelvis} decimals={3} />
          <NumberRow name="Pelvis, scene" axes="Scene: y up, ground at 0" numbers={place.pelvisInScene} decimals={3} />
        </tbody>
      </table>
      <dl>
        <Prop name="In picture">
          {formatNumber(u, 1)}, {formatNumber(v, 1)} px <small>pelvis, from the top left corner</small>
        </Prop>
      </dl>
      <table className={styles['table']}>
        <NumberHeads title="Weak perspective" names={['sx', 'sy', 'tx', 'ty']} />
        <tbody>
          <NumberRow
            name="As orig_cam"
            axes="u = (sx (x + tx) + 1) width / 2, v = (sy (y + ty) + 1) height / 2; tx and ty in m"
            numbers={[sx, sy, tx, ty]}
            decimals={4}
          />
        </tbody>
      </table>
    </>
  );
}

function Scene({ facts }: { facts: CameraFacts }) {
  const { heightAboveGround, tilt, sceneFromCamera } = facts;
  return (
    <Section title="Scene from camera" note="4x4, column vectors, m">
      <dl>
        <Prop name="Lens">
          {formatNumber(heightAboveGround, 2)} m <small>above the ground</small>
        </Prop>
        <Prop name="Tilt">
          {formatNumber(Math.abs(tilt), 1)}° <small>{tilt < 0 ? 'upwards' : 'downwards'}</small>
        </Prop>
      </dl>
      <table className={styles['table']} aria-label="Scene from camera, row by row">
        <tbody>
          {[0, 4, 8, 12].map((first) => (
            <tr key={first}>
              {sceneFromCamera.slice(first, first + 4).map((value, at) => (
                <td key={at}>{formatNumber(value, 4)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** The camera of the clip, where the selected person stands before it, and how the scene lies to it. */
export function CameraTab({ person }: { person: Person | undefined }) {
  const results = useProject((state) => state.project?.results);
  const factor = useProject((state) => state.project?.document.settings.focalFactor);
  const motion = useMotion(person?.id);
  const frame = useShownFrame();
  if (!results) return null;
  const facts = cameraFacts(results, motion);
  const [across, up] = facts.fieldOfView;
  const [centreX, centreY] = facts.centre;
  const copy = () => void copyText(cameraAsJson(facts, { person: person?.name, frame }), 'Camera');
  return (
    <>
      <Section
        title="Camera"
        note="pinhole, still"
        aside={<IconButton size="s" icon={Copy} label="Copy camera and place as JSON" onClick={copy} />}
      >
        <dl>
          <Prop name="Picture">
            {facts.width} × {facts.height} px
          </Prop>
          <Prop name="Focal length">
            {formatNumber(facts.focal, 1)} px <small>{factor?.toFixed(2)} of the longer side, assumed</small>
          </Prop>
          <Prop name="Centre">
            {formatNumber(centreX, 1)}, {formatNumber(centreY, 1)} px
          </Prop>
          <Prop name="Field of view">
            {formatNumber(across, 1)}° across, {formatNumber(up, 1)}° up
          </Prop>
          <Prop name="Lens">no distortion, square px</Prop>
        </dl>
      </Section>
      <Section title="Place" note={person ? `${person.name}, frame ${frame}` : 'nobody selected'}>
        {facts.place ? <Place place={facts.place} /> : <p className={styles['note']}>No body on this frame.</p>}
        {results.assumptions.map((assumption) => (
          <p key={assumption} className={styles['note']}>
            {assumption}
          </p>
        ))}
      </Section>
      <Scene facts={facts} />
    </>
  );
}
