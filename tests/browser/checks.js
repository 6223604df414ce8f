/* What the looks of a page are judged by, from inside the page. Each function answers with what is wrong, one line each. */
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isShown = element => element.getClientRects().length > 0 && element.checkVisibility({ visibilityProperty: true });
  const nameOf = element => element.outerHTML.replace(/\s+/g, ' ').slice(0, 90);

  const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  const drawer = () => document.querySelector(':popover-open') ?? document;
  const stops = () => all(CONTROLS, drawer()).filter(element => element.tabIndex >= 0 && !element.disabled && isShown(element));

  /* Contrast */
  const channels = color => color.match(/[\d.]+/g).map(Number);
  const over = (above, below) => {
    const [r, g, b, alpha = 1] = channels(above);
    const [x, y, z] = below;
    return [r * alpha + x * (1 - alpha), g * alpha + y * (1 - alpha), b * alpha + z * (1 - alpha)];
  };
  const ground = element => {
    const layers = [];
    for (; element; element = element.parentElement) layers.push(getComputedStyle(element).backgroundColor);
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const light = rgb => {
    const [r, g, b] = rgb.map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ratio = (color, below) => {
    const [a, b] = [light(over(color, below)), light(below)];
    return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  };
  const poor = (what, color, below, least) => ratio(color, below) < least ? [`${what}: ${ratio(color, below).toFixed(2)}`] : [];

  function texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (walker.currentNode.data.trim() && isShown(element) && !element.closest('.vh, noscript, :disabled, [aria-disabled=true]')) {
        found.push([walker.currentNode.data.trim().slice(0, 60), element]);
      }
    }
    return found;
  }
  const poorText = () => texts().flatMap(([words, element]) => poor(words, getComputedStyle(element).color, ground(element), 4.5));
  const poorFields = () => all('input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), textarea, select').filter(isShown).flatMap(field => [
    ...poor(nameOf(field), getComputedStyle(field).color, ground(field), 4.5),
    ...(field.placeholder ? poor(`placeholder of ${nameOf(field)}`, getComputedStyle(field, '::placeholder').color, ground(field), 4.5) : []),
    ...(field.matches('.in') ? poor(`edge of ${nameOf(field)}`, getComputedStyle(field).borderTopColor, ground(field.parentElement), 3) : []),
  ]);
  const poorSigns = () => [
    ...all('a svg, button svg, summary svg, label svg').filter(isShown).flatMap(sign => poor(nameOf(sign), getComputedStyle(sign).color, ground(sign), 3)),
    ...all('.new').filter(isShown).flatMap(row => poor('unread dot', getComputedStyle(row, '::before').backgroundColor, ground(row), 3)),
    ...all('.btn').filter(isShown).filter(button => getComputedStyle(button).borderTopColor !== 'rgba(0, 0, 0, 0)').flatMap(button =>
      poor(`edge of ${nameOf(button)}`, getComputedStyle(button).borderTopColor, ground(button.parentElement), 3)),
  ];

  /* Size and place */
  const targetOf = control => {
    const label = control.matches('[type=checkbox], [type=radio], [type=file]') && (control.closest('label') ?? document.querySelector(`label[for="${CSS.escape(control.id)}"]`));
    return (label && isShown(label) ? label : control).getBoundingClientRect();
  };
  const INLINE = '.body p *, .note span a, dd a, .hint a, .wrap > p a, .vh'; // WCAG 2.5.8: a target within a sentence
  const smallTargets = () => all('a[href], button, summary, input:not([type=hidden]), select, textarea')
    .filter(control => isShown(control) && !control.matches(INLINE))
    .map(control => [nameOf(control), targetOf(control)])
    .filter(([, box]) => box.width < 24 || box.height < 24)
    .map(([name, box]) => `${name} is ${box.width.toFixed(1)} x ${box.height.toFixed(1)}`);

  const sideways = () => [document.documentElement, ...all('main, .under, .rail, .toasts, .list')]
    .filter(pane => isShown(pane) && pane.scrollWidth > pane.clientWidth)
    .map(pane => `${pane.tagName}.${pane.className} is ${pane.scrollWidth - pane.clientWidth} px too wide`);

  const unevenRows = () => {
    const heights = all('.row').filter(isShown).map(row => row.getBoundingClientRect().height);
    const least = Math.min(...heights), most = Math.max(...heights);
    return most - least > 1 ? [`rows are ${least.toFixed(1)} to ${most.toFixed(1)} px high`] : []; // fonts differ by parts of a pixel
  };
  const cutAddresses = () => all('.msg[open] .addr').filter(isShown).filter(address => {
    const [box, pane] = [address.getBoundingClientRect(), address.closest('.msg').getBoundingClientRect()];
    return box.left < pane.left || box.right > pane.right || address.scrollWidth > address.clientWidth + 1 || box.height < 14;
  }).map(nameOf);

  /* Focus */
  const isFloating = element => {
    for (; element; element = element.parentElement) if (/fixed|sticky/.test(getComputedStyle(element).position)) return element;
    return null;
  };
  const outOfOrder = () => {
    const order = stops().filter(stop => !isFloating(stop) && !stop.closest('.vh'));
    const wrong = all('[tabindex]').filter(element => element.tabIndex > 0).map(element => `tabindex of ${nameOf(element)}`);
    for (let n = 1; n < order.length; n++) {
      const [a, b] = [order[n - 1], order[n]].map(stop => stop.getBoundingClientRect());
      const backOnTheLine = b.right <= a.left && b.top < a.bottom - a.height / 2 && b.bottom > a.top;
      if (getComputedStyle(order[n]).direction === 'ltr' && (backOnTheLine || (b.bottom <= a.top && b.left < a.right))) {
        wrong.push(`${nameOf(order[n])} comes after ${nameOf(order[n - 1])}`);
      }
    }
    return wrong;
  };
  const coveredBy = (stop, x, y) => {
    const top = document.elementFromPoint(x, y);
    const bar = top && !top.contains(stop) && !stop.contains(top) ? isFloating(top) : null;
    return bar && !bar.contains(stop) ? bar : null;
  };
  const isHidden = stop => {
    const box = stop.getBoundingClientRect();
    const [top, bottom, x] = [Math.max(box.top, 0) + 3, Math.min(box.bottom, innerHeight) - 3, (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2];
    if (top > bottom + 6) return true;
    const covered = [top, (top + bottom) / 2, bottom].map(y => coveredBy(stop, x, y));
    return box.height < innerHeight / 2 ? covered.some(Boolean) : covered.every(Boolean);
  };
  const hiddenFocus = () => {
    const [before, forth] = [document.activeElement, stops()];
    const wrong = [...forth, ...forth.toReversed()].filter(stop => (stop.focus(), document.activeElement === stop && isHidden(stop)));
    (before === document.body ? document.activeElement.blur() : before.focus());
    scrollTo(0, 0);
    return [...new Set(wrong)].map(stop => `${nameOf(stop)} is hidden when it has the focus`);
  };

  /* WCAG 1.4.12, by a sheet that no policy of the page forbids */
  const spaced = new CSSStyleSheet();
  spaced.replaceSync('*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}');
  const spaceOut = on => void (document.adoptedStyleSheets = on ? [spaced] : []);

  window.checks = { poorText, poorFields, poorSigns, smallTargets, sideways, unevenRows, cutAddresses, outOfOrder, hiddenFocus, spaceOut };
})();
