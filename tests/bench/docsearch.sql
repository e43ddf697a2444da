-- Finding pages by what they say: PostgreSQL's full text with a GIN index over the same pages, as somebody would write it:
-- the best twenty by ts_rank, with the lines around what was found. Pages and queries come on standard input behind this
-- text (postgres). Words of Chinese have no spaces between them, so its text search finds none of them (the counts say so);
-- they are found by reading everything, a trigram being longer than a word.
create table page (n bigint primary key, document bigint not null, text text not null);
create table asked (n int primary key, kind text, typed text, found int, words int, ms double precision);
\copy page from pstdin
\copy asked (n, kind, typed) from pstdin
set maintenance_work_mem = '512MB';
alter table page add column words tsvector generated always as (to_tsvector('simple', text)) stored;
create index on page using gin (words);
vacuum analyze page;
create function find(kind text, typed text) returns int language plpgsql as $$
declare
  q tsquery := case kind when 'beginning' then to_tsquery('simple', typed || ':*') else websearch_to_tsquery('simple', typed) end;
  found int;
begin
  if kind = 'chinese' then
    select count(text) into found from (select text from page where text like '%' || typed || '%' order by n desc limit 20) t;
  else
    select count(shown) into found from (select ts_headline('simple', text, q) shown from (
      select text from page where words @@ q order by ts_rank(words, q) desc, n desc limit 20) best) t;
  end if;
  return found;
end $$;
do $$
declare
  a record;
  begin_at timestamptz;
  n_found int;
begin
  for a in select * from asked order by n loop
    begin_at := clock_timestamp();
    n_found := find(a.kind, a.typed);
    update asked set ms = extract(epoch from clock_timestamp() - begin_at) * 1000, found = n_found,
      words = case when a.kind = 'chinese' then (select count(*) from page where page.words @@ websearch_to_tsquery('simple', a.typed)) end
      where asked.n = a.n;
  end loop;
end $$;
\pset tuples_only on
\pset format unaligned
select 'kind ' || kind || ': p50 ' || round((percentile_cont(0.5) within group (order by ms))::numeric, 3) || ' ms, slowest '
  || round(max(ms)::numeric, 3) || ' ms, ' || count(*) filter (where found = 0) || ' found nothing'
  || case when kind = 'chinese' then ', ' || count(*) filter (where words = 0) || ' nothing by its text search' else '' end from asked group by kind;
select 'all ' || percentile_cont(0.5) within group (order by ms) filter (where kind <> 'chinese') || ' '
  || percentile_cont(0.99) within group (order by ms) filter (where kind <> 'chinese') || ' '
  || percentile_cont(0.5) within group (order by ms) filter (where kind = 'chinese') from asked;
