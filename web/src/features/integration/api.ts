import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, take } from '@/api/client';
import type { IntegrationChangeRequest, IntegrationRequest, Mapping, Sender } from '@/api/types';

export function useIntegrations() {
  return useQuery({ queryKey: ['integrations'], queryFn: () => take(api.GET('/api/v1/integrations')) });
}

/** Senders that integrations can be made for; they change only with the server. */
export function useSenders() {
  return useQuery({
    queryKey: ['senders'],
    queryFn: () => take(api.GET('/api/v1/integrations/senders')),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What is shipped for the sender of an integration. */
export function useSender(of: { kind: string; vendor: string | null }): Sender | undefined {
  const senders = useSenders();
  return senders.data?.items.find((each) => each.id === (of.vendor ?? of.kind));
}

/** The last bodies that arrived at one integration, understood or not. */
export function useIntegrationSignals(id: string) {
  return useQuery({
    queryKey: ['signals', 'of', id],
    queryFn: () => take(api.GET('/api/v1/integrations/{id}/signals', { params: { path: { id } } })),
  });
}

/** Signals that were stored but that no mapping could read. */
export function useUninterpretable() {
  return useQuery({
    queryKey: ['signals', 'uninterpretable'],
    queryFn: () => take(api.GET('/api/v1/signals', { params: { query: { outcome: 'uninterpretable' } } })),
  });
}

function useRefresh() {
  const queries = useQueryClient();
  return () => {
    for (const topic of ['integrations', 'signals', 'board'])
      void queries.invalidateQueries({ queryKey: [topic] });
  };
}

/** Creates an integration; its key comes back once and is never shown again. */
export function useCreateIntegration() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: IntegrationRequest) => take(api.POST('/api/v1/integrations', { body })),
    onSuccess: refresh,
  });
}

export function usePatchIntegration(id: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: IntegrationChangeRequest) =>
      take(api.PATCH('/api/v1/integrations/{id}', { params: { path: { id } }, body })),
    onSuccess: refresh,
  });
}

export function useDeleteIntegration(id: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => take(api.DELETE('/api/v1/integrations/{id}', { params: { path: { id } } })),
    onSuccess: refresh,
  });
}

/** Makes a new key; the old one stops working at once. */
export function useRotateKey(id: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () =>
      take(api.POST('/api/v1/integrations/{id}/rotate', { params: { path: { id } }, body: {} })),
    onSuccess: refresh,
  });
}

/** Sends an alert through the real intake. */
export function useTestAlert(id: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () =>
      take(api.POST('/api/v1/integrations/{id}/test', { params: { path: { id } }, body: {} })),
    onSuccess: refresh,
  });
}

export function useTryMapping() {
  return useMutation({
    mutationFn: (body: { mapping: Mapping; body: string }) => take(api.POST('/api/v1/mapping/try', { body })),
  });
}

/** Reads a stored signal again with the mapping of now. */
export function useReplay() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) =>
      take(api.POST('/api/v1/signals/{id}/replay', { params: { path: { id } }, body: {} })),
    onSuccess: refresh,
  });
}
