// Inside a form's page: tells the page around it how high it is.
const tell = () => {
  const batonFormHeight = Math.ceil(document.body.getBoundingClientRect().height);
  if (window.parent !== window) window.parent.postMessage({ batonFormHeight }, '*');
};
new ResizeObserver(tell).observe(document.body);
tell();
