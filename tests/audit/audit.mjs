// Runs the audits of graphql-http on an address, and fails unless all are ok:
//   node tests/audit/audit.mjs http://127.0.0.1:8000/graphql

import { serverAudits } from 'graphql-http';

const LEVELS = ['MUST', 'SHOULD', 'MAY'];

const url = process.argv[2];
if (!url) {
  console.error('Say where: node audit.mjs http://127.0.0.1:8000/graphql');
  process.exit(2);
}

const counts = new Map(LEVELS.map((level) => [level, { ok: 0, all: 0 }]));
for (const audit of serverAudits({ url })) {
  const result = await audit.fn();
  const isOk = result.status === 'ok';
  const count = counts.get(levelOf(audit.name));
  count.all += 1;
  count.ok += isOk ? 1 : 0;
  console.log(`${audit.id} ${audit.name}: ${isOk ? 'ok' : await explained(result)}`);
}

const tally = [...counts].map(([level, { ok, all }]) => `${level} ${ok} of ${all}`);
console.log(tally.join(', '));
process.exitCode = [...counts.values()].every(({ ok, all }) => ok === all) ? 0 : 1;

// The first word of its name says what an audit is to the specification; "MAY NOT" is a "MAY".
function levelOf(name) {
  const level = name.split(' ', 1)[0];
  if (!LEVELS.includes(level)) throw new Error(`Of no level: ${name}`);
  return level;
}

async function explained({ reason, response }) {
  const body = response.bodyUsed ? '' : ` ${await response.text()}`;
  return `FAILED. ${reason}: ${response.status}${body}`;
}
