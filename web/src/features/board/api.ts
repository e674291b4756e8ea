import { useQuery } from '@tanstack/react-query';
import { api, take } from '@/api/client';

/** Everything the board shows, in one answer. */
export function useBoard() {
  return useQuery({
    queryKey: ['board'],
    queryFn: () => take(api.GET('/api/v1/board')),
    refetchInterval: 60_000,
  });
}
