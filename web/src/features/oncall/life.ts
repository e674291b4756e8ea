import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, take } from '@/api/client';
import type {
  AbsenceRequest,
  HandoffNoteRequest,
  SwapAskRequest,
  SwapTakeRequest,
  TakeOverRequest,
} from '@/api/types';

/** Requests for cover that can still be taken. */
export function useOpenSwaps() {
  return useQuery({
    queryKey: ['oncall', 'swaps', 'open'],
    queryFn: () => take(api.GET('/api/v1/swaps', { params: { query: { state: 'open', limit: 100 } } })),
  });
}

/** Who is away, from now on. */
export function useAbsences() {
  return useQuery({
    queryKey: ['oncall', 'absences'],
    queryFn: () => take(api.GET('/api/v1/absences', { params: { query: { limit: 200 } } })),
  });
}

/** Handoff notes around now, the newest first. */
export function useHandoffNotes() {
  return useQuery({
    queryKey: ['oncall', 'handoffs'],
    queryFn: () => take(api.GET('/api/v1/handoff-notes', { params: { query: { limit: 10 } } })),
  });
}

/** The next handoff of a person on a schedule, and what is open now. */
export function useHandoffDraft(schedule: string | null, person: string | null) {
  return useQuery({
    queryKey: ['oncall', 'handoff', schedule, person],
    queryFn: () =>
      take(
        api.GET('/api/v1/schedules/{id}/handoff', {
          params: { path: { id: schedule ?? '' }, query: { person_id: person ?? undefined } },
        }),
      ),
    enabled: schedule !== null && person !== null,
  });
}

function useDone<T, R>(mutationFn: (asked: T) => Promise<R>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => {
      for (const topic of ['oncall', 'board']) void queries.invalidateQueries({ queryKey: [topic] });
    },
  });
}

interface OnSchedule<T> {
  schedule: string;
  body: T;
}

/** Asks for cover of a shift, or of a part of it. */
export function useAskSwap() {
  return useDone(({ schedule, body }: OnSchedule<SwapAskRequest>) =>
    take(api.POST('/api/v1/schedules/{id}/swaps', { params: { path: { id: schedule } }, body })),
  );
}

/** Takes a shift over where nobody asked: for a colleague who is sick. */
export function useTakeOver() {
  return useDone(({ schedule, body }: OnSchedule<TakeOverRequest>) =>
    take(api.POST('/api/v1/schedules/{id}/take-over', { params: { path: { id: schedule } }, body })),
  );
}

export function useTakeSwap() {
  return useDone(({ id, body }: { id: string; body: SwapTakeRequest }) =>
    take(api.POST('/api/v1/swaps/{id}/take', { params: { path: { id } }, body })),
  );
}

export function useDeclineSwap() {
  return useDone((id: string) =>
    take(api.POST('/api/v1/swaps/{id}/decline', { params: { path: { id } }, body: { reason: '' } })),
  );
}

export function useWithdrawSwap() {
  return useDone((id: string) =>
    take(api.POST('/api/v1/swaps/{id}/withdraw', { params: { path: { id } }, body: { reason: '' } })),
  );
}

export function useAddAbsence() {
  return useDone((body: AbsenceRequest) => take(api.POST('/api/v1/absences', { body })));
}

export function useRemoveAbsence() {
  return useDone((id: string) => take(api.DELETE('/api/v1/absences/{id}', { params: { path: { id } } })));
}

export function useWriteNote() {
  return useDone(({ schedule, body }: OnSchedule<HandoffNoteRequest>) =>
    take(api.POST('/api/v1/schedules/{id}/handoff-notes', { params: { path: { id: schedule } }, body })),
  );
}

export function useAcceptNote() {
  return useDone((id: string) =>
    take(api.POST('/api/v1/handoff-notes/{id}/accept', { params: { path: { id } }, body: {} })),
  );
}

export function useAskBack() {
  return useDone(({ id, question }: { id: string; question: string }) =>
    take(api.POST('/api/v1/handoff-notes/{id}/ask-back', { params: { path: { id } }, body: { question } })),
  );
}
