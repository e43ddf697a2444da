-- The peer of intake: one stored procedure that does what Baton does with a lead, in one transaction.
create table rep (id int primary key, name text not null, weight int not null, given bigint not null default 0,
                  open bigint not null default 0) with (fillfactor = 10);
create table device (id int primary key, rep_id int not null);
create index on device (rep_id);
create table rule (position int primary key, country text);
create table inbox (request_id uuid primary key, lead_id bigint not null);
create table lead (id bigint generated always as identity primary key, received_at timestamptz not null, owner_id int not null,
                   status text not null, response_due_at timestamptz not null, company text, first_name text, last_name text,
                   email text, phone text, city text, country text, source text, message text);
create index on lead (owner_id, id);
create index on lead (response_due_at);
create table original (lead_id bigint primary key, content_type text not null, body bytea not null);
create table event (seq bigint generated always as identity primary key, at timestamptz not null, kind text not null, payload jsonb not null);
create table decision (lead_id bigint not null, number int not null, rule int, owner_id int not null, runner_up_id int,
                       candidates bytea, reason text, primary key (lead_id, number));
create table notification (id bigint generated always as identity primary key, rep_id int not null, lead_id bigint not null,
                           title text not null, body text not null, created_at timestamptz not null);
create index on notification (rep_id, id);
create table delivery (notification_id bigint not null, device_id int not null, delivered_at timestamptz,
                       primary key (notification_id, device_id));

insert into rep (id, name, weight) select i, 'rep' || i, 1 + (i - 1) % 3 from generate_series(1, 35) i;
insert into device select i, i from generate_series(1, 35) i;
insert into rule select i, (array['Germany','France','Spain','Italy','Sweden','Poland','Japan','Canada','Kenya',null])[i]
  from generate_series(1, 10) i;

create function capture_lead(request uuid, n bigint, land text, body text) returns bigint language plpgsql as $$
declare
  moment timestamptz := clock_timestamp();
  rule_found int;
  chosen rep;
  next_one int;
  lead_id bigint;
  notification_id bigint;
  why text;
begin
  select i.lead_id into lead_id from inbox i where i.request_id = request;
  if found then
    return lead_id;
  end if;
  select position into rule_found from rule where country is null or country = land order by position limit 1;
  -- Who is being given one at this moment is passed over: waiting for them would make commits wait for one another,
  -- which costs three quarters of the speed. The share is made up for at the next lead.
  select * into chosen from rep order by (given + 1)::float8 / weight, id limit 1 for update skip locked;
  if not found then
    select * into chosen from rep order by (given + 1)::float8 / weight, id limit 1 for update;
  end if;
  select id into next_one from rep where id <> chosen.id order by (given + 1)::float8 / weight, id limit 1;
  update rep set given = given + 1, open = open + 1 where id = chosen.id;
  why := format('Rule %s matched; %s is furthest behind their share; rep%s is next.', rule_found, chosen.name, next_one);
  insert into lead (received_at, owner_id, status, response_due_at, company, first_name, last_name, email, phone, city, country,
                    source, message)
    values (moment, chosen.id, 'assigned', moment + interval '1 hour', format('Lot %s GmbH', n), 'Anna', 'Lindqvist',
            format('anna.%s@buyer.example', n), '+49 30 1234567', 'Berlin', land, 'web form',
            'We need an offer before the end of the month. Please call in the morning.')
    returning id into lead_id;
  insert into original values (lead_id, 'application/json', convert_to(body, 'UTF8'));
  insert into event (at, kind, payload) values (moment, 'lead_assigned',
    jsonb_build_object('lead', lead_id, 'owner', chosen.id, 'rule', rule_found, 'reason', why));
  insert into decision values (lead_id, 1, rule_found, chosen.id, next_one, '\xffffffffff'::bytea, why);
  insert into notification (rep_id, lead_id, title, body, created_at)
    values (chosen.id, lead_id, format('New lead: Anna Lindqvist, Lot %s GmbH', n), why, moment) returning id into notification_id;
  insert into delivery select notification_id, d.id, null from device d where d.rep_id = chosen.id;
  insert into inbox values (request, lead_id);
  return lead_id;
end $$;
