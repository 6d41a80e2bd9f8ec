import { useSyncExternalStore } from 'react';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'metricx.theme';
const listeners = new Set<() => void>();
const system = () => matchMedia('(prefers-color-scheme: dark)');

function read(): ThemeChoice {
  try {
    const held = localStorage.getItem(KEY);
    return held === 'light' || held === 'dark' ? held : 'system';
  } catch {
    return 'system';
  }
}

function apply() {
  const choice = read();
  const dark = choice === 'dark' || (choice === 'system' && system().matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}

export function chooseTheme(choice: ThemeChoice): void {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Not kept, then; but the page cannot show it either.
  }
  apply();
  for (const listener of listeners) listener();
}

/** The choice, not the outcome: "system" follows the device, also when it changes at dusk. */
export function useTheme(): ThemeChoice {
  return useSyncExternalStore(subscribe, read);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  const query = system();
  query.addEventListener('change', apply);
  return () => {
    listeners.delete(listener);
    query.removeEventListener('change', apply);
  };
}
