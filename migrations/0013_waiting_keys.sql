-- Changed search keys wait beside those of new users: one at a time, each page of changed profiles wrote hundreds of
-- scattered leaves. What lookups still holds of such a user is known here, so that it can be passed by and taken out.
ALTER TABLE lookups_new ADD COLUMN entered_name TEXT NOT NULL DEFAULT '';   -- what lookups holds; empty: nothing
ALTER TABLE lookups_new ADD COLUMN entered_email TEXT NOT NULL DEFAULT '';
