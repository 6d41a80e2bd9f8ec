import { useEffect } from 'react';

const KEY = 'metricx.shortcuts';

/** One-letter keys may be turned off (WCAG 2.1.4); on unless said otherwise. */
export function shortcutsOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

export function setShortcuts(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // They stay on.
  }
}

/** Calls back with the pressed key, unless someone types, holds a modifier or has a menu open. */
export function useShortcuts(press: (key: string) => boolean): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (!shortcutsOn() || isBusy(event.target) || scrolls(event)) return;
      if (press(event.key)) event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [press]);
}

/** Arrows scroll a part that is reached by key; they must not be taken from it. */
function scrolls({ key, target }: KeyboardEvent): boolean {
  return key.startsWith('Arrow') && target instanceof Element && !!target.closest('[data-scrolls]');
}

function isBusy(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest(
      'input, textarea, select, [contenteditable="true"], [role="menu"], [role="application"], [role="grid"]',
    ) !== null
  );
}
