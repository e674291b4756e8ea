import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from './schema';
import type { Problem } from './types';

/** An answer that was not the one asked for, with the server's own words. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
  ) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
    this.name = 'ApiProblem';
  }

  /** The request field at fault, when the server names one. */
  get field(): string | null {
    return this.problem.field ?? null;
  }
}

/** A random key; `crypto.randomUUID` is missing on plain http outside localhost. */
function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const marks: Middleware = {
  onRequest({ request }) {
    if (request.method === 'GET') return request;
    request.headers.set('X-Decurion', '1');
    if (!request.headers.has('Idempotency-Key')) request.headers.set('Idempotency-Key', idempotencyKey());
    return request;
  },
};

export const api = createClient<paths>({ credentials: 'same-origin' });
api.use(marks);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer, or the problem thrown. */
export async function take<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (response.ok) return data as T;
  const problem = typeof error === 'object' && error !== null ? (error as Partial<Problem>) : {};
  throw new ApiProblem(response.status, problem);
}

/** What to show for anything that was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiProblem) return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}`;
  if (error instanceof TypeError)
    return 'The server could not be reached. Check the connection and try again.';
  return error instanceof Error ? error.message : String(error);
}
