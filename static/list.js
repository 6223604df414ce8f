// A list: acts on its rows, the way back from them, selection, keys and swipes.
import { $, $$, complain, follow, fragment, heard, isOff, keys, make, offered, seen, show, submit } from './postamt.js';
const d = document;

/* Acts: rows change at once, and change back if the server did not hear of it. What no row can show is left to the form. */
const list = $('[data-list]');
const rowOf = element => element?.closest?.('.row');
const rows = () => $$('.row').filter(seen);
const row = () => rowOf(d.activeElement) || $('.row.on');
const picks = () => $$('.pick:checked').filter(seen);
const chosen = () => picks().length ? picks().map(rowOf) : [rowOf(d.activeElement)].filter(Boolean);
const backs = new WeakMap(); // how rows change back, by the form that undoes their act
let passing = false;
let pending = Promise.resolve(); // acts reach the server one after the other, as they were done

async function post(form, body) {
  const answer = heard(await fetch(form.action, { method: 'POST', body, headers: { 'X-Fragment': '1' } }));
  if (!answer.ok) throw new Error(answer.status);
  const toast = fragment(await answer.text());
  recount(JSON.parse(toast.dataset.unread));
  return toast;
}
function failed(error) {
  if (error.message !== '401') complain('Nothing was changed: the server did not answer.');
}
function recount(unread) {
  for (const [box, number] of Object.entries(unread)) {
    const link = $(`.nav [href="/b/${box}/"]`);
    $('b', link)?.remove();
    if (number) link.append(fragment(`<b class="num">${number}<span class="vh"> unread</span></b>`));
    if (link.getAttribute('aria-current')) recountHead(number);
  }
}
function recountHead(number) {
  $('.head .num').textContent = number && number + ' unread';
  const heading = $('.head h1');
  if (heading) d.title = heading.textContent + (number && ` (${number})`) + ' · Postamt';
}
function pass(form, button) {
  setTimeout(() => { // while one submission is being decided on, a form takes no other
    passing = true;
    submit(form, button);
  });
}
function count() {
  const number = picks().length;
  $$('[data-count]').forEach(output => { output.textContent = number ? number + ' selected' : 'Selected'; });
}
function tick(those, on) {
  those.forEach(each => { $('.pick', each).checked = on; });
  count();
}
function hide(those, hidden) {
  those.forEach(each => { each.hidden = hidden; });
  $$('ul', list).forEach(group => { group.previousElementSibling.hidden = !$('.row:not([hidden])', group); });
}
function leave(those) {
  const all = rows();
  const next = all.slice(all.indexOf(those.at(-1)) + 1).find(each => !those.includes(each)) || all.findLast(each => !those.includes(each));
  hide(those, true);
  $('a', next).focus();
  return () => {
    hide(those, false);
    $('a', those[0]).focus();
  };
}
function markRead(those, unread) {
  for (const each of those) {
    each.classList.toggle('new', unread);
    $('.who>.vh', each)?.remove();
    if (unread) $('.who', each).prepend(fragment('<span class="vh">Unread. </span>'));
  }
}
function markStar(those, on) {
  for (const each of those) {
    const star = $('.star', each);
    each.classList.toggle('starred', on);
    star.setAttribute('aria-pressed', on);
    star.name = on ? 'unstar' : 'star';
  }
}
const changes = {
  read: those => (markRead(those, false), () => markRead(those, true)),
  unread: those => (markRead(those, true), () => markRead(those, false)),
  star: those => (markStar(those, true), () => markStar(those, false)),
  unstar: those => (markStar(those, false), () => markStar(those, true)),
};
function act(button, those) {
  if (!button || !those.length) return;
  const change = 'leaves' in button.dataset && button.value !== 'purge' ? leave : changes[button.value];
  const isAll = those.length === rows().length;
  if (!change || (isAll && ($('[name=all]:checked') || change === leave))) {
    tick(rows(), false);
    tick(those, true);
    return pass(list, button);
  }
  const fields = new FormData();
  for (const name of ['csrfmiddlewaretoken', 'in', 'next']) fields.append(name, list.elements[name].value);
  fields.append(button.name, button.value);
  those.forEach(each => fields.append('t', $('.pick', each).value));
  button.closest('[popover]')?.hidePopover?.();
  tick(those, false);
  carry(change(those), list, fields);
}
function carry(back, form, fields, quiet) {
  pending = pending.then(() => send(back, form, fields, quiet));
}
async function send(back, form, fields, quiet) {
  try {
    const toast = await post(form, fields);
    offered.undo = $('[data-undo]', toast);
    if (offered.undo) backs.set(offered.undo, back);
    if (!quiet) show(toast);
  } catch (error) {
    back();
    failed(error);
  }
}
function pressStar(star) {
  const fields = new FormData(list);
  fields.delete('t');
  fields.append(star.name, star.value);
  carry(changes[star.name]([rowOf(star)]), list, fields, true);
}
async function undo() {
  await pending;
  const form = offered.undo;
  if (!form) return;
  offered.undo = null;
  const back = backs.get(form);
  if (!back) return pass(form);
  try {
    show(await post(form, new FormData(form, $('button', form))));
    back();
  } catch (error) {
    if (error.message === '409') return pass(form); // something else was done meanwhile: the page that follows tells what
    offered.undo = form; // it can be tried again
    failed(error);
  }
}
d.addEventListener('submit', event => {
  const by = event.submitter;
  if (passing || !by) return void (passing = false);
  if (event.target.matches('[data-undo]')) {
    offered.undo = event.target;
  } else if (event.target !== list || by.value === 'label' || (!by.name && list.elements.name?.value)) {
    return;
  }
  event.preventDefault();
  if (event.target !== list) return undo();
  by.matches('.row .star') ? pressStar(by) : act(by, picks().map(rowOf));
});

/* Selection: a range with Shift, the whole page, one set of buttons for the row under the pointer. */
let lastPick = null;
list.addEventListener('click', event => {
  const pick = event.target.closest('.pick');
  if (pick) {
    const all = rows().map(each => $('.pick', each));
    const [from, to] = [all.indexOf(lastPick), all.indexOf(pick)].sort((one, other) => one - other);
    if (event.shiftKey && from >= 0) all.slice(from, to + 1).forEach(each => { each.checked = pick.checked; });
    lastPick = pick;
    count();
  }
  const link = event.target.closest('[data-all],[data-none]');
  if (!link) return;
  event.preventDefault();
  tick(rows(), 'all' in link.dataset);
});
count();
if (matchMedia('(hover:hover)').matches) {
  const buttons = make('span', { className: 'acts' });
  for (const original of $$('.bulk>[name=do]').filter(button => ['archive', 'inbox', 'trash', 'unread'].includes(button.value))) {
    const button = original.cloneNode(true);
    button.type = 'button';
    button.tabIndex = -1;
    button.removeAttribute('aria-keyshortcuts');
    button.onclick = () => act(original, [rowOf(buttons)]);
    buttons.append(button);
  }
  list.addEventListener('pointerover', event => {
    const under = rowOf(event.target);
    if (under && buttons.parentElement !== under) under.append(buttons);
  });
}

/* Keys: on the chosen rows where there are any, else on what is open. */
function move(by) {
  const all = rows();
  const at = all.indexOf(row());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + by))];
  if (next) $('a', next).focus();
}
function onChosen(key, does) {
  const otherwise = keys[key];
  keys[key] = () => chosen().length ? does(chosen()) : otherwise?.();
}
for (const [key, name] of Object.entries({ e: 'e', y: 'e', '#': '#', Delete: '#', '!': '!', I: 'Shift+I', U: 'Shift+U' })) {
  onChosen(key, those => act($(`.bulk [aria-keyshortcuts="${name}"]`), those));
}
onChosen('s', those => those.length > 1 ? act($('.bulk [value=star]'), those) : $('.star', those[0]).click());
onChosen('v', those => {
  tick(those, true);
  follow('.bulk [data-more]');
});
const { Escape: back, o: open } = keys;
Object.assign(keys, {
  j: () => move(1),
  k: () => move(-1),
  o: () => d.activeElement?.matches('.lead') ? open() : row() && $('a', row()).click(),
  x: () => row() && $('.pick', row()).click(),
  z: () => undo(),
  Escape: () => picks().length ? tick(rows(), false) : back(),
});

/* Swipes: right archives, left deletes. Where a finger goes up or down it scrolls instead, and the edges are the system's. */
const EDGE = 24;
const FAR = .35;
const verb = make('span', { className: 'verb', ariaHidden: true });
let swipe = null;
function begin(event) {
  const under = rowOf(event.target);
  drop();
  if (!under || !event.isPrimary || event.pointerType !== 'touch' || Math.min(event.clientX, innerWidth - event.clientX) < EDGE) return;
  swipe = { row: under, x: event.clientX, y: event.clientY };
}
function pull(event) {
  if (!swipe) return;
  const by = event.clientX - swipe.x;
  if (Math.abs(event.clientY - swipe.y) > Math.max(20, Math.abs(by) / 2)) return drop();
  swipe.button = $(`.bulk [name=do][value=${by > 0 ? 'archive' : 'trash'}]`);
  if (!swipe.button || Math.abs(by) < 10) return rest();
  swipe.isFar = Math.abs(by) >= FAR * swipe.row.clientWidth;
  verb.className = `verb ${swipe.button.value}${swipe.isFar ? ' far' : ''}`;
  verb.replaceChildren($('svg', swipe.button).cloneNode(true), $('.vh', swipe.button).textContent);
  swipe.row.append(verb);
  swipe.row.style.setProperty('--by', by + 'px');
}
function rest() {
  verb.remove();
  swipe.row.style.removeProperty('--by');
  swipe.isFar = false;
}
function drop() {
  if (swipe) rest();
  swipe = null;
}
function release() {
  if (!swipe) return;
  const { row: swiped, button, isFar } = swipe;
  drop();
  if (isFar) act(button, [swiped]);
}
if (!isOff('swipe')) {
  const listen = { pointerdown: begin, pointermove: pull, pointerup: release, pointercancel: drop };
  for (const [name, does] of Object.entries(listen)) list.addEventListener(name, does);
  const whole = () => list.classList.toggle('swipes', visualViewport.scale === 1); // a magnified page is moved by a finger, not sorted
  visualViewport.addEventListener('resize', whole);
  whole();
}
