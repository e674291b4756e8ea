import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, take } from '@/api/client';
import type { ClassifyRequest, Disposition, Incident, Level } from '@/api/types';

/** Everything a person can do to an incident, as the API has it. */
export type Act =
  | { verb: 'acknowledge' }
  | { verb: 'classify'; body: ClassifyRequest }
  | { verb: 'raise'; level: Level; reason?: string }
  | { verb: 'lower'; level: Level; reason: string }
  | { verb: 'consent' }
  | { verb: 'snooze'; until_us: number }
  | { verb: 'reassign'; person_id: string; reason?: string }
  | { verb: 'note'; text: string }
  | { verb: 'link'; href: string; text: string }
  | { verb: 'resolve'; disposition: Disposition; reason?: string };

function send(ref: string, act: Act): Promise<Incident> {
  const params = { path: { ref } };
  switch (act.verb) {
    case 'acknowledge':
      return take(api.POST('/api/v1/incidents/{ref}/acknowledge', { params, body: {} }));
    case 'classify':
      return take(api.POST('/api/v1/incidents/{ref}/classify', { params, body: act.body }));
    case 'raise':
      return take(
        api.POST('/api/v1/incidents/{ref}/raise', { params, body: { level: act.level, reason: act.reason } }),
      );
    case 'lower':
      return take(
        api.POST('/api/v1/incidents/{ref}/lower', { params, body: { level: act.level, reason: act.reason } }),
      );
    case 'consent':
      return take(api.POST('/api/v1/incidents/{ref}/lower/consent', { params, body: {} }));
    case 'snooze':
      return take(api.POST('/api/v1/incidents/{ref}/snooze', { params, body: { until_us: act.until_us } }));
    case 'reassign':
      return take(
        api.POST('/api/v1/incidents/{ref}/reassign', {
          params,
          body: { person_id: act.person_id, reason: act.reason },
        }),
      );
    case 'note':
      return take(api.POST('/api/v1/incidents/{ref}/notes', { params, body: { text: act.text } }));
    case 'link':
      return take(
        api.POST('/api/v1/incidents/{ref}/links', { params, body: { href: act.href, text: act.text } }),
      );
    case 'resolve':
      return take(
        api.POST('/api/v1/incidents/{ref}/resolve', {
          params,
          body: { disposition: act.disposition, reason: act.reason },
        }),
      );
  }
}

/** Does something to one incident and shows the answer at once; the stream brings the rest. */
export function useAct(ref: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (act: Act) => send(ref, act),
    onSuccess: (incident) => {
      queries.setQueryData(['incident', ref], incident);
      for (const topic of ['incident', 'incidents', 'board'])
        void queries.invalidateQueries({ queryKey: [topic] });
    },
  });
}

/** Acknowledges any incident of a list. */
export function useAcknowledge() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (ref: string) => send(ref, { verb: 'acknowledge' }),
    onSettled: () => {
      for (const topic of ['incident', 'incidents', 'board'])
        void queries.invalidateQueries({ queryKey: [topic] });
    },
  });
}
