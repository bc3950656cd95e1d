/**
 * Every code an {@link AppError} can carry. The renderer and the cli map a code to a sentence and an exit status,
 * so a code never changes its meaning.
 */
export type ErrorCode =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'NOT_A_VIDEO'
  | 'VIDEO_DAMAGED'
  | 'VIDEO_CHANGED'
  | 'VIDEO_MISSING'
  | 'FFMPEG_MISSING'
  | 'FFMPEG_TOO_OLD'
  | 'MODEL_MISSING'
  | 'MODEL_INVALID'
  | 'BODY_INVALID'
  | 'WEIGHTS_INVALID'
  | 'NO_PEOPLE'
  | 'PROJECT_LOCKED'
  | 'PROJECT_NEWER'
  | 'PROJECT_DAMAGED'
  | 'EDIT_CONFLICT'
  | 'FORBIDDEN'
  | 'READ_ONLY'
  | 'DISK_FULL'
  | 'FILE_EXISTS'
  | 'LINK_CLOSED'
  | 'ENGINE_STOPPED'
  | 'UNSUPPORTED'
  | 'CANCELLED'
  | 'INTERNAL';

/** What an {@link AppError} is made from. */
export interface AppErrorOptions {
  /** What to do next: one sentence, imperative. */
  hint?: string;
  /** Plain data for logs and reports; never shown raw. */
  details?: Record<string, unknown>;
  /** The error that led here. */
  cause?: unknown;
}

/**
 * The one error shape that crosses every seam of Retake. `message` is one sentence saying what was wrong and what was
 * expected; `hint` says what to do next.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }
}

/** An {@link AppError} as plain data, for messages between threads and for the control plane. */
export interface PlainError {
  code: ErrorCode;
  message: string;
  hint?: string;
}

/** True for the reason of an aborted signal: a cancelled operation is not an error and is never shown as one. */
export function isCancelled(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'CANCELLED';
  return error instanceof Error && error.name === 'AbortError';
}

/** Turns anything thrown into plain data; what is not an {@link AppError} becomes `INTERNAL` with its own message. */
export function toPlainError(error: unknown): PlainError {
  if (error instanceof AppError) {
    return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
  if (isCancelled(error)) return { code: 'CANCELLED', message: 'Cancelled' };
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}

/** The inverse of {@link toPlainError}. */
export function fromPlainError(plain: PlainError): AppError {
  return new AppError(plain.code, plain.message, plain.hint === undefined ? {} : { hint: plain.hint });
}
