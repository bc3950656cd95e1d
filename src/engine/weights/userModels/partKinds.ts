import type { PartKind } from '#core/protocol/modelMessages';

/** Where a person gets a file; Retake never downloads it. */
export interface PartSite {
  name: string;
  address: string;
  /** What the site asks of a person. */
  note: string;
}

/** What is known of a kind of part, whether installed or not. */
export interface PartFacts {
  /** Name for people. */
  title: string;
  /** What it is for, in a phrase. */
  purpose: string;
  /** File names as the sites give them, most usual first. */
  fileNames: readonly string[];
  site: PartSite;
  /** Licence in one line. */
  licence: string;
}

const VIBE_SITE: PartSite = {
  name: 'VIBE on GitHub (mkocabas/VIBE)',
  address: 'https://github.com/mkocabas/VIBE',
  note: 'Its README names the data download (vibe_data.zip); no account is asked for, its licence is to be accepted.',
};
const SPIN_SITE: PartSite = {
  name: "VIBE's data download, or SPIN on GitHub (nkolot/SPIN)",
  address: 'https://github.com/mkocabas/VIBE',
  note: 'The file is in vibe_data.zip; SPIN itself calls it model_checkpoint.pt.',
};
const SMPL_SITE: PartSite = {
  name: 'SMPL (smpl.is.tue.mpg.de)',
  address: 'https://smpl.is.tue.mpg.de',
  note: 'A free account with an e-mail address is needed; the licence is accepted when it is made.',
};
const NEUTRAL_SITE: PartSite = {
  name: 'SMPLify (smplify.is.tue.mpg.de) or SMPL 1.1.0 (smpl.is.tue.mpg.de)',
  address: 'https://smplify.is.tue.mpg.de',
  note: 'A free account with an e-mail address is needed; SMPL 1.1.0 holds a neutral body too.',
};

const VIBE_LICENCE = 'VIBE: Max Planck licence, non-commercial research only';
const SPIN_LICENCE = 'SPIN: research and other non-commercial use only';
const SMPL_LICENCE = 'SMPL: Max Planck licence, non-commercial research only';

/** Every kind of part; the one place that knows file names, sites and licences. */
export const PARTS: Readonly<Record<PartKind, PartFacts>> = {
  'vibe-temporal': {
    title: 'VIBE checkpoint',
    purpose: 'Temporal encoder and pose regressor',
    fileNames: ['vibe_model_wo_3dpw.pth.tar', 'vibe_model_w_3dpw.pth.tar'],
    site: VIBE_SITE,
    licence: VIBE_LICENCE,
  },
  'spin-backbone': {
    title: 'SPIN checkpoint',
    purpose: 'ResNet-50 that looks at each picture',
    fileNames: ['spin_model_checkpoint.pth.tar', 'model_checkpoint.pt'],
    site: SPIN_SITE,
    licence: SPIN_LICENCE,
  },
  'smpl-neutral': {
    title: 'SMPL neutral body model',
    purpose: 'The body that VIBE poses',
    fileNames: [
      'basicModel_neutral_lbs_10_207_0_v1.0.0.pkl',
      'basicmodel_neutral_lbs_10_207_0_v1.1.0.pkl',
      'SMPL_NEUTRAL.pkl',
    ],
    site: NEUTRAL_SITE,
    licence: SMPL_LICENCE,
  },
  'joint-regressor-extra': {
    title: 'Extra joint regressor',
    purpose: '9 extra joints, used for the 49-joint output',
    fileNames: ['J_regressor_extra.npy'],
    site: VIBE_SITE,
    licence: VIBE_LICENCE,
  },
  'mean-parameters': {
    title: 'Mean pose and shape',
    purpose: 'Where the regressor begins, for checkpoints that do not hold it themselves',
    fileNames: ['smpl_mean_params.npz'],
    site: VIBE_SITE,
    licence: VIBE_LICENCE,
  },
  'motion-discriminator': {
    title: 'Motion discriminator',
    purpose: 'Judges how plausible a motion is; part of some VIBE checkpoints',
    fileNames: ['vibe_model_wo_3dpw.pth.tar', 'vibe_model_w_3dpw.pth.tar'],
    site: VIBE_SITE,
    licence: VIBE_LICENCE,
  },
  'joint-regressor-h36m': {
    title: 'Human3.6M joint regressor',
    purpose: '14 joints for comparing with published figures',
    fileNames: ['J_regressor_h36m.npy'],
    site: VIBE_SITE,
    licence: VIBE_LICENCE,
  },
  'smpl-female': {
    title: 'SMPL female body model',
    purpose: 'A body with female proportions',
    fileNames: ['basicModel_f_lbs_10_207_0_v1.0.0.pkl', 'basicmodel_f_lbs_10_207_0_v1.1.0.pkl', 'SMPL_FEMALE.pkl'],
    site: SMPL_SITE,
    licence: SMPL_LICENCE,
  },
  'smpl-male': {
    title: 'SMPL male body model',
    purpose: 'A body with male proportions',
    fileNames: ['basicmodel_m_lbs_10_207_0_v1.0.0.pkl', 'basicmodel_m_lbs_10_207_0_v1.1.0.pkl', 'SMPL_MALE.pkl'],
    site: SMPL_SITE,
    licence: SMPL_LICENCE,
  },
};

/** A network that an imported part gives, as the compute threads open it by id. */
export interface UserNetwork {
  kind: PartKind;
  /** Its ONNX file in the folder of the part; external weights lie beside it. */
  file: string;
}

/** Networks of imported parts by model id: what `SessionPool.open` takes. */
export const USER_NETWORKS: Readonly<Record<string, UserNetwork>> = {
  'vibe-backbone': { kind: 'spin-backbone', file: 'backbone.onnx' },
  'vibe-temporal-encoder': { kind: 'vibe-temporal', file: 'encoder.onnx' },
  'vibe-regressor': { kind: 'vibe-temporal', file: 'regressor.onnx' },
  'motion-discriminator': { kind: 'motion-discriminator', file: 'discriminator.onnx' },
};

/** What an estimator or body is made of. */
export interface PartSet {
  id: string;
  title: string;
  licence: string;
  /** False for what is only an addition. */
  isMain: boolean;
  needs: readonly PartKind[];
  /** Used where it is there. */
  welcomes: readonly PartKind[];
}

/** Every estimator and body that a person's own files make possible. */
export const PART_SETS: readonly PartSet[] = [
  {
    id: 'vibe',
    title: 'VIBE with SMPL',
    licence: 'Non-commercial licences',
    isMain: true,
    needs: ['vibe-temporal', 'spin-backbone', 'smpl-neutral', 'joint-regressor-extra'],
    welcomes: ['motion-discriminator', 'mean-parameters', 'joint-regressor-h36m'],
  },
  {
    id: 'smpl-bodies',
    title: 'More SMPL bodies',
    licence: 'Non-commercial licence',
    isMain: false,
    needs: [],
    welcomes: ['smpl-female', 'smpl-male'],
  },
];
