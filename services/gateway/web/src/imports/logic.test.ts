import { expect, test } from 'vitest';
import { AccountType } from '../gen/baton/v1/contacts_pb';
import { bare, chosen, guess, keyOf, nameOf, rowOf } from './logic';
import { charsetOf, csvOf, tableOf, Unreadable } from './read';

const bytes = (text: string) => new TextEncoder().encode(text);
const people = (name: string) => (name === 'ann@here.example' ? 'u1' : undefined);

test('columns are known by their names, in the languages of lists', () => {
  expect(guess(['Vorname', 'Nachname', 'Firma', 'E-Mail', 'Straße', 'PLZ', 'Farbe'], 'contact'))
    .toEqual(['firstName', 'lastName', '@company', 'email', 'mailingAddress.street', 'mailingAddress.postalCode', '']);
  expect(guess(['公司名稱', '電話', '網站', '員工數'], 'account')).toEqual(['name', 'phone', 'website', 'numberOfEmployees']);
  expect(guess(['Name', 'baton_reason'], 'contact')).toEqual(['@name', '']);
  expect(guess(['Name', 'Last name'], 'contact')).toEqual(['', 'lastName']);
  expect(guess(['phone', 'Telefon'], 'account')).toEqual(['phone', '']);
  expect(chosen(['email', ''], 1, 'email')).toEqual(['', 'email']);
});

test('names, and cells of spreadsheets', () => {
  expect(nameOf('Ada van Dyke')).toEqual({ firstName: 'Ada van', lastName: 'Dyke' });
  expect(nameOf('van Dyke, Ada')).toEqual({ firstName: 'Ada', lastName: 'van Dyke' });
  expect(nameOf('Dyke')).toEqual({ lastName: 'Dyke' });
  expect(["'=1+1", "'+49 30", "'s Gravenhage", '=1'].map(bare)).toEqual(['=1+1', '+49 30', "'s Gravenhage", '=1']);
});

test('a row is what its columns say, or why it is not', () => {
  const row = (targets: string[], ...cells: string[]) => rowOf({ kind: 'account', form: 'csv', targets, ownerId: 'me' }, { line: 2, cells }, people);
  expect(row(['name', 'annualRevenue', 'type', 'billingAddress.city', 'tags', 'ownerId'], 'Acme', "1'200'000", 'Reseller', 'Ulm', 'a; b', 'ann@here.example').row)
    .toEqual({ account: { name: 'Acme', annualRevenue: 1200000n, type: AccountType.RESELLER, billingAddress: { city: 'Ulm' }, tags: ['a', 'b'], ownerId: 'u1' } });
  expect(row(['numberOfEmployees'], 'many').unfit).toEqual({ target: 'numberOfEmployees', why: 'number' });
  expect(row(['ownerId'], 'Nobody').unfit).toEqual({ target: 'ownerId', why: 'person' });
  expect(rowOf({ kind: 'contact', form: 'csv', targets: ['@name', '@company', 'birthday'] }, { line: 2, cells: ['Ada Able', 'Acme', '24.12.1980'] }, people).row)
    .toEqual({ contact: { firstName: 'Ada', lastName: 'Able', birthday: '1980-12-24' }, accountName: 'Acme' });
  expect([keyOf({ contact: { email: 'A@b.example ' } }), keyOf({ account: { name: 'Acme' } }), keyOf({ contact: { lastName: 'X' } })]).toEqual(['a@b.example', 'acme', undefined]);
});

test('files are tables, whatever they are', () => {
  expect(tableOf(bytes('name;city\r\n"Acme; Ltd";Ulm\r\n\r\n'), 'utf-8')).toMatchObject({ form: 'csv', columns: ['name', 'city'], rows: [{ line: 2, cells: ['Acme; Ltd', 'Ulm'] }] });
  expect(tableOf(bytes('{"name":"Acme","billingAddress":{"city":"Ulm"}}\nnone\n'), 'utf-8'))
    .toMatchObject({ form: 'json', columns: ['name', 'billingAddress.city'], rows: [{ cells: ['Acme', 'Ulm'] }, { line: 2, problem: 'json' }] });
  expect(charsetOf(new Uint8Array([0x4d, 0xfc, 0x6c]), 'en')).toBe('windows-1252');
  for (const [text, why] of [['PK\u0003\u0004', 'spreadsheet'], ['<a>', 'markup'], ['[1]', 'array'], ['name\n', 'empty']] as const) {
    expect(() => tableOf(bytes(text), 'utf-8')).toThrow(new Unreadable(why));
  }
});

test('vCards', () => {
  const card = (lines: string) => `BEGIN:VCARD\r\n${lines}\r\nEND:VCARD\r\n`;
  const { rows, columns } = tableOf(bytes(card('VERSION:3.0\r\nN:Able;Ada;;Dr.;\r\nFN:Dr. Ada Able\r\nORG:Acme;Sales\r\nEMAIL;TYPE=work:ada@acme.example\r\nTEL;TYPE=CELL:+49 170 1\r\nTEL;TYPE=WORK:+49 30 1\r\n'
    + 'ADR;TYPE=WORK:;;Weg 1;Ulm;BW;89073;Germany\r\nUID:u-1') + card('VERSION:2.1\r\nN:Old;One') + card('VERSION:4.0\r\nFN:Acme')), 'utf-8');
  const said = Object.fromEntries(columns.map((name, i) => [name, rows[0]?.cells[i]]));
  expect(said).toMatchObject({ 'Last name': 'Able', 'First name': 'Ada', Salutation: 'Dr.', Company: 'Acme', Department: 'Sales', 'E-mail': 'ada@acme.example', Phone: '+49 30 1', Mobile: '+49 170 1',
    Street: 'Weg 1', City: 'Ulm', 'Postal code': '89073', Country: 'Germany', UID: 'u-1' });
  expect(rows[1]?.problem).toBe('card21');
  expect(columns).not.toContain('Website');
  expect(rows[2]?.cells.slice(0, 5)).toEqual(['', '', '', 'Acme', 'Acme']);
});

test('what is set aside can be brought in again', () => {
  const file = csvOf(['name', 'phone'], [{ row: { line: 3, cells: ['A "b"', '+49'] }, reason: 'no' }]);
  expect(file).toBe('"name","phone","baton_reason","baton_line"\r\n"A ""b""","\'+49","no","3"');
});
