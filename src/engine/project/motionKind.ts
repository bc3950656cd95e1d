/** What makes motion of another kind, which never mixes: who estimated it, and the body that it moves. */
export interface MotionKind {
  estimator: string;
  version: number;
  bodyModel: string;
}

/** Name of the folder of a kind of motion. */
export function motionFolderName({ estimator, version, bodyModel }: MotionKind): string {
  return `${estimator}-${version}-${bodyModel}`;
}

/** The kind that {@link motionFolderName} gave a name to, among estimators with these ids; undefined for other names. */
export function motionKindOf(name: string, estimators: readonly string[]): MotionKind | undefined {
  for (const estimator of estimators) {
    const match = name.startsWith(`${estimator}-`) ? /^(\d+)-(.+)$/.exec(name.slice(estimator.length + 1)) : null;
    if (match) return { estimator, version: Number(match[1]), bodyModel: match[2] ?? '' };
  }
  return undefined;
}
