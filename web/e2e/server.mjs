// The real binary on SQLite in a folder of its own, as an operator would start it.

import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const binary = process.env.DECURION_BIN ?? path.join(root, 'target/debug/decurion');

export const account = { email: 'admin@ten.example', password: 'correct horse battery staple' };

/** The first truthy answer of `probe`; fails when the time is up. */
export async function until(what, probe, timeout_ms = 20_000) {
  const deadline = Date.now() + timeout_ms;
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${timeout_ms} ms for ${what}`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

function freePort() {
  return new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}

/** packs/ten, with every wait of its policy turned from minutes into `step_s` seconds. */
function pack(folder, step_s) {
  cpSync(path.join(root, 'packs/ten'), folder, { recursive: true });
  if (!step_s) return folder;
  const escalation = path.join(folder, 'escalation');
  for (const name of readdirSync(escalation)) {
    const file = path.join(escalation, name);
    if (!statSync(file).isFile()) continue;
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/timeout: \d+m\b/g, `timeout: ${step_s}s`));
  }
  return folder;
}

function run(words, env) {
  const done = spawnSync(binary, words, { encoding: 'utf8', env: { ...process.env, ...env } });
  if (done.status !== 0)
    throw new Error(`${words.join(' ')}: exit ${done.status}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** Starts a server with packs/ten and one administrator. `step_s`: how long a step waits, in seconds. */
export async function start({ step_s } = {}) {
  if (!existsSync(binary)) throw new Error(`${binary} is missing: build it, or name it in DECURION_BIN`);
  const home = mkdtempSync(path.join(tmpdir(), 'decurion-e2e.'));
  const data = path.join(home, 'data');
  const secret = path.join(home, 'password');
  writeFileSync(secret, account.password);
  const admin = ['--admin-email', account.email, '--admin-password-file', secret];
  run(['init', '--data', data, '--pack', pack(path.join(home, 'pack'), step_s), ...admin], { HOME: home });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(binary, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`], {
    stdio: 'ignore',
  });
  await until('the server', () =>
    fetch(`${url}/health/ready`).then(
      (r) => r.ok,
      () => false,
    ),
  );
  const server = new Server(url, child, home);
  await server.signIn();
  return server;
}

class Server {
  constructor(url, child, home) {
    Object.assign(this, { url, child, home });
  }

  async signIn() {
    this.token = (await this.call('POST', '/session', account)).token;
  }

  /** One request to the API; its JSON. */
  async call(method, where, body) {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${this.token ?? ''}` };
    const answer = await fetch(`${this.url}/api/v1${where}`, {
      method,
      headers,
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${where}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  }

  /** One alert through the door that PagerDuty's clients use. */
  async alert(summary, severity = 'critical') {
    this.key ??= (await this.call('POST', '/integrations', { name: 'E2E', kind: 'pagerduty' })).key;
    const payload = { summary, source: 'e2e', severity };
    const body = { routing_key: this.key, event_action: 'trigger', payload };
    const answer = await fetch(`${this.url}/v2/enqueue`, { method: 'POST', body: JSON.stringify(body) });
    if (answer.status !== 202) throw new Error(`enqueue: ${answer.status} ${await answer.text()}`);
  }

  /** The newest incident with that title. */
  incident(title) {
    return until(`incident ${title}`, async () =>
      (await this.call('GET', '/incidents?status=all')).items.find((each) => each.title.includes(title)),
    );
  }

  async stop() {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.home, { recursive: true, force: true });
  }
}
