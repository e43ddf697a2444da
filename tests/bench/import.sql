-- The peer of import-leads: a file copied in, normalised, and each row matched with those before it, in one transaction.
-- The file comes on standard input behind this text (postgres).
create extension if not exists fuzzystrmatch;
create table staging (n bigint, first_name text, last_name text, company text, email text, phone text, city text, country text,
                      message text);
create table imported (n bigint primary key, first_name text, last_name text, company text, email text, phone text, city text,
                       country text, message text, email_key text, phone_key text, merged_into bigint);
create index on imported (email_key);
create index on imported (phone_key);
create function contradicts(a text, b text) returns boolean language sql immutable as
  $$ select a is not null and b is not null and levenshtein(lower(a), lower(b)) > greatest(length(a), length(b)) / 3 $$;
checkpoint;
\timing on
begin;
\copy staging from pstdin csv
insert into imported select n, first_name, last_name, company, email, phone, city, country, message,
    regexp_replace(lower(trim(email)), '\+[^@]*@', '@'), right(regexp_replace(phone, '\D', '', 'g'), 8)
  from staging;
analyze imported;
update imported l set merged_into = same.n from (
    select b.n as later, min(a.n) as n from imported b join imported a
        on a.n < b.n and a.email_key = b.email_key
          and not contradicts(a.last_name, b.last_name) and not contradicts(a.first_name, b.first_name)
      group by b.n
    union
    select b.n, min(a.n) from imported b join imported a
        on a.n < b.n and a.phone_key = b.phone_key
          and not contradicts(a.last_name, b.last_name) and not contradicts(a.first_name, b.first_name)
      group by b.n) same
  where l.n = same.later;
commit;
\timing off
select 'merged ' || count(*) from imported where merged_into is not null;
