-- The peer of rollup: the same people and deals as they are, and what a quarter comes to for the one above all, by whoever
-- is directly below. Both come on standard input behind this text (postgres). The median of nine, timed inside of it.
create table person (id int primary key, parent int not null);
create table deal (owner int not null, month int not null, category int not null, amount bigint not null,
                   probability int not null);
\copy person from pstdin
\copy deal from pstdin
create index on deal (month, owner);
vacuum analyze person;
vacuum analyze deal;
create table taken (ms double precision, deals bigint);
do $$
declare
  begin_at timestamptz;
  found bigint;
begin
  for i in 1..9 loop
    begin_at := clock_timestamp();
    with recursive part as (
      select id, id as part from person where parent <= 0
      union all
      select p.id, part.part from person p join part on p.parent = part.id and p.parent > 0)
    select sum(deals) into found from (
      select part, category, count(*) as deals, sum(amount) as amount, sum(amount * probability / 100) as weighted
        from deal join part on part.id = deal.owner where month between 24321 and 24323 group by part, category) t;
    insert into taken values (extract(epoch from clock_timestamp() - begin_at) * 1000, found);
  end loop;
end $$;
\pset tuples_only on
\pset format unaligned
select 'all ' || percentile_cont(0.5) within group (order by ms) || ' ' || max(deals) from taken;
