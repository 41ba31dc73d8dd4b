-- The newest deliveries of a destination within a time, and their attempts: at most so many, so that the
-- busiest destination costs no more than another.
with recent as (
  select created_at, id, state, started_at, duration_ms from deliveries
  where tenant = :tenant and destination_id = :destination and created_at >= :since
  order by created_at desc, id desc limit :most
),
tried as (
  select attempt.outcome, attempt.duration_ms
  from recent join attempts attempt
    on attempt.created_at = recent.created_at and attempt.delivery_id = recent.id
  union all
  select 'accepted', duration_ms from recent where started_at is not null
)
select
  (select coalesce(json_object_agg(state, n), '{}') from (
    select state, count(*) as n from recent group by state) states)::text as states,
  (select count(*) from recent) as deliveries,
  (select count(*) from tried) as attempts,
  (select count(*) from tried where outcome = 'accepted') as accepted,
  (select percentile_disc(array[0.5, 0.9, 0.99]) within group (order by duration_ms)
    from tried where outcome <> 'refused') as percentiles
