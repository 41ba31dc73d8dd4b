-- What a batch of reports says about its destinations. Rows are written only where the clock starts
-- or stops; a batch with an acceptance never starts it, which is a batch late at most. Answered are
-- destinations that have failed for too long, and those that are switched off already.
with seen as (
  select tenant, destination,
    timestamptz 'epoch' + accepted * interval '1 microsecond' as accepted,
    timestamptz 'epoch' + first_failure * interval '1 microsecond' as first_failure,
    timestamptz 'epoch' + last_failure * interval '1 microsecond' as last_failure
  from unnest(:tenant::text[], :destination::uuid[], :accepted::bigint[], :first_failure::bigint[],
    :last_failure::bigint[]) as s (tenant, destination, accepted, first_failure, last_failure)
),
clock as (
  update destinations d
  set failing_since =
    case when accepted is null then greatest(first_failure, d.updated_at) end
  from seen s
  where d.tenant = s.tenant and d.id = s.destination and d.status = 'active'
    and case
      when accepted is not null then d.failing_since <= accepted
      else first_failure is not null and d.failing_since is null
    end
)
select d.tenant, d.id, case when d.status = 'active' then d.failing_since end as failing_since
from destinations d join seen s on d.tenant = s.tenant and d.id = s.destination
where d.status in ('gone', 'failing')
  or d.status = 'active' and accepted is null
    and last_failure - d.failing_since >= :patience * interval '1 microsecond'
