import { useMutation, useQuery } from '@tanstack/react-query';
import { ApiProblem, api, take } from '@/api/client';
import { changed } from '@/api/query';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];
export type PackObject = Schemas['PackObject'];
export type PackObjectVersion = Schemas['PackObjectVersion'];
export type PackVersion = Schemas['PackVersion'];
export type PackChange = Schemas['PackChange'];
export type PreviewAnswer = Schemas['PreviewAnswer'];
export type PersonPreview = Schemas['PersonPreview'];
export type PreviewShift = Schemas['PreviewShift'];

/** What names an object of the pack. */
export interface ObjectKey {
  kind: string;
  id: string;
}

/** `person leila`, or only the kind where a pack has one at most. */
export function nameOf({ kind, id }: ObjectKey): string {
  return kind === id ? kind : `${kind} ${id}`;
}

/** Who made a version, in words: `person:leila` is leila. */
export function authorOf(author: string): string {
  if (author === 'system') return 'the server';
  if (author.startsWith('account:')) return 'an account without a person';
  return author.replace(/^person:/, '');
}

/** Every object of the pack in force, file by file. */
export function useObjects() {
  return useQuery({ queryKey: ['policy', 'objects'], queryFn: () => take(api.GET('/api/v1/pack/objects')) });
}

/** The versions of the pack, the newest first. */
export function useVersions() {
  return useQuery({
    queryKey: ['policy', 'versions'],
    queryFn: () => take(api.GET('/api/v1/pack/versions', { params: { query: { limit: 100 } } })),
  });
}

/** What changed from the version before to this one. */
export function useVersionChanges(version: number) {
  return useQuery({
    queryKey: ['policy', 'changes', version],
    queryFn: () =>
      take(api.GET('/api/v1/pack/versions/{version}/changes', { params: { path: { version } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** One object as it is written now. */
export function useObject(key: ObjectKey) {
  return useQuery({
    queryKey: ['policy', 'object', key.kind, key.id],
    queryFn: () => take(api.GET('/api/v1/pack/objects/{kind}/{id}', { params: { path: { ...key } } })),
  });
}

/** The versions in which an object changed. */
export function useObjectHistory(key: ObjectKey) {
  return useQuery({
    queryKey: ['policy', 'history', key.kind, key.id],
    queryFn: () =>
      take(api.GET('/api/v1/pack/objects/{kind}/{id}/history', { params: { path: { ...key } } })),
  });
}

/** What a changed text would mean; nothing is saved. */
export function usePreview(key: ObjectKey) {
  return useMutation({
    mutationFn: (text: string) =>
      take(
        api.POST('/api/v1/oncall/preview', {
          body: { document: { ...key, text, value: null, remove: false } },
        }),
      ),
  });
}

const touched = () => changed(['policy', 'oncall', 'board', 'organisation', 'integrations', 'journal']);

/** Whether a write was refused as the pack has another version by now. */
export function isChangedMeanwhile(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.code === 'changed_meanwhile';
}

/** Saves a text as a new version of the pack. */
export function usePutObject(key: ObjectKey) {
  return useMutation({
    mutationFn: (body: { text: string; reason: string; base_version: number }) =>
      take(api.PUT('/api/v1/pack/objects/{kind}/{id}', { params: { path: { ...key } }, body })),
    onSuccess: touched,
  });
}

/** Brings an object back as it was in a version. */
export function useRestoreObject(key: ObjectKey) {
  return useMutation({
    mutationFn: (body: { version: number; reason: string }) =>
      take(api.POST('/api/v1/pack/objects/{kind}/{id}/restore', { params: { path: { ...key } }, body })),
    onSuccess: touched,
  });
}
