import { useQuery } from '@tanstack/react-query';
import { setReading } from '@/lib/serverClock';
import { api, take } from './client';

/** Measures the server's clock against the middle of a request, and again every half minute. */
async function measure() {
  const before = performance.now();
  const answer = await take(api.GET('/api/v1/clock'));
  const localMs = (before + performance.now()) / 2;
  setReading({ serverUs: answer.now_us, localMs, speed: answer.speed });
  return answer;
}

/** Keeps the page on the server's time; gives the speed that a demo may run at. */
export function useServerClock(): number {
  const { data } = useQuery({ queryKey: ['clock'], queryFn: measure, refetchInterval: 30_000, staleTime: 0 });
  return data?.speed ?? 1;
}
