-- One row a report, of deliveries that nothing was reported of before; fails where there is one (23505).
with added as (
  insert into deliveries (created_at, id, tenant, destination_id, event_id, ce_id, event_type, state,
    attempt_count, last_http_status, last_reason, updated_at, outcome_offset, started_at, duration_ms,
    http_status, request_headers, response_headers, response_excerpt)
  select created, delivery, tenant, destination, event, ce_id, type, 'delivered',
    1, status, 'http_2xx', at, outcome_offset, started, duration,
    status, sent, received, excerpt
  from (
    select unnest(:created::timestamptz[]) as created, unnest(:delivery::uuid[]) as delivery,
      unnest(:tenant::text[]) as tenant, unnest(:destination::uuid[]) as destination,
      unnest(:event::uuid[]) as event, unnest(:ce_id::text[]) as ce_id, unnest(:type::text[]) as type,
      unnest(:at::timestamptz[]) as at, unnest(:offset::bigint[]) as outcome_offset,
      unnest(:started::timestamptz[]) as started, unnest(:duration::bigint[]) as duration,
      unnest(:status::integer[]) as status, unnest(:sent::text[]) as sent,
      unnest(:received::text[]) as received, unnest(:excerpt::text[]) as excerpt
  ) report
)
insert into delivery_counts as counted (tenant, day, state, shard, n)
select tenant, (created at time zone 'UTC')::date, 'delivered', pg_backend_pid() % 64, count(*)
from (select unnest(:tenant::text[]) as tenant, unnest(:created::timestamptz[]) as created) report
group by 1, 2
order by 1, 2
on conflict (tenant, day, state, shard) do update set n = counted.n + excluded.n
