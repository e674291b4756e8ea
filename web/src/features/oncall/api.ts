import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, take } from '@/api/client';
import type { AcceptRequest, OverrideRequest, PreviewRequest } from '@/api/types';

/** Who is on call in a span of time: levels, schedules with their shifts, overrides. */
export function useOncall(fromMs: number, toMs: number, layers = false) {
  const query = { from_us: fromMs * 1000, to_us: toMs * 1000, layers };
  return useQuery({
    queryKey: ['oncall', fromMs, toMs, layers],
    queryFn: () => take(api.GET('/api/v1/oncall', { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

/** Whom each level of each policy would page, stretch by stretch. */
export function useLevelPlans(fromMs: number, toMs: number) {
  const query = { from_us: fromMs * 1000, to_us: toMs * 1000 };
  return useQuery({
    queryKey: ['oncall', 'levels', fromMs, toMs],
    queryFn: () => take(api.GET('/api/v1/oncall/levels', { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

/** Every moment of the next 90 days at which somebody would not be reached. */
export function useCoverage() {
  return useQuery({
    queryKey: ['oncall', 'coverage'],
    queryFn: () => take(api.GET('/api/v1/oncall/coverage')),
  });
}

/** What a change would mean in the next 90 days, before it is made. */
export function usePreview(change: PreviewRequest) {
  return useQuery({
    queryKey: ['oncall', 'preview', change],
    queryFn: () => take(api.POST('/api/v1/oncall/preview', { body: change })),
    placeholderData: keepPreviousData,
  });
}

function useRefresh() {
  const queries = useQueryClient();
  return () => {
    for (const topic of ['oncall', 'board']) void queries.invalidateQueries({ queryKey: [topic] });
  };
}

export function useAddOverride() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ schedule, body }: { schedule: string; body: OverrideRequest }) =>
      take(api.POST('/api/v1/schedules/{id}/overrides', { params: { path: { id: schedule } }, body })),
    onSuccess: refresh,
  });
}

export function useRemoveOverride() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ schedule, override }: { schedule: string; override: string }) =>
      take(
        api.DELETE('/api/v1/schedules/{id}/overrides/{override_id}', {
          params: { path: { id: schedule, override_id: override } },
        }),
      ),
    onSuccess: refresh,
  });
}

/** Lives with a finding of the coverage check for a while. */
export function useAcceptFinding() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: AcceptRequest) => take(api.POST('/api/v1/oncall/coverage/acceptances', { body })),
    onSuccess: refresh,
  });
}

/** And no longer does. */
export function useRevokeAcceptance() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) =>
      take(api.DELETE('/api/v1/oncall/coverage/acceptances/{id}', { params: { path: { id } } })),
    onSuccess: refresh,
  });
}
