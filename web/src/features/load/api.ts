import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { ApiProblem, api, take } from '@/api/client';
import type { LoadLedger, Problem } from '@/api/types';

/** What duty cost each person since then, and what is planned for as long from now on. */
export function useLoad(fromMs: number) {
  return useQuery({
    queryKey: ['oncall', 'load', fromMs],
    queryFn: async () => {
      const query = { from_us: fromMs * 1000 };
      // The same address gives text only to who asks for CSV.
      return (await take(api.GET('/api/v1/oncall/load', { params: { query } }))) as LoadLedger;
    },
    placeholderData: keepPreviousData,
  });
}

/** The export for pay, as a file. */
export function useExport(fromMs: number) {
  return useMutation({
    mutationFn: async () => {
      const answer = await fetch(`/api/v1/oncall/load?from_us=${fromMs * 1000}`, {
        headers: { Accept: 'text/csv' },
        credentials: 'same-origin',
      });
      if (!answer.ok) throw new ApiProblem(answer.status, (await answer.json()) as Partial<Problem>);
      save(await answer.blob(), 'decurion-load.csv');
    },
  });
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
