-- The peer of search: the same contacts as one text each under a trigram index, and the same queries. Both come on
-- standard input behind this text (postgres). As somebody would write it: every word must be in the text, the newest
-- first; and where a word is mistyped, what is alike.
create extension if not exists pg_trgm;
create table contact (n bigint primary key, text text not null);
create table asked (n int primary key, kind text, typed text, typo boolean, ms double precision);
\copy contact from pstdin
\copy asked (n, kind, typed, typo) from pstdin
set maintenance_work_mem = '512MB';
create index on contact using gin (text gin_trgm_ops);
vacuum analyze contact;
create function find(typed text, typo boolean) returns bigint language plpgsql as $$
declare
  condition text;
  found bigint;
begin
  if typo then
    execute format('select count(*) from (select n from contact where %L <%% text
      order by word_similarity(%L, text) desc, n desc limit 20) t', typed, typed) into found;
  else
    select string_agg(format('text like %L', '%' || word || '%'), ' and ') into condition
      from regexp_split_to_table(typed, '\s+') word;
    execute format('select count(*) from (select n from contact where %s order by n desc limit 20) t', condition) into found;
  end if;
  return found;
end $$;
do $$
declare
  a record;
  begin_at timestamptz;
begin
  for a in select * from asked order by n loop
    perform find(a.typed, a.typo) where a.n < 20; -- to be warm
    begin_at := clock_timestamp();
    perform find(a.typed, a.typo);
    update asked set ms = extract(epoch from clock_timestamp() - begin_at) * 1000 where n = a.n;
  end loop;
end $$;
\pset tuples_only on
\pset format unaligned
select 'kind ' || kind || ': p50 ' || round((percentile_cont(0.5) within group (order by ms))::numeric, 3) || ' ms, slowest '
  || round(max(ms)::numeric, 3) || ' ms' from asked group by kind;
select 'all ' || percentile_cont(0.5) within group (order by ms) || ' ' || percentile_cont(0.99) within group (order by ms)
  from asked;
