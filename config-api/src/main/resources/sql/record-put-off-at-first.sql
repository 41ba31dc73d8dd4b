-- One row a report, of deliveries that nothing was reported of before and that were not tried; fails where there is one (23505).
with added as (
  insert into deliveries (created_at, id, tenant, destination_id, event_id, ce_id, event_type, state,
    attempt_count, next_attempt_at, updated_at, outcome_offset)
  select created, delivery, tenant, destination, event, ce_id, type, state, 0, next, at, outcome_offset
  from (
    select unnest(:created::timestamptz[]) as created, unnest(:delivery::uuid[]) as delivery,
      unnest(:tenant::text[]) as tenant, unnest(:destination::uuid[]) as destination,
      unnest(:event::uuid[]) as event, unnest(:ce_id::text[]) as ce_id, unnest(:type::text[]) as type,
      unnest(:state::text[]) as state, unnest(:next::timestamptz[]) as next,
      unnest(:at::timestamptz[]) as at, unnest(:offset::bigint[]) as outcome_offset
  ) report
)
insert into delivery_counts as counted (tenant, day, state, shard, n)
select tenant, (created at time zone 'UTC')::date, state, pg_backend_pid() % 64, count(*)
from (
  select unnest(:tenant::text[]) as tenant, unnest(:created::timestamptz[]) as created,
    unnest(:state::text[]) as state
) report
group by 1, 2, 3
order by 1, 2, 3
on conflict (tenant, day, state, shard) do update set n = counted.n + excluded.n
