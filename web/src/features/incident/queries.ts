import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, take } from '@/api/client';

export type StatusFilter = 'open' | 'resolved' | 'all';

/** Incidents by state; open ones come with the nearest deadline first. */
export function useIncidents(status: StatusFilter) {
  return useQuery({
    queryKey: ['incidents', status],
    queryFn: () => take(api.GET('/api/v1/incidents', { params: { query: { status, limit: 200 } } })),
    placeholderData: keepPreviousData,
  });
}

export function useOpenIncidents() {
  return useIncidents('open');
}

export function useIncident(ref: string) {
  return useQuery({
    queryKey: ['incident', ref],
    queryFn: () => take(api.GET('/api/v1/incidents/{ref}', { params: { path: { ref } } })),
  });
}

export function useTimeline(ref: string) {
  return useQuery({
    queryKey: ['incident', ref, 'timeline'],
    queryFn: () =>
      take(
        api.GET('/api/v1/incidents/{ref}/timeline', {
          params: { path: { ref }, query: { order: 'desc', limit: 200 } },
        }),
      ),
  });
}

export function usePages(ref: string) {
  return useQuery({
    queryKey: ['incident', ref, 'pages'],
    queryFn: () => take(api.GET('/api/v1/incidents/{ref}/pages', { params: { path: { ref } } })),
  });
}

export function useIncidentAlerts(ref: string) {
  return useQuery({
    queryKey: ['incident', ref, 'alerts'],
    queryFn: () => take(api.GET('/api/v1/incidents/{ref}/alerts', { params: { path: { ref } } })),
  });
}

/** The one page that an executive gets; read only when it is opened. */
export function useBrief(ref: string, wanted: boolean) {
  return useQuery({
    queryKey: ['incident', ref, 'brief'],
    queryFn: () => take(api.GET('/api/v1/incidents/{ref}/brief', { params: { path: { ref } } })),
    enabled: wanted,
  });
}
