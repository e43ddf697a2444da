// What is shown of a lead, in words.

const SHOWN = [
  ['E-mail', (l) => l.email],
  ['Phone', (l) => l.phone],
  ['Mobile', (l) => l.mobilePhone],
  ['Website', (l) => l.website],
  ['Title', (l) => l.title],
  ['Address', (l) => addressOf(l.address)],
  ['Industry', (l) => l.industry],
  ['Interested in', (l) => l.productInterest],
  ['Employees', (l) => numberOf(l.numberOfEmployees)],
  ['Revenue', (l) => numberOf(l.annualRevenue)],
  ['Language', (l) => l.language],
  ['Source', (l) => l.leadSource],
  ['Campaign', (l) => l.campaignId],
  ['Please', (l) => [l.doNotCall && 'do not call', l.hasOptedOutOfEmail && 'do not e-mail'].filter(Boolean).join(', ')],
  ['Received', (l) => momentOf(l.receivedAt)],
  ['Accept by', (l) => l.status === 'LEAD_STATUS_ASSIGNED' && momentOf(l.responseDueAt)],
  ['Complete', (l) => l.completeness !== undefined && `${l.completeness} of 100`],
  ['Looks odd', (l) => (l.flags ?? []).join('; ')],
];

const STATUS = {
  LEAD_STATUS_NEW: 'new',
  LEAD_STATUS_ASSIGNED: 'waiting to be accepted',
  LEAD_STATUS_WORKING: 'in work',
  LEAD_STATUS_CONVERTED: 'converted',
  LEAD_STATUS_RECYCLED: 'recycled',
  LEAD_STATUS_DEAD: 'dead',
  LEAD_STATUS_MERGED: 'merged',
  LEAD_STATUS_REJECTED: 'rejected',
};

function addressOf(a) {
  if (!a) return '';
  const city = [a.postalCode, a.city].filter(Boolean).join(' ');
  return [a.street, city, a.state, a.country].filter(Boolean).join(', ');
}

function numberOf(text) {
  return text === undefined ? '' : Number(text).toLocaleString();
}

// What a user can choose for.
export const CLASS = {
  NOTIFICATION_CLASS_LEAD_ASSIGNED: 'A new lead',
  NOTIFICATION_CLASS_LEAD_REASSIGNED: 'A lead handed on to me',
  NOTIFICATION_CLASS_LEAD_MERGED: 'The same customer again',
  NOTIFICATION_CLASS_DEADLINE_NEAR: 'A deadline is near',
  NOTIFICATION_CLASS_DEADLINE_PASSED: 'A deadline has passed',
  NOTIFICATION_CLASS_LEAD_ESCALATED: 'My team does not answer',
  NOTIFICATION_CLASS_LEAD_CONVERTED: 'My team made a customer',
  NOTIFICATION_CLASS_HEADS_UP: 'What I follow, and announcements',
  NOTIFICATION_CLASS_DIGEST: 'The daily summary',
  NOTIFICATION_CLASS_SYSTEM_ALERT: 'Something is set up wrongly',
};

export function momentOf(text) {
  if (!text) return '';
  const at = new Date(text), today = new Date().toDateString() === at.toDateString();
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return today ? `today, ${time}` : `${at.toLocaleDateString([], { weekday: 'short', day: 'numeric', month: 'short' })}, ${time}`;
}

export function nameOf(lead) {
  const person = [lead.salutation, lead.firstName, lead.lastName].filter(Boolean).join(' ');
  return person || lead.company || lead.email || lead.phone || lead.mobilePhone || lead.website || 'Somebody';
}

export const statusOf = (lead) => STATUS[lead.status] ?? '';

// The short line under the name: what the name does not say yet.
export function factsOf(lead) {
  const city = [lead.address?.city, lead.address?.country].filter(Boolean).join(', ');
  return [lead.company, lead.productInterest, city, lead.leadSource && `from ${lead.leadSource}`]
    .filter((text) => text && text !== nameOf(lead));
}

export function rowsOf(lead) {
  return SHOWN.map(([label, of]) => [label, of(lead)]).filter(([, text]) => text);
}

export function remainingText(ms) {
  const late = ms < 0, s = Math.floor(Math.abs(ms) / 1000);
  const minutes = Math.floor(s / 60), hours = Math.floor(minutes / 60);
  const text = hours >= 48 ? `${Math.floor(hours / 24)} d`
    : hours >= 1 ? `${hours}:${String(minutes % 60).padStart(2, '0')} h`
    : `${String(minutes).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`;
  return late ? `−${text}` : text;
}
