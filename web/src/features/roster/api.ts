import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, take } from '@/api/client';
import type { PackObjectRequest } from '@/api/types';

const path = (id: string) => ({ path: { kind: 'schedule', id } });

/** A schedule as the pack in force holds it. */
export function useScheduleObject(id: string) {
  return useQuery({
    queryKey: ['oncall', 'object', id],
    queryFn: () => take(api.GET('/api/v1/pack/objects/{kind}/{id}', { params: path(id) })),
  });
}

/** Every version of the pack in which a schedule changed, the newest first. */
export function useScheduleHistory(id: string) {
  return useQuery({
    queryKey: ['oncall', 'history', id],
    queryFn: () => take(api.GET('/api/v1/pack/objects/{kind}/{id}/history', { params: path(id) })),
  });
}

function useRefresh() {
  const queries = useQueryClient();
  return () => {
    for (const topic of ['oncall', 'board', 'organisation']) {
      void queries.invalidateQueries({ queryKey: [topic] });
    }
  };
}

export function useSaveSchedule(id: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: PackObjectRequest) =>
      take(api.PUT('/api/v1/pack/objects/{kind}/{id}', { params: path(id), body })),
    onSuccess: refresh,
  });
}

export function useRestoreSchedule(id: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: { version: number; reason: string }) =>
      take(api.POST('/api/v1/pack/objects/{kind}/{id}/restore', { params: path(id), body })),
    onSuccess: refresh,
  });
}
