// Accounts: the list and one of them.
import { useParams, useSearch } from '@tanstack/react-router';
import { CustomersPage } from '../customers/list';
import { CustomerPage } from '../customers/page';

export function AccountsPage() {
  return <CustomersPage kind="account" search={useSearch({ from: '/accounts' })} />;
}

export function AccountPage() {
  const { id } = useParams({ from: '/accounts/$id' });
  return <CustomerPage key={id} kind="account" id={id} />;
}
