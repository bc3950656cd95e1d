import { type ReactNode, useEffect, useRef } from 'react';

const ITEMS = 'button:not(:disabled), input:not(:disabled)';

function items(toolbar: HTMLElement): HTMLElement[] {
  return [...toolbar.querySelectorAll<HTMLElement>(ITEMS)].filter(
    // What a small window has no room for is not there to be reached.
    (item) => item.closest('[role="toolbar"]') === toolbar && item.checkVisibility?.() !== false,
  );
}

function setStop(toolbar: HTMLElement, stop: HTMLElement | undefined): void {
  for (const item of items(toolbar)) item.tabIndex = item === stop ? 0 : -1;
}

function onKeyDown(event: React.KeyboardEvent<HTMLElement>): void {
  const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
  const { target, currentTarget } = event;
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
  // After a click arrow keys still step frames; only the keyboard's own focus moves over the buttons.
  if (step === undefined || hasModifier || !(target instanceof HTMLElement) || !target.matches(':focus-visible'))
    return;
  if (target instanceof HTMLInputElement) return;
  const all = items(currentTarget);
  const at = all.indexOf(target);
  if (at === -1) return;
  event.preventDefault();
  all[Math.max(0, Math.min(all.length - 1, at + step))]?.focus();
}

/** A row of controls with one Tab stop; arrow keys move inside it. */
export function Toolbar({
  label,
  className,
  children,
}: {
  label: string;
  className?: string | undefined;
  children: ReactNode;
}) {
  const ref = useRef<HTMLDivElement>(null);
  // After every render: controls come and go, and exactly one of them must stay reachable.
  useEffect(() => {
    const toolbar = ref.current;
    if (!toolbar) return;
    const all = items(toolbar);
    setStop(
      toolbar,
      all.find((item) => item === document.activeElement) ?? all.find((item) => item.tabIndex === 0) ?? all[0],
    );
  });
  return (
    <div
      ref={ref}
      role="toolbar"
      aria-label={label}
      className={className}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        if (event.target instanceof HTMLElement && items(event.currentTarget).includes(event.target)) {
          setStop(event.currentTarget, event.target);
        }
      }}
    >
      {children}
    </div>
  );
}
