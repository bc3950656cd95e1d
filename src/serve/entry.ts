import { parseArgs } from 'node:util';
import { toPlainError } from '#core/errors';
import { portOf, runServe } from './runServe';

try {
  const { values } = parseArgs({
    options: {
      root: { type: 'string', multiple: true },
      listen: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '0' },
      data: { type: 'string' },
    },
  });
  await runServe({
    roots: values.root ?? [],
    listen: values.listen,
    port: portOf(values.port),
    ...(values.data === undefined ? {} : { data: values.data }),
    announce: (text) => process.stdout.write(`${text}\n`),
  });
} catch (error) {
  const { message, hint } = toPlainError(error);
  process.stderr.write(`${message}\n${hint === undefined ? '' : `${hint}\n`}`);
  process.exit(1);
}
