// Whom the real service knows in the page's tests: ordinary users, and names and ids that would break a careless page.
import { ARABIC, EMOJI, HOSTILE, LONG, SLASHED } from './fixtures.mjs';

export const BIG_NUMBER = '12345678901234567890';
export const ORDINARY = 60;
export const REFUSED = 12; // Segment will not take these
export const ordinaryId = (i) => `user-${String(i).padStart(3, '0')}`;
export const refusedId = (i) => `refused-${String(i).padStart(2, '0')}`;

const person = (name, email, plan = 'free', more = {}) => ({ email, company_id: 'acme', metadata: { name, plan, seats: 25, flags: { beta: true }, tags: ['a', 'b'] }, name, ...more });

export const ordinary = (i, plan) => person(`Person ${i}`, `person${i}@example.com`, plan, { company_id: i % 3 ? 'acme' : 'globex' });

export async function settle(deployment) {
  await deployment.order('refuse', { users_with: 'refused-' });
  await deployment.company('acme', { name: HOSTILE, metadata: { plan: 'scale', note: HOSTILE } });
  await deployment.company('globex', { name: 'Globex', metadata: { plan: 'start' } });
  await deployment.user('u-ada', person('Ada Lovelace', 'ada@analytical.example'));
  await deployment.user('u-hostile', person(HOSTILE, '"><script>alert(2)</script>@x.example'));
  await deployment.user('u-arabic', person(ARABIC, 'arabic@example.com', 'free', { company_id: 'rtl-co' }));
  await deployment.user('u-long', person(LONG, `${LONG.slice(0, 60)}@example.com`));
  await deployment.user('u-emoji', person(EMOJI, null));
  await deployment.user(SLASHED, {});
  await deployment.user('u-big', `{"user_id":"u-big","name":"Big","metadata":{"exact":${BIG_NUMBER},"text":"${'x'.repeat(40_000)}"}}`);
  await deployment.user('q-deep', `{"user_id":"q-deep","metadata":${'{"a":'.repeat(70)}"${HOSTILE.replaceAll('"', '')}"${'}'.repeat(70)}}`);
  await deployment.user('q-list', '["no object"]');
  for (let i = 0; i < REFUSED; i += 1) await deployment.user(refusedId(i), person(`Refused ${i}`, `refused${i}@example.com`));
  for (let i = 0; i < ORDINARY; i += 1) await deployment.user(ordinaryId(i), ordinary(i, 'free'));
}
