// How many pushes a second npm `web-push` seals and signs; for tests/bench/run.
import { createECDH, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../web/package.json', import.meta.url));
const { generateRequestDetails, generateVAPIDKeys } = require('web-push');

const PUSHES = 2000;
const vapidDetails = { subject: 'mailto:a@b.example', ...generateVAPIDKeys() };
const subscriptions = Array.from({ length: 64 }, () => {
  const keys = createECDH('prime256v1');
  return {
    endpoint: 'https://push.example/x',
    keys: { p256dh: keys.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') },
  };
});
const text = 'x'.repeat(400);

function rate() {
  const from = process.cpuUsage();
  for (let i = 0; i < PUSHES; i++) generateRequestDetails(subscriptions[i % 64], text, { vapidDetails, TTL: 60, contentEncoding: 'aes128gcm' });
  const { user, system } = process.cpuUsage(from);
  return (PUSHES * 1e6) / (user + system);
}

console.log(Math.max(rate(), rate(), rate()).toFixed(1));
