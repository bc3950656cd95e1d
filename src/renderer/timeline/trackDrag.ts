/**
 * Follows a press until it is let go: `onMove` gets the pointer's client x. The pointer stays with the pressed element, so
 * that a drag may leave it.
 */
export function trackDrag(event: React.PointerEvent<HTMLElement>, onMove: (clientX: number) => void): void {
  const element = event.currentTarget;
  const { pointerId } = event;
  element.setPointerCapture(pointerId);
  const move = (next: PointerEvent) => {
    if (next.pointerId === pointerId) onMove(next.clientX);
  };
  const end = (next: PointerEvent) => {
    if (next.pointerId !== pointerId) return;
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', end);
    element.removeEventListener('pointercancel', end);
  };
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', end);
  element.addEventListener('pointercancel', end);
}
