-- How many deliveries are in each state, kept by whoever changes one: to count the rows of a tenant
-- would take seconds. By day, so that a day can be forgotten with its partition; in shards, so that
-- connections do not wait for one another: only the sum of the shards means anything.
create table delivery_counts (
  tenant text not null,
  day date not null,
  state text not null,
  shard integer not null,
  n bigint not null,
  primary key (tenant, day, state, shard)
) with (fillfactor = 50);

insert into delivery_counts
select tenant, (created_at at time zone 'UTC')::date, state, 0, count(*)
from deliveries group by 1, 2, 3;

-- One move a row, in arrays: from no state when it is new.
create function count_moves(tenants text[], times timestamptz[], was text[], became text[])
returns void language sql as $$
  insert into delivery_counts as counted (tenant, day, state, shard, n)
  select tenant, day, state, pg_backend_pid() % 64, sum(n)
  from (
    select tenant, (at at time zone 'UTC')::date as day, move.state, move.n
    from unnest(tenants, times, was, became) as moved (tenant, at, before, after)
    cross join lateral (values (after, 1), (before, -1)) as move (state, n)
    where before is distinct from after and move.state is not null
  ) moves
  group by 1, 2, 3
  having sum(n) <> 0
  order by 1, 2, 3
  on conflict (tenant, day, state, shard) do update set n = counted.n + excluded.n
$$;

grant select, insert, update on delivery_counts to postrider_api, postrider_system;
alter table delivery_counts enable row level security;
alter table delivery_counts force row level security;
create policy own on delivery_counts to postrider_api
  using (tenant = (select nullif(current_setting('app.tenant', true), '')))
  with check (tenant = (select nullif(current_setting('app.tenant', true), '')));
create policy system on delivery_counts to postrider_system using (true) with check (true);
