// Asking why a lead is declined.
import { $, show } from './dom.js';

const REASONS = ['Not my area', 'No time today', 'Duplicate', 'Not a real request', 'I know them'];

// `send` gets the reason; what it throws is shown, and the question stays.
export function askReason(name, send) {
  const dialog = $('decline'), form = dialog.querySelector('form'), wrong = dialog.querySelector('.wrong');
  dialog.querySelector('h2').textContent = `Decline ${name}?`;
  form.reset();
  show(wrong, false);
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = 'yes';
    try {
      await send(form.reason.value.trim());
      dialog.close();
    } catch (error) {
      wrong.textContent = error.message;
      show(wrong);
    } finally {
      delete form.dataset.busy;
    }
  };
  dialog.showModal();
  form.reason.focus();
}

export function prepareReasons() {
  const dialog = $('decline'), field = dialog.querySelector('[name=reason]');
  for (const text of REASONS) {
    const chip = document.createElement('button');
    chip.type = 'button';
    chip.textContent = text;
    chip.addEventListener('click', () => {
      field.value = text;
      field.focus();
    });
    dialog.querySelector('.chips').append(chip);
  }
  dialog.querySelector('[value=cancel]').addEventListener('click', () => dialog.close());
}
