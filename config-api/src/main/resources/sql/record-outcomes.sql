-- One row a report, at most one report a delivery. Each insert unfolds the arrays that it needs:
-- lists of functions in "select" advance together and are stored nowhere in between.
with
-- An attempt that is there already is not new and does not count again: as a row, or in its delivery's.
fresh as (
  insert into attempts (created_at, delivery_id, event_id, number, tenant, started_at, duration_ms,
    outcome, reason, http_status, request_headers, response_headers, response_excerpt,
    next_attempt_at, run)
  select * from (
    select unnest(:created::timestamptz[]) as created, unnest(:delivery::uuid[]) as delivery,
      unnest(:event::uuid[]) as event, unnest(:number::integer[]) as number, unnest(:tenant::text[]) as tenant,
      unnest(:started::timestamptz[]) as started,
      unnest(:duration::bigint[]), unnest(:outcome::text[]), unnest(:reason::text[]),
      unnest(:status::integer[]), unnest(:sent::text[]), unnest(:received::text[]),
      unnest(:excerpt::text[]), unnest(:next::timestamptz[]), unnest(:run::bigint[]) as run
  ) attempt
  where started is not null
    and case when number = 1 and run = 0 then (
      select known.started_at from deliveries known
      where known.tenant = attempt.tenant and known.created_at = attempt.created
        and known.id = attempt.delivery and known.event_id = attempt.event) is null
      else true end
  on conflict do nothing
  returning delivery_id
),
moved as (
insert into deliveries as stored (created_at, id, tenant, destination_id, event_id, ce_id,
  event_type, state, attempt_count, next_attempt_at, last_http_status, last_reason, updated_at,
  outcome_offset, run, first_attempt, place, behind)
select created, delivery, tenant, destination, event, ce_id, type, state,
  (delivery in (select delivery_id from fresh))::integer, next, status, reason, at, outcome_offset,
  run, first, place, behind
from (
  select unnest(:created::timestamptz[]) as created, unnest(:delivery::uuid[]) as delivery,
    unnest(:tenant::text[]) as tenant, unnest(:destination::uuid[]) as destination,
    unnest(:event::uuid[]) as event, unnest(:ce_id::text[]) as ce_id, unnest(:type::text[]) as type,
    unnest(:state::text[]) as state, unnest(:next::timestamptz[]) as next,
    unnest(:status::integer[]) as status, unnest(:reason::text[]) as reason,
    unnest(:at::timestamptz[]) as at, unnest(:offset::bigint[]) as outcome_offset,
    unnest(:run::bigint[]) as run, unnest(:first::integer[]) as first,
    unnest(:place::bigint[]) as place, unnest(:behind::bigint[]) as behind
) report
on conflict (tenant, created_at, id) do update set
  -- An older run's attempt counts, but what follows is the newer run's affair; unless it was accepted.
  state = case when excluded.run >= stored.run or excluded.state = 'delivered'
    then excluded.state else stored.state end,
  attempt_count = stored.attempt_count + excluded.attempt_count,
  next_attempt_at = case when excluded.run >= stored.run or excluded.state = 'delivered'
    then excluded.next_attempt_at else stored.next_attempt_at end,
  last_http_status = case when excluded.last_reason is null
    then stored.last_http_status else excluded.last_http_status end,
  last_reason = coalesce(excluded.last_reason, stored.last_reason),
  updated_at = excluded.updated_at,
  outcome_offset = excluded.outcome_offset,
  run = greatest(stored.run, excluded.run),
  first_attempt = case when excluded.run >= stored.run
    then excluded.first_attempt else stored.first_attempt end,
  place = coalesce(excluded.place, stored.place),
  behind = coalesce(excluded.behind, stored.behind)
where stored.outcome_offset < excluded.outcome_offset
  -- What was called off as it was being accepted has been accepted.
  and not (excluded.state = 'cancelled' and stored.state = 'delivered'
    and excluded.run = stored.run)
  -- What a worker has reported that was frozen amid it comes late: another has gone on meanwhile. What
  -- was decided earlier undoes no end, and puts off nothing that was attempted by the other.
  and (excluded.run <> stored.run
    or excluded.updated_at > stored.updated_at or excluded.state = 'delivered'
    or (excluded.state = 'cancelled' and stored.state = 'cancelled')
    or (stored.next_attempt_at is not null
      and (excluded.attempt_count = 1 or excluded.next_attempt_at is null
        or (excluded.last_reason is null and stored.attempt_count = 0))))
returning stored.tenant, stored.created_at, old.state as was, new.state as became
)
select count_moves(array_agg(tenant), array_agg(created_at), array_agg(was), array_agg(became))
from moved
where was is distinct from became
having count(*) > 0
