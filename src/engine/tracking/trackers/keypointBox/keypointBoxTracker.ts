import type { Tracker, TrackerInput } from '../../tracker';
import { associate } from './association';
import { foldAndOrder } from './folding';
import { linkSightings } from './linking';
import { toTrack } from './rows';

/**
 * Follows people by overlap, pose, motion and size. Every box that does not come from a detection on that very frame is
 * `interpolated`, also where the detector was not asked on purpose.
 */
export const keypointBoxTracker: Tracker = {
  id: 'keypoint-box',
  version: 1,
  title: 'Keypoints and boxes',
  track(input: TrackerInput) {
    const people = linkSightings(associate(input), input);
    // An id names the frame of birth, so that it stays the same when later frames are added.
    const bornOn = new Map<number, number>();
    const made = people.map((sightings) => {
      const birth = sightings[0]?.frame ?? 0;
      const number = (bornOn.get(birth) ?? 0) + 1;
      bornOn.set(birth, number);
      return { track: toTrack(`t${birth}-${number}`, sightings, input), sightings };
    });
    return foldAndOrder(made, input);
  },
};
