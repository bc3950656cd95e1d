/**
 * Follows a press until it is let go: `onMove` gets the pointer's client x and y, `onEnd` whether it was let go (and not
 * taken away by the system). The pointer stays with the pressed element, so that a drag may leave it.
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
  const end = (next: PointerEvent) => {
    if (next.pointerId !== pointerId) return;
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', end);
    element.removeEventListener('pointercancel', end);
    onEnd?.(next.type === 'pointerup');
  };
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', end);
  element.addEventListener('pointercancel', end);
}
