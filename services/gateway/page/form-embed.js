// In somebody else's page: shows the form in a frame as high as it is, where the script stands.
(() => {
  const CAMPAIGN = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'referrer'];
  const script = document.currentScript;
  const address = new URL(script.src);
  const here = new URLSearchParams(location.search);
  address.pathname = address.pathname.replace(/\/embed\.js$/, '');
  address.search = '';
  for (const name of CAMPAIGN) if (here.get(name)) address.searchParams.set(name, here.get(name));
  if (!address.searchParams.has('referrer') && document.referrer)
    address.searchParams.set('referrer', document.referrer.split(/[?#]/)[0]);

  const frame = document.createElement('iframe');
  frame.src = address.href;
  frame.title = script.dataset.title || 'Form';
  frame.style.cssText = 'width: 100%; height: 40rem; border: 0';
  script.after(frame);
  addEventListener('message', (event) => {
    const height = event.data?.batonFormHeight;
    if (event.source !== frame.contentWindow || event.origin !== address.origin || !Number.isFinite(height)) return;
    frame.style.height = `${Math.min(Math.max(height, 100), 10000)}px`;
  });
})();
