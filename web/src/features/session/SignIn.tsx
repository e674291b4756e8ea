import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useRouter, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { CliLine } from '@/ui/CliLine';
import { useMe, useSetupNeeded, useSignIn } from './api';
import { Door, FormError, fieldError } from './FirstRun';
import { safeNext } from './next';
import css from './session.module.css';

export function SignIn() {
  const signIn = useSignIn();
  const me = useMe();
  const setup = useSetupNeeded();
  const { history } = useRouter();
  const next = safeNext(useSearch({ from: '/sign-in' }).next);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const elsewhere = setup.data?.needed ? '/set-up' : me.data ? next : null;
  useEffect(() => {
    if (elsewhere) history.replace(elsewhere);
  }, [history, elsewhere]);
  if (elsewhere) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ email, password });
  };
  return (
    <Door
      title="Sign in"
      lead="A page that reached you opens without this: use the link in it to acknowledge."
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
          error={fieldError(signIn.error, 'email')}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={fieldError(signIn.error, 'password')}
        />
        <FormError error={signIn.error} fields={['email', 'password']} />
        <Button type="submit" variant="filled" size="touch" loading={signIn.isPending} fullWidth>
          Sign in
        </Button>
      </form>
      <CliLine command={`decurion login --url ${window.location.origin} --email E --password-file F`} />
    </Door>
  );
}
