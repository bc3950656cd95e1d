// A worker needs a loader for TypeScript of its own.
import { register } from 'tsx/esm/api';

register();
await import('./meshThread.ts');
