import { useEffect, useState } from 'react';
import { useMe } from '@/features/session/api/me.ts';
import { todayIn } from './ranges.ts';

/** Today in the workspace's zone; turns over at its midnight while the page stays open. */
export function useToday(): string {
  const { workspace } = useMe();
  const [day, setDay] = useState(() => todayIn(workspace.zone));
  useEffect(() => {
    setDay(todayIn(workspace.zone));
    const timer = setInterval(() => setDay(todayIn(workspace.zone)), 30_000);
    return () => clearInterval(timer);
  }, [workspace.zone]);
  return day;
}
