-- One row a report, in topic order; n is its place in the batch. Times are microseconds.
with report as (
  select timestamptz 'epoch' + created * interval '1 microsecond' as created_at,
    delivery, tenant, destination, event, ce_id, type, number, state,
    timestamptz 'epoch' + next * interval '1 microsecond' as next_attempt_at,
    timestamptz 'epoch' + at * interval '1 microsecond' as at,
    timestamptz 'epoch' + started * interval '1 microsecond' as started_at,
    duration, outcome, reason, status, sent, received, excerpt, outcome_offset, n
  from unnest(:created::bigint[], :delivery::uuid[], :tenant::text[], :destination::uuid[],
    :event::uuid[], :ce_id::text[], :type::text[], :number::integer[], :state::text[],
    :next::bigint[], :at::bigint[], :started::bigint[], :duration::bigint[], :outcome::text[],
    :reason::text[], :status::integer[], :sent::text[], :received::text[], :excerpt::text[],
    :offset::bigint[]) with ordinality
    as r (created, delivery, tenant, destination, event, ce_id, type, number, state, next, at,
      started, duration, outcome, reason, status, sent, received, excerpt, outcome_offset, n)
),
-- An attempt that is there already is not new and does not count again.
fresh as (
  insert into attempts (created_at, delivery_id, event_id, number, tenant, started_at, duration_ms,
    outcome, reason, http_status, request_headers, response_headers, response_excerpt,
    next_attempt_at)
  select created_at, delivery, event, number, tenant, started_at, duration, outcome, reason, status,
    sent::jsonb, received::jsonb, excerpt, next_attempt_at
  from report where started_at is not null
  on conflict do nothing
  returning delivery_id
),
counted as (
  select delivery_id as delivery, count(*)::integer as attempts from fresh group by 1
),
latest as (
  select distinct on (delivery) created_at, delivery, tenant, destination, event, ce_id, type, state,
    next_attempt_at, at, outcome_offset
  from report order by delivery, n desc
),
latest_attempt as (
  select distinct on (delivery) delivery, status, reason
  from report where started_at is not null order by delivery, n desc
)
insert into deliveries as stored (created_at, id, tenant, destination_id, event_id, ce_id,
  event_type, state, attempt_count, next_attempt_at, last_http_status, last_reason, updated_at,
  outcome_offset)
select latest.created_at, delivery, tenant, destination, event, ce_id, type, state,
  coalesce(attempts, 0), latest.next_attempt_at, latest_attempt.status, latest_attempt.reason,
  at, latest.outcome_offset
from latest left join counted using (delivery) left join latest_attempt using (delivery)
on conflict (created_at, id) do update set
  state = excluded.state,
  attempt_count = stored.attempt_count + excluded.attempt_count,
  next_attempt_at = excluded.next_attempt_at,
  last_http_status = case when excluded.last_reason is null
    then stored.last_http_status else excluded.last_http_status end,
  last_reason = coalesce(excluded.last_reason, stored.last_reason),
  updated_at = excluded.updated_at,
  outcome_offset = excluded.outcome_offset
where stored.outcome_offset < excluded.outcome_offset
