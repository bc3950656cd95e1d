import { Diamond } from 'lucide-react';

/** How a number stands to the human's edits: one on this frame, one that fades in or out here, or none. */
export type EditState = 'here' | 'eased' | 'none';

/** A diamond, filled where the edit is, open where it fades; nothing without one. */
export function EditMark({ state }: { state: EditState }) {
  if (state === 'none') return null;
  const label = state === 'here' ? 'edited on this frame' : 'eased by an edit nearby';
  return (
    <Diamond
      size={11}
      strokeWidth={2}
      fill={state === 'here' ? 'currentColor' : 'none'}
      role="img"
      aria-label={label}
    />
  );
}
