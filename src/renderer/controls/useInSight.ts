import { type RefObject, useEffect } from 'react';

/** Scrolls an element into sight, as little as it takes, each time it becomes the one that is meant (a selected row). */
export function useInSight(element: RefObject<HTMLElement | null>, isMeant: boolean): void {
  useEffect(() => {
    // Not every environment lays out.
    if (isMeant) element.current?.scrollIntoView?.({ block: 'nearest' });
  }, [element, isMeant]);
}
