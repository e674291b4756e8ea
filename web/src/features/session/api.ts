import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiProblem, api, take } from '@/api/client';

/** Who is signed in, or null when nobody is. */
export function useMe() {
  return useQuery({
    queryKey: ['me'],
    queryFn: async () => {
      try {
        return await take(api.GET('/api/v1/me'));
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });
}

/** Whether this server still waits for its first administrator. */
export function useSetupNeeded() {
  return useQuery({
    queryKey: ['setup'],
    queryFn: () => take(api.GET('/api/v1/setup')),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export interface Credentials {
  email: string;
  password: string;
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Credentials) => take(api.POST('/api/v1/session', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['me'] }),
  });
}

export function useSetUp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Credentials) => take(api.POST('/api/v1/setup', { body })),
    onSuccess: () => {
      // Nobody looks at these now, so they would not be asked again: the next page must not see the old answers.
      queries.setQueryData(['setup'], { needed: false });
      queries.removeQueries({ queryKey: ['me'] });
    },
  });
}

/** Ends the session and forgets everything that was read in it. */
export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => take(api.DELETE('/api/v1/session')),
    onSuccess: () => {
      queries.clear();
      window.location.assign('/sign-in');
    },
  });
}
