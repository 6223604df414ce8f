// The composer's extras: text kept on this device while it is typed, files as a list, sending that survives a lost connection.
// Without it the form posts itself.
import { $, complain, make as element } from './postamt.js';
const d = document;
const form = () => $('form[data-compose]');
const files = () => $('[type=file]', form());
const make = (tag, className, textContent = '') => element(tag, { className, textContent });
const icon = (name, className = '') => {
  const svg = $('.top svg', form()).cloneNode(true);
  svg.setAttribute('class', className);
  const use = $('use', svg);
  use.setAttribute('href', use.getAttribute('href').replace(/#.*/, '#' + name));
  return svg;
};

/* What is typed stays on this device until it is sent or the owner signs out: a session that ends or a closed page loses nothing. Each mail
   is kept by itself, and its tab holds a lock on it: without locks no tab knows what another one writes, and keeps its own. */
const WEEK = 7 * 24 * 3600 * 1000;
const store = navigator.locks ? localStorage : sessionStorage;
const fields = ['from_', 'to', 'cc', 'bcc', 'subject', 'text', 'token'];
const keptAs = () => `compose:${form().dataset.compose} ${form().elements.token.value}`;
const say = (...words) => $('.saved').replaceChildren(...words);
function keep() {
  try {
    store.setItem(keptAs(), JSON.stringify([Date.now(), ...fields.map(name => form().elements[name].value)]));
    say(icon('check', 's'), 'Kept on this device');
  } catch {
    say('Not kept: this browser has no room');
  }
}
const forget = () => store.removeItem(keptAs());
function read(key) {
  try {
    return JSON.parse(store[key]);
  } catch {
    store.removeItem(key); // not ours to bring back
    return [];
  }
}
async function kept() {
  const open = (await navigator.locks?.query())?.held.map(lock => lock.name) || [];
  const found = Object.keys(store).filter(key => key.startsWith('compose:') && !open.includes(key)).map(key => [key, ...read(key)]);
  found.filter(([, at]) => at < Date.now() - WEEK).forEach(([key]) => store.removeItem(key));
  const address = keptAs().replace(/ .*/, ' ');
  return found.filter(([key, at]) => key.startsWith(address) && key in store).sort((one, other) => other[1] - one[1])[0];
}
async function bringBack() {
  const values = 'fresh' in form().dataset && !new URLSearchParams(location.search).has('to') && await kept();
  if (values) restore(values.slice(2));
  navigator.locks?.request(keptAs(), () => new Promise(() => {}));
}
function restore(values) {
  fields.forEach((name, at) => { form().elements[name].value = values[at]; });
  if (form().elements.cc.value || form().elements.bcc.value) showCopies();
  const again = make('button', 'btn quiet', 'Start afresh');
  again.type = 'button';
  again.onclick = () => { forget(); form().reset(); say(); };
  say('Kept on this device', again);
}

/* Cc and Bcc are there already, hidden. */
function showCopies() {
  for (const name of ['cc', 'bcc']) form().elements[name].parentElement.hidden = false;
  $('[value=copies]', form())?.remove();
}

/* Files: listed, taken out one by one, and counted before they are sent. */
const size = bytes => bytes < 999500 ? Math.max(1, Math.round(bytes / 1000)) + ' KB' : (bytes / 1e6).toFixed(1) + ' MB';
function choose(chosen) {
  const transfer = new DataTransfer();
  chosen.forEach(file => transfer.items.add(file));
  files().files = transfer.files;
  list();
}
function list() {
  const chosen = [...files().files];
  const box = $('[data-chosen]', form());
  box.hidden = !chosen.length;
  box.replaceChildren(...chosen.map(file => {
    const line = make('div', 'file');
    const name = make('span', '');
    const remove = make('button', 'ico');
    const extension = /\.(\w{1,4})$/.exec(file.name)?.[1] || 'file';
    remove.type = 'button';
    remove.append(icon('x'), make('span', 'vh', 'Remove ' + file.name));
    remove.onclick = () => choose([...files().files].filter(other => other !== file));
    name.append(make('b', '', file.name), make('small', 'num', size(file.size)));
    line.append(make('span', 'av sq h4', extension.toUpperCase()), name, remove);
    return line;
  }));
  const most = Number(files().dataset.most);
  const sum = chosen.reduce((bytes, file) => bytes + file.size, 0);
  files().setCustomValidity(sum > most ? `These files are ${size(sum)} together. A mail takes ${size(most)}.` : '');
  if (sum > most) complain(files().validationMessage);
}

/* Sending: once, and nothing is lost when the server does not answer. */
let sending = false;
async function send() {
  if (sending || !files().checkValidity()) return files().validationMessage && complain(files().validationMessage);
  sending = true;
  $('[value=send]', form()).disabled = true;
  keep();
  try {
    const body = new FormData(form());
    body.append('do', 'send');
    await follow(await fetch(form().action, { method: 'POST', body, headers: { 'X-Fragment': '1' } }));
  } catch {
    complain('Not sent: the server did not answer. Your text is kept on this device.');
  }
  sending = false;
  $('[value=send]', form()).disabled = false;
}
async function follow(answer) {
  if (answer.status === 201) {
    forget();
    location.assign(answer.headers.get('Location'));
    await new Promise(() => {}); // until this page is gone, nothing is sent again
  } else if (answer.status === 401) {
    location.assign(form().dataset.compose);
  } else if (answer.status === 422) {
    correct(await answer.text());
  } else {
    throw new Error(answer.status);
  }
}
function correct(page) {
  const chosen = [...files().files];
  $('main').replaceWith(new DOMParser().parseFromString(page, 'text/html').querySelector('main'));
  dress();
  choose(chosen);
  $('[autofocus]', form())?.focus();
}

function dress() {
  files().classList.add('vh');
  const words = $('[data-choose]', form());
  const [, limit] = words.textContent.split(', ');
  words.replaceChildren('Drop files here or ', make('u', '', 'choose files'), ', ' + limit);
}
d.addEventListener('input', event => { if (event.target.form === form() && event.target !== files()) keep(); });
d.addEventListener('change', event => { if (event.target === files()) list(); });
d.addEventListener('submit', event => {
  if (event.target !== form()) return;
  event.preventDefault();
  if (event.submitter?.value !== 'copies') return send();
  showCopies();
  form().elements.cc.focus();
});
d.addEventListener('keydown', event => {
  if (event.isComposing) return;
  if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
    event.preventDefault();
    send();
  } else if (event.key === 'Enter' && event.target.matches('.line input')) {
    event.preventDefault(); // a mail is not sent by accident
  } else if (event.key === 'Escape' && event.target.form === form()) {
    $('.back', form()).click();
  }
});
for (const name of ['dragover', 'dragleave', 'drop']) {
  d.addEventListener(name, event => {
    if (!event.dataTransfer?.types.includes('Files') || !event.target.closest?.('main')) return;
    event.preventDefault();
    $('.drop', form()).classList.toggle('over', name === 'dragover');
    if (name === 'drop') choose([...files().files, ...event.dataTransfer.files]);
  });
}
dress();
bringBack();
