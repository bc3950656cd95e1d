import { expect, it } from 'vitest';
import { chosenOptions } from './runSettings';

it('takes rates, switches and words of --set as the format knows them', () => {
  const set = ['fbx.fps=24', 'fbx.mesh=false', 'fbx.target=unreal', 'glb.fps=60'];
  const { formats } = chosenOptions({ set }, ['fbx', 'glb']);
  expect(formats.get('fbx')).toEqual({ fps: '24', mesh: false, target: 'unreal' });
  expect(formats.get('glb')).toEqual({ fps: '60' });
});

it('refuses an option that a format or the estimator does not know, and says which it has', () => {
  const refusal = (set: string) => () => chosenOptions({ set: [set] }, ['fbx']);
  expect(refusal('fbx.tagret=unreal')).toThrow(
    /^There is no option "tagret" of the FBX export: its options are target, .*fps/,
  );
  expect(refusal('blazepose.speed=9')).toThrow(
    /^There is no option "speed" of BlazePose.*: it has no options at all\.$/,
  );
});

it('refuses a value that the format does not know', () => {
  for (const set of ['fbx.fps=31', 'fbx.mesh=maybe', 'fbx.target=24', 'fbx.fps=']) {
    expect(() => chosenOptions({ set: [set] }, ['fbx']), set).toThrow(/FBX/);
  }
});
