// The README's pictures: `node tests/web/pictures.mjs` builds the made-up company anew and looks at it as its people do.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment, new_folder, request_id, ROOT, until } from '../e2e/lib.mjs';
import { DESKTOP, enter, launch, PHONE } from './chromium.mjs';

const FOLDER = join(ROOT, 'services/gateway/web/pictures');
const PASSWORD = 'demo demo demo', REP = 'alva.drumwick@baton.example', MANAGER = 'jorun.yarrowby@baton.example';
const SETTLE_MS = 1500; // the last of a page's movements

let d, browser;

async function window_of(options, email) {
  const page = await (await browser.newContext(options)).newPage();
  await enter(page, d.url, email, PASSWORD);
  return page;
}

async function picture(page, name, path) {
  if (path) await page.goto(`${d.url}${path}`);
  await page.waitForLoadState('networkidle').catch(() => {}); // the stream never ends
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}

const as = async (email) => ({ token: (await d.call('DirectoryService/SignIn', { requestId: request_id(), email, password: PASSWORD }, { token: null })).sessionToken });

const ASKED = [
  ['Mado', 'Inkwell', 'Lantern Optics', 'Head of Purchasing', 'Hamburg', 'Germany', 'Relay Five', 'How soon could you deliver?', 'Trade fair', 140],
  ['Senna', 'Larkmoss', 'Glass Bridge Foods', 'Plant Manager', 'Utrecht', 'Netherlands', 'Track Sensor', 'We need a price for 40 places.', 'Web form', 75],
  ['Quill', 'Oakhanger', 'Red Kite Press', 'Owner', 'Lyon', 'France', 'Relay One', 'Please call in the morning.', 'Recommendation', 12],
  ['Ulma', 'Pennyfold', 'Amber Road Machines', 'Chief Engineer', 'Leeds', 'United Kingdom', 'Service for a Year', 'Our contract ends in three months.', 'Newsletter', 310],
  ['Jorun', 'Silverlea', 'Cedar Point Clinics', 'Buyer', 'Valencia', 'Spain', 'Track Laboratory', 'Is there a version for laboratories?', 'Web form', 55],
];

async function leads_for(email) {
  const me = (await d.call('DirectoryService/GetMe', {}, await as(email))).user.id;
  for (const [i, [firstName, lastName, company, title, city, country, productInterest, message, leadSource, numberOfEmployees]] of ASKED.entries()) {
    const domain = `${company.toLowerCase().replace(/\W+/g, '-')}.example`;
    const { lead } = await d.capture({
      firstName, lastName, company, title, productInterest, message, leadSource, numberOfEmployees, industry: 'Manufacturing', phone: `+44 20 7946 0${300 + i}`,
      email: `${firstName}@${domain}`.toLowerCase(), website: `https://${domain}`, address: { street: `${i + 3} Mill Lane`, city, country, postalCode: `1${i}115` },
    });
    if (lead.ownerId !== me) await d.call('LeadService/AssignLead', { requestId: request_id(), id: lead.id, ownerId: me });
  }
}

async function make_quote() {
  const me = await as(REP);
  const deal = (await d.list('opportunity', me)).find((o) => o.stageKind === 'STAGE_KIND_OPEN' && o.name.startsWith('Relay Five'));
  const book = (await d.list('priceBook', me).catch(() => []))[0] ?? (await d.call('RecordService/ListRecords', { type: 'price_book' }, me)).records[0].priceBook;
  const { quote } = await d.call('QuoteService/CreateQuote', { requestId: request_id(), opportunityId: deal.id, priceBookId: book.id, head: { country: 'DE' } }, me);
  const lines = [['RLY-5', 4], ['TRK-S', 40], ['SVC-Y', 4]].map(([productCode, n], i) => ({ productCode, quantityE4: String(n * 10000), discountsE4: i === 1 ? ['50000'] : [] }));
  await d.call('QuoteService/SetQuoteLines', { requestId: request_id(), quoteId: quote.id, lines }, me);
  return deal;
}

async function all() {
  mkdirSync(FOLDER, { recursive: true });
  await until('the company is built', () => d.output.includes('sign in as representative'), 60000);
  await d.settled();
  await leads_for(REP);
  const deal = await make_quote();
  const rep = await window_of(DESKTOP, REP);
  await rep.locator('[role=grid] [role=row][aria-rowindex="2"]').click();
  await picture(rep, 'leads');
  await picture(rep, 'pipeline', '/pipeline');
  await picture(rep, 'opportunity', `/pipeline/${deal.id}`);
  await picture(rep, 'account', `/accounts/${deal.accountId}`);
  const manager = await window_of(DESKTOP, MANAGER);
  await picture(manager, 'forecast', '/forecast');
  await picture(manager, 'dashboards', '/dashboards');
  await picture(await window_of(PHONE, REP), 'phone');
}

d = await new Deployment(new_folder()).up(['--demo']);
try {
  browser = await launch();
  await all();
} finally {
  await browser?.close();
  await d.stop();
  d.remove();
}
