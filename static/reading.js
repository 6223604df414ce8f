// An open conversation: frames as high as their mails, folded messages that come alone, keys from message to message.
import { $, $$, follow, fragment, heard, keys, seen } from './postamt.js';
const d = document;

$('.under .row.on')?.scrollIntoView({ block: 'nearest' });

/* A rich message: a same-origin frame without scripts, so the height of its content can be read. */
const LONGEST = 20000;
function contentHeight(frame) {
  const { documentElement: page, body } = frame.contentDocument;
  const bar = page.scrollWidth > frame.clientWidth ? 18 : 2; // room for a scrollbar below what is too wide
  if (page.scrollHeight > frame.clientHeight) return page.scrollHeight + bar;
  const content = frame.contentDocument.createRange();
  content.selectNodeContents(body);
  return content.getBoundingClientRect().bottom + frame.contentWindow.scrollY + 16 + bar;
}
function fit(frame) {
  let width = 0;
  let chases = false; // what is as high as its frame grows with it, without end
  const grow = () => {
    if (!frame.contentDocument?.body || (chases && width === frame.clientWidth)) return;
    width = frame.clientWidth;
    frame.style.height = Math.min(contentHeight(frame), LONGEST) + 'px';
    chases = frame.contentDocument.documentElement.scrollHeight > frame.clientHeight;
  };
  frame.addEventListener('load', () => {
    chases = false;
    grow();
    if (frame.contentDocument?.body) new ResizeObserver(() => requestAnimationFrame(grow)).observe(frame.contentDocument.body);
  });
  if (frame.contentDocument?.URL !== 'about:blank') grow();
}
const fitAll = root => $$('iframe[data-fit]', root).forEach(fit);
fitAll(d);

/* A folded message comes alone instead of with the whole page; if anything goes wrong, the link is followed. */
async function unfold(link) {
  const message = link.closest('.msg');
  try {
    const answer = heard(await fetch(link.href, { headers: { 'X-Fragment': '1' } }));
    if (!answer.ok) throw new Error(answer.status);
    const opened = fragment(await answer.text());
    message.replaceWith(opened);
    fitAll(opened);
    $('.lead', opened).focus();
  } catch {
    location.assign(link.href);
  }
}
d.addEventListener('click', event => {
  const link = event.target.closest?.('a[data-unfold]');
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  unfold(link);
});

/* Asked for, the images come into the frame alone; the note that they are missing goes. */
d.addEventListener('submit', ({ target: form, submitter }) => {
  if (!form.matches('[data-images]') || submitter?.hasAttribute('formaction')) return;
  form.target = form.dataset.images;
  form.elements.next.disabled = true;
  form.closest('.note').hidden = true;
});

function move(by) {
  const leads = $$('.msg>.lead').filter(seen);
  const at = leads.indexOf(d.activeElement);
  leads[at < 0 ? (by > 0 ? 0 : leads.length - 1) : Math.max(0, Math.min(leads.length - 1, at + by))]?.focus();
}
Object.assign(keys, {
  n: () => move(1),
  p: () => move(-1),
  o: () => d.activeElement?.matches('.lead') && d.activeElement.click(),
});

/* Printed is what is there: with folded messages it is the page that opens them all. */
d.addEventListener('keydown', event => {
  if (event.key !== 'p' || !(event.ctrlKey || event.metaKey) || !$('[data-unfold]')) return;
  event.preventDefault();
  follow('[data-prints]');
});
addEventListener('beforeprint', () => $$('.older,.quote').forEach(folded => { folded.open = true; }));
if ('print' in d.body.dataset) print();
