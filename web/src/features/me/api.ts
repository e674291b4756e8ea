import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, take } from '@/api/client';

/** The ways to reach a person, and whether messages are known to arrive there. */
export function useContacts(person: string) {
  return useQuery({
    queryKey: ['contacts', person],
    queryFn: () => take(api.GET('/api/v1/people/{id}/contacts', { params: { path: { id: person } } })),
  });
}

function useRefresh(topic: string) {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: [topic] });
}

/** Sends a code over a contact. */
export function useSendCode(person: string) {
  const refresh = useRefresh('contacts');
  return useMutation({
    mutationFn: (contact: string) =>
      take(
        api.POST('/api/v1/people/{id}/contacts/{contact}/verify', {
          params: { path: { id: person, contact } },
          body: {},
        }),
      ),
    onSuccess: refresh,
  });
}

/** Gives the code that arrived. */
export function useConfirmCode(person: string) {
  const refresh = useRefresh('contacts');
  return useMutation({
    mutationFn: ({ contact, code }: { contact: string; code: string }) =>
      take(
        api.POST('/api/v1/people/{id}/contacts/{contact}/confirm', {
          params: { path: { id: person, contact } },
          body: { code },
        }),
      ),
    onSuccess: refresh,
  });
}

/** The calendar feeds that this account made. */
export function useFeeds() {
  return useQuery({
    queryKey: ['feeds'],
    queryFn: async () => (await take(api.GET('/api/v1/feeds'))).items.filter((feed) => feed.own),
  });
}

/** Makes a feed: of one's own shifts, or of a schedule. */
export function useMakeFeed() {
  const refresh = useRefresh('feeds');
  return useMutation({
    mutationFn: (schedule: string | null) =>
      schedule === null
        ? take(api.POST('/api/v1/me/feeds', { body: {} }))
        : take(api.POST('/api/v1/schedules/{id}/feeds', { params: { path: { id: schedule } }, body: {} })),
    onSuccess: refresh,
  });
}

/** Gives a feed a new address. */
export function useReplaceFeed() {
  const refresh = useRefresh('feeds');
  return useMutation({
    mutationFn: (id: string) =>
      take(api.POST('/api/v1/feeds/{id}/replace', { params: { path: { id } }, body: {} })),
    onSuccess: refresh,
  });
}

export function useRevokeFeed() {
  const refresh = useRefresh('feeds');
  return useMutation({
    mutationFn: (id: string) => take(api.DELETE('/api/v1/feeds/{id}', { params: { path: { id } } })),
    onSuccess: refresh,
  });
}
