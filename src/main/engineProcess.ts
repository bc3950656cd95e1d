import type { EngineNotice, EngineRequest } from '#core/protocol/engineMessages';
import { type EngineChild, type EngineSupervision, SupervisedEngine } from '#host/supervisedEngine';

/** What of Electron's UtilityProcess is used; a fake stands in for it in tests. */
export interface ForkedProcess<Port> {
  postMessage(message: EngineRequest, transfer?: Port[]): void;
  on(event: 'message', listener: (message: EngineNotice) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  kill(): boolean;
}

/**
 * The engine in a process of its own: a crash of a native library costs no window and no edit. `Port` is Electron's
 * MessagePortMain.
 */
export class EngineProcess<Port extends { close(): void }> extends SupervisedEngine<Port> {
  /** `fork` starts a new process; it is called again after a crash. */
  constructor(fork: () => ForkedProcess<Port>, supervision: EngineSupervision = {}) {
    super(() => processChild(fork()), supervision);
  }
}

function processChild<Port>(forked: ForkedProcess<Port>): EngineChild<Port> {
  return {
    post: (request, port) => forked.postMessage(request, port === undefined ? [] : [port]),
    onNotice: (listener) => forked.on('message', listener),
    onEnd: (listener) => forked.on('exit', (code) => listener(`exit code ${code}`)),
    kill: async () => void forked.kill(),
  };
}
