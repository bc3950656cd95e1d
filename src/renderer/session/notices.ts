import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** A short message over the timeline. */
export interface Notice {
  id: number;
  level: 'info' | 'warning' | 'error';
  /** One sentence without a full stop, or the sentence of an error. */
  text: string;
  detail?: string | undefined;
  /** A way back or forward: one button. */
  action?: { title: string; run(): void } | undefined;
  /** A frame that it is about: a second button goes there. */
  frame?: number | undefined;
  /** Its button undoes the newest edit: it goes when there is a newer one, or none. */
  isOfNewestEdit?: boolean;
}

/** Notices on the page, oldest first, and the newest sentence for the live region. */
export interface NoticeState {
  notices: readonly Notice[];
  /** Said politely by the screen reader. */
  said: string;
}

const MOST_SHOWN = 2;
let nextId = 1;

/** The one store of notices. */
export const noticeStore = createStore<NoticeState>(() => ({ notices: [], said: '' }));

/** Reads a part of the notices in a component. */
export function useNotices<T>(selector: (state: NoticeState) => T): T {
  return useStore(noticeStore, selector);
}

/** Shows a message; at most two are shown at once, errors stay longest. A message already shown is not repeated. */
export function notify(notice: Omit<Notice, 'id'>): void {
  noticeStore.setState(({ notices }) => {
    const others = notices.filter((entry) => entry.text !== notice.text || entry.level !== notice.level);
    const all = [...others, { ...notice, id: nextId++ }];
    while (all.length > MOST_SHOWN) {
      const mild = all.findIndex((entry) => entry.level !== 'error');
      all.splice(mild === -1 || mild === all.length - 1 ? 0 : mild, 1);
    }
    return { notices: all };
  });
}

/** Takes a message away. */
export function dismissNotice(id: number): void {
  noticeStore.setState(({ notices }) => ({ notices: notices.filter((entry) => entry.id !== id) }));
}

/** Takes messages away whose button would undo another edit than they name. */
export function dismissNoticesOfEdits(): void {
  noticeStore.setState(({ notices }) => ({ notices: notices.filter(({ isOfNewestEdit }) => !isOfNewestEdit) }));
}

/** Has a sentence said by screen readers, politely; nothing is shown. */
export function announce(sentence: string): void {
  noticeStore.setState({ said: sentence });
}
