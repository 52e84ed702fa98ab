// Moesif's document to Segment's traits and context, by the documented table, without policies.

// Null and absent are the same: not there.
const date = (v) => {
    if (typeof v !== "string") return undefined;
    // Seven fraction digits and no zone occur; both are read as UTC milliseconds.
    const text = v.length > 24 ? v.slice(0, 23) : v;
    const time = Date.parse(text.endsWith("Z") ? text : text + "Z");
    return Number.isNaN(time) ? undefined : new Date(time).toISOString();
};
const text = (v) => (typeof v === "string" ? v : undefined);
const object = (v) => (typeof v === "object" && v !== null ? v : undefined);

// They go along with other changes and cause no message.
export const riding = new Set(["modifiedTime", "lastSeenTime", "last24HourAggResults", "userAgent"]);

export function mapUser(id, s, companyOf) {
    let name = text(s.name);
    if (name === undefined && s.first_name) name = `${s.first_name} ${s.last_name ?? ""}`.trim();
    return {
        id,
        createdAt: date(s.created),
        modifiedTime: date(s.modified_time),
        firstSeenTime: date(s.first_seen_time),
        lastSeenTime: date(s.last_seen_time),
        name,
        email: text(s.email),
        username: text(s.user_name),
        company: s.company ? mapCompany(s.company) : s.company_id ? companyOf(s.company_id) : undefined,
        campaign: object(s.campaign),
        clearbit: object(s.clearbit),
        last24HourAggResults: object(s.last_24_hour_agg_results),
        metadata: object(s.metadata),
        userAgent: object(s.user_agent),
    };
}

export function mapCompany(s) {
    return {
        id: String(s.company_id),
        created: date(s.created),
        modifiedTime: date(s.modified_time),
        firstSeenTime: date(s.first_seen_time),
        lastSeenTime: date(s.last_seen_time),
        ipAddress: text(s.ip_address),
        companyDomain: text(s.company_domain ?? s.domain_name),
        ttfhw_s: s.ttfhw_s,
        metadata: object(s.metadata),
    };
}

export function contextOf(s) {
    const geo = s.geo_ip;
    return {
        ip: s.ip_address ?? geo?.ip,
        location: geo && {
            city: geo.city_name,
            country: geo.country_name,
            region: geo.region_name,
            latitude: geo.latitude,
            longitude: geo.longitude,
        },
        timezone: geo?.timezone,
        userAgent: s.user_agent_string,
        active: false,
        library: { name: "peer", version: "1.0.0" },
    };
}

// Key order of nested objects counts, as it does in most such programs.
const same = (a, b) => a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));

// The traits that differ, null for those that went; nothing when only riding ones do.
export function difference(before, now) {
    const changed = {};
    let causes = false;
    for (const name in now) {
        if (same(before[name], now[name])) continue;
        changed[name] = now[name] ?? null;
        causes ||= !riding.has(name);
    }
    return causes ? changed : undefined;
}
