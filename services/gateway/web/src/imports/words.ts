// What the columns of lists are called elsewhere: a name without case, spaces and accents, and what it is to a contact
// and to an account. Our own names need no row.
export type Names = [contact: string, account: string];

export const FULL_NAME = '@name';
export const COMPANY = '@company';

const at = (part: string): Names => [`mailingAddress.${part}`, `billingAddress.${part}`];
const name: Names = ['', 'name'];
const company: Names = [COMPANY, 'name'];
const first: Names = ['firstName', ''];
const last: Names = ['lastName', ''];
const full: Names = [FULL_NAME, ''];
const id: Names = ['externalId', 'externalId'];

const ROWS: [Names, string][] = [
  [first, 'givenname forename vorname 名 名字'],
  [last, 'surname familyname nachname familienname 姓 姓氏'],
  [full, 'fullname displayname contact contactname ansprechpartner kontakt 姓名 聯絡人'],
  [[FULL_NAME, 'name'], 'name'],
  [['salutation', ''], 'anrede 稱謂'],
  [['title', ''], 'jobtitle position funktion 職稱'],
  [['department', ''], 'abteilung 部門'],
  [['birthday', ''], 'birthdate dateofbirth geburtstag geburtsdatum 生日'],
  [company, 'account accountname company companyname organisation organization customer firma firmenname unternehmen kunde 公司 公司名稱 客戶 客戶名稱'],
  [['', 'industry'], 'sector branche 產業'],
  [['', 'annualRevenue'], 'revenue umsatz jahresumsatz 營業額'],
  [['', 'numberOfEmployees'], 'employees headcount mitarbeiter 員工數'],
  [['', 'website'], 'web url homepage webseite 網站'],
  [['', 'type'], 'kind art 類型'],
  [['email', ''], 'mail emailaddress emailadresse 電子郵件 信箱'],
  [['phone', 'phone'], 'tel telephone telefon telefonnummer phonenumber businessphone 電話'],
  [['phone', ''], 'workphone'],
  [['mobilePhone', ''], 'mobile mobilenumber cell cellphone handy mobiltelefon 手機 行動電話'],
  [at('street'), 'street address streetaddress strasse adresse 地址'],
  [at('city'), 'city town ort stadt 城市'],
  [at('state'), 'state province bundesland 縣市'],
  [at('postalCode'), 'zip zipcode postalcode postcode plz postleitzahl 郵遞區號'],
  [at('country'), 'country land 國家'],
  [['ownerId', 'ownerId'], 'owner responsible zustandig 負責人'],
  [['tags', 'tags'], 'categories labels 標籤'],
  [id, 'id uid recordid externalid 編號'],
  [['externalId', ''], 'contactid'],
  [['', 'externalId'], 'accountid customerid kundennummer'],
  [name, 'displayname'],
];

export const normal = (header: string) => header.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').replace(/[^\p{L}\p{N}]/gu, '');

const WORDS = new Map<string, Names>();
for (const [[contact, account], words] of ROWS) {
  for (const word of words.split(' ')) WORDS.set(word, [contact || (WORDS.get(word)?.[0] ?? ''), account || (WORDS.get(word)?.[1] ?? '')]);
}

export const known = (header: string): Names | undefined => WORDS.get(normal(header));
