// The page: set-up, signing in, and then the inbox.
import { call, change } from './api.js';
import { $, say, show } from './dom.js';
import { closeInbox, openInbox, openLinked, prepareInbox } from './inbox.js';
import { emptySearch, prepareSearch } from './search.js';

const COOKIE = { 'Baton-Session': 'cookie' };

function showDoor(name) {
  closeInbox();
  emptySearch();
  show($('desk'), false);
  show($('door'));
  for (const id of ['signin', 'setup', 'nolink']) show($(id), id === name);
  $(name).querySelector('input')?.focus();
}

async function enter(user) {
  show($('door'), false);
  show($('desk'));
  try {
    await openInbox(user, () => {
      showDoor('signin');
      say('You have been signed out.');
    });
    openLinked(location.hash);
  } catch (error) {
    say(error.message, 'bad');
  }
}

// Shows the refusal where it belongs and gives the field the focus.
function complain(form, error) {
  const line = form.querySelector('.wrong');
  const field = form.elements.namedItem(error.field?.replace(/_(.)/g, (_, c) => c.toUpperCase()) ?? '');
  line.textContent = error.message;
  show(line);
  for (const input of form.elements) input.removeAttribute('aria-invalid');
  field?.setAttribute?.('aria-invalid', 'true');
  field?.focus?.();
}

function onSubmit(id, send) {
  const form = $(id);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('.primary');
    const values = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
    button.disabled = true;
    show(form.querySelector('.wrong'), false);
    try {
      const user = await send(values);
      form.reset();
      await enter(user);
    } catch (error) {
      complain(form, error);
    } finally {
      button.disabled = false;
    }
  });
}

function prepareZones() {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = new Set([own, 'UTC', ...(Intl.supportedValuesOf?.('timeZone') ?? [])]);
  $('setup').elements.timeZone.append(...[...zones].sort().map((zone) => new Option(zone, zone, zone === own, zone === own)));
}

const setupToken = () => new URLSearchParams(location.hash.slice(1)).get('token');

async function start() {
  if (location.pathname === '/setup') {
    prepareZones();
    return showDoor(setupToken() ? 'setup' : 'nolink');
  }
  try {
    await enter((await call('DirectoryService/GetMe')).user);
  } catch (error) {
    showDoor('signin');
    if (error.code !== 'unauthenticated') say(error.message, 'bad');
  }
}

prepareInbox();
prepareSearch();
onSubmit('signin', async (values) => (await change('DirectoryService/SignIn', values, COOKIE)).user);
onSubmit('setup', async (values) => {
  const answer = await change('DirectoryService/CompleteSetup', { token: setupToken(), ...values }, COOKIE);
  history.replaceState(null, '', '/');
  return answer.user;
});
$('signout').addEventListener('click', async () => {
  await change('DirectoryService/SignOut').catch(() => {});
  showDoor('signin');
});
addEventListener('hashchange', () => openLinked(location.hash) || start());
start();
