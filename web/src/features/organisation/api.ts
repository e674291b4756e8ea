import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, take } from '@/api/client';
import type { Person, Policy } from '@/api/types';

/** The people, roles and policies that the server runs by. */
export function useOrganisation() {
  return useQuery({
    queryKey: ['organisation'],
    queryFn: () => take(api.GET('/api/v1/organisation')),
    staleTime: 5 * 60_000,
  });
}

/** Colour slots in the order of the list, ten of them; people outside the organisation stay grey. */
export function slotsOf(people: readonly Person[]): Map<string, number | null> {
  const slots = new Map<string, number | null>();
  let next = 0;
  for (const person of people) slots.set(person.id, person.external ? null : next++ % 10);
  return slots;
}

export function usePersonSlots(): ReadonlyMap<string, number | null> {
  const people = useOrganisation().data?.people;
  return useMemo(() => slotsOf(people ?? []), [people]);
}

/** The escalation policy of that name, or the first one. */
export function usePolicy(name: string): Policy | undefined {
  const policies = useOrganisation().data?.policies ?? [];
  return policies.find((policy) => policy.name === name) ?? policies[0];
}
