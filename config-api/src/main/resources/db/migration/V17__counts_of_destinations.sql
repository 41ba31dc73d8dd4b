-- GET /integrations/health counts a tenant's destinations by it, and reads no row.
create index on destinations (tenant, status);
