import { AppError } from '#core/errors';
import type { Exporter } from './exporter';
import { fbxExporter } from './exporters/fbx/index';
import { glbExporter } from './exporters/glb/index';
import { jointsExporter } from './exporters/joints/index';
import { objExporter } from './exporters/obj/index';
import { vibePklExporter } from './exporters/vibe-pkl/index';

/** Every format, in the order of the dialog. */
export const exporters: readonly Exporter[] = [fbxExporter, glbExporter, objExporter, jointsExporter, vibePklExporter];

/** @throws AppError INVALID_ARGUMENT for a format that does not exist */
export function findExporter(id: string): Exporter {
  const found = exporters.find((exporter) => exporter.id === id);
  if (found) return found;
  throw new AppError('INVALID_ARGUMENT', `There is no export format called ${id}.`, {
    hint: `Choose one of ${exporters.map((exporter) => exporter.id).join(', ')}.`,
  });
}
