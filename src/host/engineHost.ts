import type { MessagePort } from 'node:worker_threads';
import type { BulkReply } from '#core/protocol/engineMessages';

/** A running engine as a shell sees it, wherever it runs. Every implementation passes test/contract/engineHost. */
export interface EngineHost {
  /** A new line to the control plane; whoever takes the port closes it. */
  connect(): MessagePort;
  /** Asks the bulk plane. Never rejects for a bad path: that is a 404. */
  bulk(path: string, signal?: AbortSignal): Promise<BulkReply>;
  /** A token for a path that a person chose outside the page (dialog, drop, argument). */
  grant(path: string): Promise<string>;
  /** Ends running work, saves, and stops the engine. */
  stop(): Promise<void>;
}
