/**
 * Follows a press until it is let go: `onMove` gets the pointer's client x and y, `onEnd` whether it was let go (and not
 * taken away by the system). The pointer stays with the pressed element, so that a drag may leave it. Escape takes it away as well.
 */
export function trackDrag(
  event: React.PointerEvent<HTMLElement>,
  onMove: (clientX: number, clientY: number) => void,
  onEnd?: (isKept: boolean) => void,
): void {
  const element = event.currentTarget;
  const { pointerId } = event;
  element.setPointerCapture(pointerId);
  const move = (next: PointerEvent) => {
    if (next.pointerId === pointerId) onMove(next.clientX, next.clientY);
  };
  const stop = (isKept: boolean) => {
    window.removeEventListener('keydown', escape, { capture: true });
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', end);
    element.removeEventListener('pointercancel', end);
    onEnd?.(isKept);
  };
  const end = (next: PointerEvent) => {
    if (next.pointerId === pointerId) stop(next.type === 'pointerup');
  };
  const escape = (press: KeyboardEvent) => {
    if (press.key !== 'Escape') return;
    press.preventDefault();
    press.stopPropagation();
    stop(false);
  };
  window.addEventListener('keydown', escape, { capture: true });
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', end);
  element.addEventListener('pointercancel', end);
}
