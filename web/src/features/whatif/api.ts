import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, take } from '@/api/client';
import type { WhatIfRequest, WhatIfSweepRequest } from '@/api/types';

/** Plays one alert; what was played before stays visible meanwhile. */
export function useWhatIf(body: WhatIfRequest) {
  return useQuery({
    queryKey: ['oncall', 'whatif', body],
    queryFn: () => take(api.POST('/api/v1/whatif', { body })),
    placeholderData: keepPreviousData,
  });
}

/** Plays it at every instant of the days ahead. */
export function useSweep(body: WhatIfSweepRequest) {
  return useQuery({
    queryKey: ['oncall', 'whatif', 'sweep', body],
    queryFn: () => take(api.POST('/api/v1/whatif/sweep', { body })),
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
  });
}
