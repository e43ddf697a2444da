-- The peer of search: the same contacts as one text each under a trigram index, and the same queries. Both come on
-- standard input behind this text (postgres). As somebody would write it: every word must be in the text, or, where a
-- word is mistyped, something alike; what is most alike comes first, then what is newer. And once more without that
-- order, as they come by number, which is less than was asked for.
create extension if not exists pg_trgm;
create table contact (n bigint primary key, text text not null);
create table asked (n int primary key, kind text, typed text, typo boolean, ms double precision,
                    plain_ms double precision);
\copy contact from pstdin
\copy asked (n, kind, typed, typo) from pstdin
set maintenance_work_mem = '512MB';
create index on contact using gin (text gin_trgm_ops);
vacuum analyze contact;
create function find(typed text, typo boolean, ranked boolean) returns bigint language plpgsql as $$
declare
  condition text;
  found bigint;
begin
  if typo then
    condition := format('%L <%% text', typed);
  else
    select string_agg(format('text like %L', '%' || word || '%'), ' and ') into condition
      from regexp_split_to_table(typed, '\s+') word;
  end if;
  execute format('select count(*) from (select n from contact where %s order by %s n desc limit 20) t', condition,
    case when ranked then format('word_similarity(%L, text) desc,', typed) else '' end) into found;
  return found;
end $$;
do $$
declare
  a record;
  begin_at timestamptz;
  ranked boolean;
  taken double precision;
begin
  for a in select * from asked order by n loop
    for ranked in select unnest(array[true, false]) loop
      begin_at := clock_timestamp();
      perform find(a.typed, a.typo, ranked);
      taken := extract(epoch from clock_timestamp() - begin_at) * 1000;
      update asked set ms = case when ranked then taken else ms end, plain_ms = case when ranked then plain_ms else taken end
        where n = a.n;
    end loop;
  end loop;
end $$;
\pset tuples_only on
\pset format unaligned
select 'kind ' || kind || ': p50 ' || round((percentile_cont(0.5) within group (order by ms))::numeric, 3) || ' ms, slowest '
  || round(max(ms)::numeric, 3) || ' ms' from asked group by kind;
select 'kind all without order: p50 ' || round((percentile_cont(0.5) within group (order by plain_ms))::numeric, 3) || ' ms, p99 '
  || round((percentile_cont(0.99) within group (order by plain_ms))::numeric, 3) || ' ms' from asked;
select 'all ' || percentile_cont(0.5) within group (order by ms) || ' ' || percentile_cont(0.99) within group (order by ms)
  from asked;
