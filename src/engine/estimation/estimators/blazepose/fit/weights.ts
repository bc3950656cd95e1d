/**
 * Every number of the fit that was chosen rather than derived (reference blazepose 11). They were chosen on few
 * pictures: change them here and nowhere else, and measure on more than one clip.
 */
export const FIT_WEIGHTS = {
  /** 2-D landmarks: residual p - m. */
  image: {
    /** Scale as a share of the person's size h in px. */
    scale: 0.01,
    /** Geman-McClure width, in scales. */
    kappa: 3,
    /** How much wider it is in the first steps, so that a limb that starts far off is still drawn to its landmark. */
    widening: [4, 3, 2],
  },
  /** 3-D landmarks about the middle of the hips, turned to the viewing ray. */
  world: {
    /** m per axis. */
    scale: 0.3,
    kappa: 2,
  },
  /** Acceleration of points about the pelvis, m/s2. */
  smoothPoints: { scale: 15 },
  /** Acceleration of the pelvis, m/s2. */
  smoothTranslation: { scale: 8 },
  /** A foot that stands in the picture stands in the room. */
  standing: {
    /** m/s. */
    scale: 0.05,
    kappa: 3,
    /** v0: image speed in h per second at which a foot counts half as moving. */
    stillSpeed: 0.2,
    /**
     * A foot comes down on the row before which it moved faster than this, in h per second (twice of it counts fully), and
     * after which it lies still, each for a run of so many s. Feet that are only shifted are not: their numbers got worse.
     */
    strikeSpeed: 0.6,
    strikeRun: 0.1,
  },
  /** One-sided: knees and elbows do not bend backwards, rad. */
  limit: { scale: 0.1 },
  /** Weight of each squared beta per frame. */
  shape: { perFrame: 0.1, limit: 3, count: 3 },
  /** What the start (closed form) is made from. */
  start: {
    /** s of Gaussian on landmarks (2 frames at 60 fps). */
    landmarkSmoothing: 2 / 60,
    /** s of Gaussian on the translation (4 frames at 60 fps). */
    translationSmoothing: 4 / 60,
    /** Sum of the weights of the 23 points below which a row shows nobody, and from which it is believed. */
    leastEvidence: 0.5,
    strongEvidence: 4,
    /** s between believed rows over which the start of rows between them is interpolated. */
    longestBridge: 2,
    /** Least Gaussian in frames, so that low frame rates are smoothed at all. */
    leastFrames: 0.5,
  },
  /** How much an observation counts. */
  evidence: {
    /** Share kept where the region came from the box because the landmarks had left it. */
    boxWins: 0.1,
    /** Share kept where landmarks lie outside the box even so. */
    astray: 0.02,
    /** Share kept of a landmark outside the picture, which the network can only guess. */
    outside: 0.25,
    /** Distance in h over which that share is reached. */
    outsideMargin: 0.05,
    /** Presence scores below `scoreLow` count nothing, above `scoreHigh` fully. */
    scoreLow: 0.1,
    scoreHigh: 0.6,
    /** s over which the person's size h is taken as a median, each side. */
    sizeWindow: 0.5,
  },
  /** Rows that show somebody nearer or farther than the rows around them. */
  stranger: {
    /** s over which px per metre is taken as a median, each side. */
    window: 1,
    /** Trust falls between these ratios to the median (legitimate rows stayed below 1.2 on six people). */
    ratioLow: 1.2,
    ratioHigh: 1.4,
    /** Trust that is left. */
    least: 0.03,
  },
  /** Left and right exchanged for a moment, as happens in back views. */
  swap: {
    /** rad that both the shoulder and the hip axis must turn between neighbours. */
    angle: (120 / 180) * Math.PI,
    /** s: a swap lasting longer is taken for a turn of the person. */
    longest: 0.5,
    /** s: frames further apart are not compared. */
    furthest: 0.12,
  },
  /** Where a track is one motion and where it falls apart. */
  track: {
    /** s without an observation that the motion still bridges. */
    longestGap: 0.5,
    /** Rows solved together. */
    window: 200,
    /** Rows of a window that the next one solves again, and rows before them that it then holds. */
    overlap: 15,
    /** Rows from which the shape of a longer track is found, and pieces they come from. */
    shapeRows: 240,
    shapePieces: 6,
  },
  solver: {
    /** Gauss-Newton steps for a window. */
    steps: 8,
    /** Start, division on success, multiplication on failure of the damping. */
    damping: 1e-3,
    dampingDown: 5,
    dampingUp: 6,
    dampingMost: 1e6,
    /** Steps of the pose solver while the shape is sought; the shape is solved again after every `shapeEvery`. */
    shapeSteps: 4,
    shapeEvery: 2,
    /** Stop when a step gains less than this share of the cost. */
    leastGain: 2e-4,
  },
  confidence: {
    /** Mean 2-D residual in h at which confidence halves. */
    residual: 0.03,
  },
} as const;

/**
 * Standard deviation in rad of each axis-angle component (x, y, z) of a joint's local rotation about the T-pose; the
 * pelvis is free, feet and hands do not move.
 */
export const PRIOR_DEVIATIONS: readonly { joints: readonly number[]; deviation: readonly [number, number, number] }[] =
  [
    { joints: [1, 2], deviation: [1.2, 0.5, 0.5] },
    { joints: [4, 5], deviation: [1.5, 0.15, 0.15] },
    { joints: [7, 8], deviation: [0.5, 0.3, 0.3] },
    { joints: [3, 6, 9], deviation: [0.25, 0.2, 0.2] },
    { joints: [13, 14], deviation: [0.2, 0.2, 0.2] },
    { joints: [16, 17], deviation: [0.8, 1.2, 1.2] },
    { joints: [18, 19], deviation: [0.6, 1.5, 0.2] },
    { joints: [20, 21], deviation: [0.3, 0.4, 0.4] },
    { joints: [12, 15], deviation: [0.35, 0.35, 0.35] },
  ];
