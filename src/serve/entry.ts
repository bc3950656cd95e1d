import { parseArgs } from 'node:util';
import { runServe } from './runServe';

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
  port: Number(values.port),
  ...(values.data === undefined ? {} : { data: values.data }),
});
