// Asking for what a sales call needs and nobody knows yet.
import { change } from './api.js';
import { make } from './dom.js';

const LABEL = {
  email: 'E-mail',
  phone: 'Phone',
  last_name: 'Last name',
  company: 'Company',
  product_interest: 'Interested in',
  'address.country': 'Country',
  title: 'Title',
  message: 'What they want',
  industry: 'Industry',
  'address.city': 'City',
  number_of_employees: 'Employees',
};

// `last_name` as { lastName: text }, `address.city` as { address: { city: text } }.
function put(lead, field, text) {
  const path = field.split('.').map((name) => name.replace(/_(.)/g, (_, c) => c.toUpperCase()));
  const last = path.pop();
  path.reduce((at, name) => (at[name] ??= {}), lead)[last] = text;
}

// `saved` gets the lead as it then is.
export function missingForm(lead, saved) {
  const form = make('form', 'missing'), wrong = make('p', 'wrong');
  form.append(make('h3', '', `Still missing (${lead.completeness ?? 0} of 100 known)`));
  for (const field of lead.missing) {
    const label = make('label', '', LABEL[field] ?? field), input = make('input');
    input.name = field;
    if (field === 'number_of_employees') input.inputMode = 'numeric';
    label.append(input);
    form.append(label);
  }
  wrong.hidden = true;
  wrong.setAttribute('role', 'alert');
  form.append(wrong, make('button', 'primary', 'Save'));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const values = {};
    for (const [field, text] of new FormData(form)) if (text.trim()) put(values, field, text.trim());
    try {
      saved((await change('LeadService/UpdateLead', { id: lead.id, revision: lead.revision, lead: values })).lead);
    } catch (error) {
      wrong.textContent = error.message;
      wrong.hidden = false;
    }
  });
  return form;
}
