import type { UseQueryResult } from '@tanstack/react-query';
import { asProblem, type Problem } from '@/api/problem.ts';
import { useOnline } from './useOnline.ts';

/** All that a part with one answer can be. Forbidden is a problem; what fails later is stale. */
export type PartView<T> =
  | { state: 'loading' | 'offline' }
  | { state: 'failed'; problem: Problem; retry: () => void }
  | { state: 'ready'; data: T; toldAt: number; stale: Problem | null };

export function usePartView<T>(query: UseQueryResult<T>): PartView<T> {
  const online = useOnline();
  const { data, error } = query;
  if (data !== undefined) {
    const stale = error ? asProblem(error) : null;
    return { state: 'ready', data, toldAt: query.dataUpdatedAt, stale };
  }
  if (error) return { state: 'failed', problem: asProblem(error), retry: query.refetch };
  return { state: query.fetchStatus === 'paused' || !online ? 'offline' : 'loading' };
}
