// Contacts: the list and one of them.
import { useParams, useSearch } from '@tanstack/react-router';
import { CustomersPage } from '../customers/list';
import { CustomerPage } from '../customers/page';

export function ContactsPage() {
  return <CustomersPage kind="contact" search={useSearch({ from: '/contacts' })} />;
}

export function ContactPage() {
  const { id } = useParams({ from: '/contacts/$id' });
  return <CustomerPage key={id} kind="contact" id={id} />;
}
