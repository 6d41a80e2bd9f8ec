import { useEffect, useRef, useState } from 'react';

/** True for a moment after `value` moved while `scope` (range, metric) stayed: live news, not a change of view. */
export function useArrival(value: unknown, scope: string): boolean {
  const last = useRef({ value, scope });
  const [arriving, setArriving] = useState(false);
  useEffect(() => {
    const moved = last.current.scope === scope && last.current.value !== value;
    last.current = { value, scope };
    if (!moved) return;
    setArriving(true);
    const timer = setTimeout(() => setArriving(false), 1_500);
    return () => clearTimeout(timer);
  }, [value, scope]);
  return arriving;
}
