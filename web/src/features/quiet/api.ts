import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, take } from '@/api/client';
import type { SilenceMatcher, SilenceRequest } from '@/api/types';

/** Silences, the newest first; with `over`, those that have ended too. */
export function useSilences(over: boolean) {
  return useQuery({
    queryKey: ['silences', over],
    queryFn: () => take(api.GET('/api/v1/silences', { params: { query: { over, limit: 100 } } })),
    placeholderData: keepPreviousData,
  });
}

/** Alerts that a silence holds back now, or, with `over`, did until they ended. */
export function useSuppressed(status: 'open' | 'all') {
  const query = { status, suppressed: true, limit: 100 };
  return useQuery({
    queryKey: ['alerts', 'suppressed', status],
    queryFn: () => take(api.GET('/api/v1/alerts', { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

/** What matchers would be about; nothing is asked while there is none. */
export function useSilencePreview(matchers: readonly SilenceMatcher[]) {
  return useQuery({
    queryKey: ['alerts', 'silence preview', matchers],
    queryFn: () => take(api.POST('/api/v1/silences/preview', { body: { matchers: [...matchers] } })),
    placeholderData: keepPreviousData,
    enabled: matchers.length > 0,
  });
}

function useRefresh() {
  const queries = useQueryClient();
  return () => {
    for (const topic of ['silences', 'alerts', 'board', 'incidents'])
      void queries.invalidateQueries({ queryKey: [topic] });
  };
}

export function useAddSilence() {
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: SilenceRequest) => take(api.POST('/api/v1/silences', { body })),
    onSuccess,
  });
}

export function useExpireSilence() {
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (id: string) => take(api.DELETE('/api/v1/silences/{id}', { params: { path: { id } } })),
    onSuccess,
  });
}
