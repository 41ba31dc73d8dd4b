-- What a replay has ordered. The worker may have reported it already: that is newer then. What was
-- never made has no row yet.
with moved as (
insert into deliveries as stored (created_at, id, tenant, destination_id, event_id, ce_id,
  event_type, state, attempt_count, next_attempt_at, updated_at, outcome_offset, run, first_attempt)
select at, id, :tenant, :destination, event, ce_id, type, 'pending', 0, :now, :now, -1, :run, 1
from (
  select unnest(:at::timestamptz[]) as at, unnest(:id::uuid[]) as id,
    unnest(:event::uuid[]) as event, unnest(:ce_id::text[]) as ce_id, unnest(:type::text[]) as type
) ordered
order by at, id
on conflict (tenant, created_at, id) do update set
  state = 'pending', run = excluded.run, first_attempt = stored.attempt_count + 1,
  next_attempt_at = excluded.next_attempt_at, updated_at = excluded.updated_at
where stored.run < excluded.run
returning stored.tenant, stored.created_at, old.state as was, new.state as became
)
select count_moves(array_agg(tenant), array_agg(created_at), array_agg(was), array_agg(became))
from moved
where was is distinct from became
having count(*) > 0
