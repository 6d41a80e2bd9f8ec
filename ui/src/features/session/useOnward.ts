import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { meOptions } from './api/me.ts';

/** Whoever is logged in has no business at a door: on to where they were going. */
export function useOnward(next = '/'): void {
  const router = useRouter();
  const { data: me } = useQuery(meOptions);
  useEffect(() => {
    if (me) router.history.replace(router.history.createHref(`/app${next}`));
  }, [me, next, router]);
}
