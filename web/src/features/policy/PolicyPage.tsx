import { TextInput } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import { usePageTitle } from '@/shell/title';
import { type Column, DataTable } from '@/ui/DataTable';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { Age } from '@/ui/TimeText';
import { authorOf, nameOf, type PackObject, type PackVersion, useObjects, useVersions } from './api';
import { ObjectDetail } from './ObjectDetail';
import css from './Policy.module.css';
import { VersionDetail } from './VersionDetail';

const objectColumns: readonly Column<PackObject>[] = [
  {
    head: 'Object',
    cell: (object) => (
      <>
        <Link
          to="/policy"
          search={{ kind: object.kind, id: object.id }}
          className="mid cut"
          style={{ display: 'block', color: 'inherit', textDecoration: 'none' }}
        >
          {nameOf(object)}
        </Link>
        <span className="caption soft cut" style={{ display: 'block' }}>
          {object.file}:{object.line}
        </span>
      </>
    ),
  },
];

const versionColumns: readonly Column<PackVersion>[] = [
  {
    head: 'Version',
    cell: (version) => (
      <>
        <Link
          to="/policy"
          search={{ version: version.version }}
          className="mid cut"
          style={{ display: 'block', color: 'inherit', textDecoration: 'none' }}
        >
          {version.version}, {version.reason}
        </Link>
        <span className="caption soft cut" style={{ display: 'block' }}>
          {authorOf(version.author)}
        </span>
      </>
    ),
  },
  { head: 'Age', width: '110px', cell: ({ applied_us: at }) => <Age us={at} className="small" /> },
];

function Objects({ chosen, onOpen }: { chosen?: string; onOpen: (object: PackObject) => void }) {
  const objects = useObjects();
  const [word, setWord] = useState('');
  const all = objects.data?.items ?? [];
  const wanted = word.trim().toLowerCase();
  const rows = all.filter((object) => `${nameOf(object)} ${object.file}`.toLowerCase().includes(wanted));
  return (
    <Panel
      title="Objects"
      count={rows.length}
      right={
        <TextInput
          aria-label="Filter objects"
          placeholder="Filter"
          w={140}
          value={word}
          onChange={(event) => setWord(event.currentTarget.value)}
        />
      }
    >
      {objects.isError && (
        <ErrorState
          title="The pack could not be read."
          detail={messageOf(objects.error)}
          retry={() => objects.refetch()}
        />
      )}
      {objects.isPending && <LoadingRows rows={6} height={51} />}
      {objects.data && rows.length === 0 && (
        <EmptyState title={all.length === 0 ? 'No pack was applied yet.' : 'Nothing has that name.'}>
          {all.length === 0 && 'Apply one: decurion apply DIR'}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <div className={css.list}>
          <DataTable
            label="Objects of the pack"
            columns={objectColumns}
            rows={rows}
            id={nameOf}
            density="two-line"
            chosen={chosen}
            onOpen={onOpen}
          />
        </div>
      )}
    </Panel>
  );
}

function Versions({ chosen, onOpen }: { chosen?: number; onOpen: (version: number) => void }) {
  const versions = useVersions();
  const rows = versions.data?.items ?? [];
  return (
    <Panel title="Versions" count={rows.length}>
      {versions.isError && (
        <ErrorState
          title="The versions could not be read."
          detail={messageOf(versions.error)}
          retry={() => versions.refetch()}
        />
      )}
      {versions.isPending && <LoadingRows rows={3} height={51} />}
      {rows.length > 0 && (
        <div className={css.list}>
          <DataTable
            label="Versions of the pack"
            columns={versionColumns}
            rows={rows}
            id={({ version }) => String(version)}
            density="two-line"
            chosen={chosen === undefined ? null : String(chosen)}
            onOpen={({ version }) => onOpen(version)}
          />
        </div>
      )}
    </Panel>
  );
}

/** The policy as code: every object as it is written, every version, and who changed what and why. */
export function PolicyPage() {
  usePageTitle('Policy as code');
  const search = useSearch({ from: '/shell/policy' });
  const navigate = useNavigate();
  const versions = useVersions();
  const version = versions.data?.items.find((each) => each.version === search.version);
  const object = search.kind && search.id ? { kind: search.kind, id: search.id } : undefined;
  return (
    <div className={css.page} data-chosen={Boolean(version || object)}>
      <div className={css.left}>
        <Objects
          chosen={object && nameOf(object)}
          onOpen={({ kind, id }) => void navigate({ to: '/policy', search: { kind, id } })}
        />
        <Versions
          chosen={search.version}
          onOpen={(each) => void navigate({ to: '/policy', search: { version: each } })}
        />
      </div>
      {version && <VersionDetail version={version} />}
      {!version && object && <ObjectDetail key={nameOf(object)} object={object} />}
      {!version && !object && (
        <Panel title="Policy as code" padded>
          <p className="soft">
            Choose an object to see how it is written, to change it, or to bring back what it was. Choose a
            version to see what it changed.
          </p>
        </Panel>
      )}
    </div>
  );
}
