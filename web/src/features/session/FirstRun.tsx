import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ApiProblem, messageOf } from '@/api/client';
import { CliLine } from '@/ui/CliLine';
import { Mark } from '@/ui/Mark';
import { useSetUp } from './api';
import css from './session.module.css';

const SHORTEST = 10;

/** The card that both doors stand on: no navigation, one action. */
export function Door({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  return (
    <main className={css.door}>
      <div className={css.card}>
        <p className={css.brand}>
          <Mark size={22} /> Decurion
        </p>
        <h1 className={css.title}>{title}</h1>
        <p className="soft">{lead}</p>
        {children}
      </div>
    </main>
  );
}

/** The server's words at the field that they are about. */
export function fieldError(error: unknown, field: string): string | undefined {
  return error instanceof ApiProblem && error.field === field ? error.message : undefined;
}

/** The server's words when they are about no field of the form. */
export function FormError({ error, fields }: { error: unknown; fields: readonly string[] }) {
  if (!error) return null;
  if (error instanceof ApiProblem && error.field && fields.includes(error.field)) return null;
  return (
    <p className={css.problem} role="alert">
      {messageOf(error)}
    </p>
  );
}

/** The first visit to a fresh server: one administrator is made, then the console opens. */
export function FirstRun() {
  const setUp = useSetUp();
  const navigate = useNavigate();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const short = password.length > 0 && password.length < SHORTEST;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setUp.mutate({ email, password }, { onSuccess: () => navigate({ to: '/' }) });
  };
  return (
    <Door
      title="Create the first administrator"
      lead="This server has no account yet. The one made here can do everything, and everything it does is in the journal."
    >
      <form className={css.form} onSubmit={submit}>
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={fieldError(setUp.error, 'email')}
        />
        <PasswordInput
          label="Password"
          description={`At least ${SHORTEST} characters. A sentence is fine.`}
          autoComplete="new-password"
          required
          withAsterisk={false}
          minLength={SHORTEST}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={fieldError(setUp.error, 'password') ?? (short && `${SHORTEST - password.length} more`)}
        />
        <FormError error={setUp.error} fields={['email', 'password']} />
        <Button type="submit" variant="filled" size="touch" loading={setUp.isPending} fullWidth>
          Create administrator
        </Button>
      </form>
      <CliLine command="decurion init --data DIR --pack DIR --admin-email E --admin-password-file F" />
    </Door>
  );
}
