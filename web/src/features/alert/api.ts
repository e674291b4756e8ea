import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, take } from '@/api/client';

export interface AlertFilter {
  status?: 'open' | 'all';
  integration?: string;
  after?: string;
}

export function useAlerts(filter: AlertFilter) {
  return useQuery({
    queryKey: ['alerts', filter],
    queryFn: () => take(api.GET('/api/v1/alerts', { params: { query: { ...filter, limit: 100 } } })),
    placeholderData: keepPreviousData,
  });
}

/** How many alerts are open, for the rail; counted up to a page of the list. */
export function useOpenAlertCount(): number | undefined {
  return useAlerts({ status: 'open' }).data?.items.length;
}

export function useAlert(id: string) {
  return useQuery({
    queryKey: ['alerts', id],
    queryFn: () => take(api.GET('/api/v1/alerts/{id}', { params: { path: { id } } })),
  });
}

/** The stored bodies of an alert: the first, the last and a bounded sample between. */
export function useAlertSignals(id: string) {
  return useQuery({
    queryKey: ['alerts', id, 'signals'],
    queryFn: () => take(api.GET('/api/v1/alerts/{id}/signals', { params: { path: { id } } })),
  });
}
