-- The peer of import-contacts: a file copied in, its companies made accounts, and whoever has an e-mail address or a telephone
-- number of somebody further up left out, in one transaction. The file comes on standard input behind this text (postgres).
create table staging (n bigint, first_name text, last_name text, company text, email text, phone text, city text, country text);
create table accounts (id bigint generated always as identity primary key, name text, name_key text unique);
create table contacts (n bigint primary key, account_id bigint references accounts, first_name text, last_name text, email text,
                       phone text, city text, country text, email_key text, phone_key text);
create index on contacts (email_key);
create index on contacts (phone_key);
create index on contacts (account_id);
checkpoint;
\timing on
begin;
\copy staging from pstdin csv
insert into accounts (name, name_key) select min(company), lower(trim(company)) from staging group by lower(trim(company));
insert into contacts select s.n, a.id, s.first_name, s.last_name, s.email, s.phone, s.city, s.country, s.email_key, s.phone_key
  from (select *, lower(trim(email)) as email_key, regexp_replace(phone, '\D', '', 'g') as phone_key,
               row_number() over (partition by lower(trim(email)) order by n) as of_email,
               row_number() over (partition by regexp_replace(phone, '\D', '', 'g'), lower(first_name), lower(last_name)
                                  order by n) as of_phone
          from staging) s
  join accounts a on a.name_key = lower(trim(s.company))
  where s.of_email = 1 and s.of_phone = 1
    and not exists (select from contacts c where c.email_key = s.email_key);
commit;
\timing off
select 'made ' || count(*) from contacts;
