import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadDefaultBody } from '#engine/bodymodel/defaultBody';
import { optionsJsonSchema } from '#engine/checkedOptions';
import { exporters, findExporter } from '#engine/export/registry';
import { preflightExport, runExport } from '#engine/export/runExport';
import { exportAll, temporaryFolder } from './exportToFolder';
import { evenTimes, syntheticClip, syntheticMotion, syntheticPerson, variableTimes } from './syntheticClip';

/** Formats for every body; `vibe-pkl` holds SMPL's only and has tests of its own. */
const ANY_BODY = exporters.map(({ id }) => id).filter((id) => id !== 'vibe-pkl');

describe('preflight', () => {
  test.each(ANY_BODY)('%s: names are those that are written', async (id) => {
    const clip = syntheticClip();
    const plan = preflightExport(findExporter(id), clip, {}, 'clip');
    const files = await exportAll(id, clip);
    const planned = plan.files.map(({ name }) => name);
    const written = files.map(({ name }) => (name.includes('/') ? `${name.slice(0, name.lastIndexOf('/'))}/` : name));
    expect([...new Set(written)]).toEqual(planned);
    for (const file of plan.files) expect(file.estimatedBytes).toBeGreaterThan(0);
  });

  test.each(ANY_BODY)('%s: sizes of the default body are within 15 %%', async (id) => {
    const path = fileURLToPath(new URL('../../../resources/body/default-body.bin', import.meta.url));
    const clip = syntheticClip({
      body: await loadDefaultBody(path),
      times: evenTimes(12, 30),
      people: [syntheticPerson(1, 'A', syntheticMotion(12, 1))],
    });
    const plan = preflightExport(findExporter(id), clip, {}, 'clip');
    const files = await exportAll(id, clip);
    const estimated = plan.files[0]?.estimatedBytes ?? 0;
    const written = files.slice(0, -1).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(Math.abs(written / estimated - 1)).toBeLessThan(0.15);
  });

  test('says that 29.97 fps is resampled for Blender, and what a wrong rate would do', () => {
    const clip = syntheticClip({ times: evenTimes(40, 30000, 1001) });
    const plan = preflightExport(findExporter('fbx'), clip, {}, 'clip');
    expect(plan.checks).toContainEqual({
      level: 'note',
      text: '40 keys for 40 frames',
      detail: 'Resampled from 29.97 to 30 fps',
    });
    const source = preflightExport(findExporter('fbx'), clip, { fps: 'source' }, 'clip');
    expect(source.checks.find(({ level }) => level === 'warning')?.text).toBe(
      'Blender puts keys between frames at 29.97 fps',
    );
  });

  test('says that a variable rate is resampled for Blender and kept for Maya', () => {
    const clip = syntheticClip({ times: variableTimes(40) });
    const blender = preflightExport(findExporter('fbx'), clip, {}, 'clip');
    expect(blender.checks[0]?.detail).toMatch(/^Resampled from variable [\d.]+ to 28 fps$/);
    const maya = preflightExport(findExporter('fbx'), clip, { target: 'maya' }, 'clip');
    expect(maya.checks[0]).toMatchObject({ level: 'warning', text: '40 keys for 40 frames' });
  });

  test('says who has gaps, who is missing and what is not metric', () => {
    const clip = syntheticClip({
      people: [
        syntheticPerson(1, 'Jumper', syntheticMotion(40, 1)),
        syntheticPerson(2, 'Passer-by', syntheticMotion(30, 2, 5, [{ from: 15, to: 19 }])),
        syntheticPerson(3, '', syntheticMotion(10, 2, 60)),
      ],
    });
    const { checks } = preflightExport(findExporter('fbx'), clip, {}, 'clip');
    expect(checks).toContainEqual({
      level: 'note',
      text: 'Passer-by has no body on 14 frames',
      detail: 'The last pose before each gap is held',
    });
    expect(checks).toContainEqual({
      level: 'warning',
      text: 'Person 3 is not in these frames',
      detail: 'Left out',
    });
    expect(checks).toContainEqual({ level: 'warning', text: 'Stature is assumed: 1.70 m' });
  });

  test.each(exporters.map(({ id }) => id))('%s: nobody selected is said before and refused after', async (id) => {
    const clip = syntheticClip({ people: [] });
    const plan = preflightExport(findExporter(id), clip, {}, 'clip');
    expect(plan).toEqual({
      files: [],
      checks: [{ level: 'warning', text: 'Nobody chosen has a body', detail: 'Run the clip first, or choose others' }],
    });
    const folder = await temporaryFolder();
    const signal = new AbortController().signal;
    const running = runExport(findExporter(id), clip, {}, { folder, baseName: 'clip', ifExists: 'fail' }, signal);
    await expect(running.next()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('a wrong option is a sentence', () => {
    const wrong = () => preflightExport(findExporter('fbx'), syntheticClip(), { fps: '31' }, 'clip');
    expect(wrong).toThrow(/The option fps of the FBX export is wrong/);
    expect(() => findExporter('bvh')).toThrow('There is no export format called bvh.');
  });

  test.each(exporters)(
    '$id: an option that it does not know is refused by name, with those that it knows',
    async (exporter) => {
      const { id, title, optionsSchema } = exporter;
      const names = Object.keys(optionsSchema.shape);
      const known = names.length === 0 ? 'it has no options at all' : `its options are ${names.join(', ')}`;
      const sentence = `There is no option "tagret" of the ${title} export: ${known}.`;
      const options = { tagret: 'unreal' };
      const clip = syntheticClip();
      expect(() => exporter.resolveOptions(options)).toThrow(sentence);
      expect(() => exporter.space(options)).toThrow(sentence);
      expect(() => preflightExport(findExporter(id), clip, options, 'clip')).toThrow(sentence);
      const folder = await temporaryFolder();
      const signal = new AbortController().signal;
      const running = runExport(exporter, clip, options, { folder, baseName: 'clip', ifExists: 'fail' }, signal);
      await expect(running.next()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: sentence });
      expect(readdirSync(folder)).toEqual([]);
      expect(optionsJsonSchema(optionsSchema)).toMatchObject({ additionalProperties: false });
    },
  );

  test('every option has a default and a title for the dialog', () => {
    for (const exporter of exporters) {
      const schema = optionsJsonSchema(exporter.optionsSchema);
      const properties = schema['properties'];
      if (typeof properties !== 'object' || properties === null) throw new Error('no properties');
      for (const option of Object.values(properties)) expect(option).toMatchObject({ title: expect.any(String) });
      for (const option of Object.values(properties)) expect(option).toHaveProperty('default');
      expect(exporter.resolveOptions({})).toBeDefined();
    }
  });
});
