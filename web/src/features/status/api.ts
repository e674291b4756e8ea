import { useQuery } from '@tanstack/react-query';
import { api, take } from '@/api/client';
import type { Status } from '@/api/types';
import { formatLong } from '@/lib/countdown';
import { clock, zoneName } from '@/lib/time';
import type { FootFact } from '@/shell/Rail';

/** How the server itself is: pages due and unsent, the record's last verification. */
export function useStatus() {
  return useQuery({
    queryKey: ['status'],
    queryFn: () => take(api.GET('/api/v1/status')),
    refetchInterval: 15_000,
    staleTime: 5_000,
  });
}

/** Page delivery in one line. Green only when it was measured. */
export function deliveryFact(status: Status, nowMs: number): FootFact {
  const { late, oldest_due_us, undelivered } = status.delivery;
  const age = oldest_due_us ? formatLong((nowMs - oldest_due_us / 1000) / 1000) : '';
  if (late) return { tone: 'bad', text: `A page is ${age} late` };
  if (undelivered > 0) return { tone: 'warn', text: `${undelivered} pages on their way` };
  return { tone: 'ok', text: 'Every due page is sent' };
}

/** The journal in one line. */
export function journalFact(status: Status, zone: string): FootFact {
  const { broken, verified_us, seq } = status.journal;
  if (broken) return { tone: 'bad', text: `Journal broken at ${broken.seq}` };
  if (!verified_us) return { tone: 'unknown', text: `Journal at ${seq}, not verified` };
  const ms = verified_us / 1000;
  return { tone: 'ok', text: `Journal verified ${clock(ms, zone)} ${zoneName(ms, zone)}` };
}
